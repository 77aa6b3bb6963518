package terminal

import "strings"

// Fields lines up names and what they name, in at most width columns of a terminal; 0 is
// any number. A value that does not fit goes on below itself, from word to word. Two empty
// strings are an empty line.
func Fields(rows [][2]string, width int) string {
	widest := 0
	for _, r := range rows {
		widest = max(widest, Columns(r[0]))
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(Wrap(r[0]+strings.Repeat(" ", widest-Columns(r[0]))+gap, r[1], width))
	}
	return b.String()
}

// Wrap is text after a beginning, in lines of at most width columns if no word is longer;
// 0 is any number. Further lines begin below the text.
func Wrap(beginning, text string, width int) string {
	var b strings.Builder
	line, next := beginning, strings.Repeat(" ", Columns(beginning))
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case width > 0 && Columns(line)+1+Columns(word) > width:
			b.WriteString(line + "\n")
			line = next + word
		default:
			line += " " + word
		}
	}
	return b.String() + strings.TrimRight(line, " ") + "\n"
}

package terminal

import (
	"fmt"
	"io"
	"strings"
)

// label is how wide the word is with which most lines begin, such as "data     ".
const label = 9

// Say prints text that begins with a word in nine columns. On a terminal that is too
// narrow, it goes on in further lines below what follows the word.
func Say(out io.Writer, format string, args ...any) {
	Fold(out, label, fmt.Sprintf(format, args...))
}

// Fold prints text, each of whose lines goes on, on a terminal that is too narrow, in
// further lines that are indented by so many columns.
func Fold(out io.Writer, indent int, text string) {
	width := Width(out)
	for line := range strings.SplitSeq(text, "\n") {
		for _, part := range folded(line, indent, width) {
			fmt.Fprintln(out, part)
		}
	}
}

// folded breaks a line between words, to fit the width; 0 is any. A word that is longer
// than a line stays whole.
func folded(line string, indent, width int) (lines []string) {
	if 2*indent > width {
		indent = 2
	}
	start := 0 // of the words in the line: spaces before them stay
	for width > 0 && Columns(line) > width {
		cut := -1
		for i := start; i < len(line); i++ {
			if line[i] != ' ' || i == 0 || strings.Trim(line[:i], " ") == "" {
				continue
			}
			if Columns(line[:i]) > width && cut >= 0 {
				break
			}
			if line[i-1] != ' ' && line[i+1:] != "" && line[i+1] != ' ' { // not in the gap after the first word
				cut = i
			}
		}
		if cut < 0 {
			break
		}
		lines = append(lines, line[:cut])
		line = strings.Repeat(" ", indent) + line[cut+1:]
		start = indent
	}
	return append(lines, line)
}

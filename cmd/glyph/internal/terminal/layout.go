package terminal

import (
	"strings"

	"github.com/rivo/uniseg"
)

// sideBySide puts two blocks beside each other, the second from column at on.
func sideBySide(a, b []string, at int) (list []string) {
	for i := range max(len(a), len(b)) {
		line := ""
		if i < len(a) {
			line = a[i]
		}
		if i < len(b) {
			line = crop(line, at-1)
			line += strings.Repeat(" ", at-Columns(line)) + b[i]
		}
		list = append(list, line)
	}
	return list
}

// Columns is how many columns a line takes, without its colours.
func Columns(line string) (n int) {
	eachCharacter(line, func(_ string, width int) bool {
		n += width
		return true
	})
	return n
}

// crop cuts a line to the given number of columns and ends its colours.
func crop(line string, width int) string {
	if Columns(line) <= width {
		return line
	}
	var b strings.Builder
	n := 0
	eachCharacter(line, func(text string, wide int) bool {
		if n += wide; n > width {
			return false
		}
		b.WriteString(text)
		return true
	})
	if strings.Contains(b.String(), "\x1b[") {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}

// eachCharacter hands the characters of a line to f, with the columns that each
// takes, and the colour sequences between them, which take none, until f returns
// false.
func eachCharacter(line string, f func(text string, width int) bool) {
	for line != "" {
		if strings.HasPrefix(line, "\x1b[") {
			end := strings.IndexByte(line, 'm') + 1
			if end == 0 || !f(line[:end], 0) {
				return
			}
			line = line[end:]
			continue
		}
		cluster, rest, width, _ := uniseg.FirstGraphemeClusterInString(line, -1)
		if !f(cluster, width) {
			return
		}
		line = rest
	}
}

// flow breaks a line at its wide spaces, to fit the width.
func flow(text string, width int) (lines []string) {
	const gap = "   "
	for i, part := range strings.Split(text, gap) {
		if last := len(lines) - 1; i > 0 && Columns(lines[last])+len(gap)+Columns(part) <= width {
			lines[last] += gap + part
		} else {
			lines = append(lines, part)
		}
	}
	return lines
}

package message

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote makes any text safe to print in a line on a terminal: text of printable
// characters stays as it is, and anything else (control characters, escapes,
// newlines, characters that reorder a line, bytes that are not UTF-8, an empty
// text) becomes a quoted Go string. Whatever a program did not write itself goes
// through it before it is shown: names, paths, metadata, the text of other files.
func Quote(s string) string {
	if s == "" || !printable(s) {
		return strconv.Quote(s)
	}
	return s
}

func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// Clip quotes a name from a file for the middle of a sentence, always with
// quotation marks, and cuts it after 60 bytes, so that the message stays one
// short line whatever the file says.
func Clip(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}

// Lines is Quote for a text of several lines, each made safe by itself.
func Lines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = Quote(line)
		}
	}
	return strings.Join(lines, "\n")
}

// Shell writes arguments as a command line that a POSIX shell reads back, to be
// copied from a terminal: every argument is one word, and nothing in it is special
// to the shell.
func Shell(args ...string) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = shellWord(arg)
	}
	return strings.Join(words, " ")
}

// Operand is a path as an argument of a command line, where one that begins with a
// hyphen would be taken for a flag.
func Operand(path string) string {
	if strings.HasPrefix(path, "-") {
		return "./" + path
	}
	return path
}

func shellWord(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	if printable(s) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	// Bash, Zsh and Ksh read the escapes of $'...'.
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			b.WriteString(`\x`)
			b.WriteString(string("0123456789abcdef"[c>>4]))
			b.WriteString(string("0123456789abcdef"[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}

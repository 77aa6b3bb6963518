package message

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Escape makes text safe to print in a line on a terminal as Quote does, but
// without quotation marks: what is not printable, newlines among it, becomes \n,
// \u001b and the like in its place. It is for whole lines that contain names, and
// loses the difference between a backslash and an escape.
func Escape(s string) string {
	if printable(s) {
		return s
	}
	return escape(s, "")
}

// escape is Escape but for the characters in keep.
func escape(s, keep string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case unicode.IsPrint(r) || strings.ContainsRune(keep, r):
			b.WriteString(s[:n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff: // as JSON writes it
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		s = s[n:]
	}
	return b.String()
}

// Error is the text of an error in one line, safe to print. Errors that were
// joined follow each other with a semicolon between them.
func Error(err error) string { return Escape(inOneLine(err, err.Error())) }

// inOneLine takes the newlines out of a text that errors.Join put into it.
func inOneLine(err error, text string) string {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return inOneLine(inner, text)
		}
	case interface{ Unwrap() []error }:
		var before, after []string
		for _, part := range e.Unwrap() {
			before, after = append(before, part.Error()), append(after, inOneLine(part, part.Error()))
		}
		text = strings.ReplaceAll(text, strings.Join(before, "\n"), strings.Join(after, "; "))
		for i := range before { // of fmt.Errorf with several errors
			text = strings.ReplaceAll(text, before[i], after[i])
		}
	}
	return text
}

// Writer passes text on to another writer and escapes everything that a terminal
// would act on, like Escape; newlines stay. It is the last defence if a name reaches
// the output unquoted. What encoding/json writes stays the same JSON.
type Writer struct {
	mu   sync.Mutex
	to   io.Writer
	rest []byte // the start of a character whose other bytes have not come yet
}

// NewWriter returns a Writer on to.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to} }

// Unwrap is the writer that w writes to.
func (w *Writer) Unwrap() io.Writer { return w.to }

// Write writes p but for the start of a character at its end, which waits for
// what follows.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := append(w.rest, p...)
	whole := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				whole = at
			}
			break
		}
	}
	w.rest = append([]byte(nil), text[whole:]...)
	if _, err := io.WriteString(w.to, escape(string(text[:whole]), "\n")); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes the start of a character that nothing followed.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := io.WriteString(w.to, escape(string(w.rest), "\n"))
	w.rest = nil
	return err
}

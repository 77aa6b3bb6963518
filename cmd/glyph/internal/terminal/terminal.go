package terminal

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Terminal is a terminal that can be drawn on.
type Terminal struct {
	file *os.File
}

// Of returns the terminal that w writes to, or nil if that is a file, a pipe, or
// a terminal that can't move its cursor. A writer with a method Unwrap counts as
// what it wraps.
func Of(w io.Writer) *Terminal {
	for {
		wrapped, ok := w.(interface{ Unwrap() io.Writer })
		if !ok {
			break
		}
		w = wrapped.Unwrap()
	}
	f, ok := w.(*os.File)
	if !ok || f == nil || os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &Terminal{f}
}

// Size is the terminal's width and height in characters, 80×24 if unknown.
func (t *Terminal) Size() (width, height int) {
	width, height, err := term.GetSize(int(t.file.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		return 80, 24
	}
	return width, height
}

// Colour reports whether colours are wanted.
func (t *Terminal) Colour() bool { return os.Getenv("NO_COLOR") == "" }

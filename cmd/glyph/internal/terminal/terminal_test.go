package terminal

import (
	"bytes"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// wrapper is a writer around another, as the one is that makes output safe.
type wrapper struct{ io.Writer }

func (w wrapper) Unwrap() io.Writer { return w.Writer }

func openPTY(t *testing.T) (outside, inside *os.File) {
	t.Helper()
	outside, inside, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { outside.Close(); inside.Close() })
	return outside, inside
}

func TestOf(t *testing.T) {
	_, tty := openPTY(t)
	t.Setenv("TERM", "xterm")
	if Of(tty) == nil || Of(wrapper{wrapper{tty}}) == nil {
		t.Error("a terminal is none")
	}
	if Of(&bytes.Buffer{}) != nil || Of(wrapper{&bytes.Buffer{}}) != nil || Of((*os.File)(nil)) != nil {
		t.Error("a buffer is a terminal")
	}
	pty.Setsize(tty, &pty.Winsize{Rows: 7, Cols: 70})
	if w, h := Of(tty).Size(); w != 70 || h != 7 {
		t.Errorf("its size is %d×%d", w, h)
	}
	pty.Setsize(tty, &pty.Winsize{})
	if w, h := Of(tty).Size(); w != 80 || h != 24 {
		t.Errorf("an unknown size is %d×%d", w, h)
	}
	t.Setenv("TERM", "dumb")
	if Of(tty) != nil {
		t.Error("a dumb terminal can be drawn on")
	}
}

// Keys arrive one by one until one ends them, and the terminal is as it was.
func TestKeys(t *testing.T) {
	outside, tty := openPTY(t)
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	pressed, over := "", make(chan struct{})
	k, err := TakeKeys(tty, func(key byte) bool {
		pressed += string(key)
		if key == CtrlC {
			close(over)
		}
		return key != CtrlC
	})
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := term.GetState(int(tty.Fd())); err != nil || reflect.DeepEqual(raw, before) {
		t.Errorf("the terminal is not in raw mode (%v)", err)
	}
	io.WriteString(outside, "sq\x03") //nolint:errcheck // or no key arrives
	<-over
	if pressed != "sq\x03" {
		t.Errorf("pressed %q", pressed)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := term.GetState(int(tty.Fd())); err != nil || !reflect.DeepEqual(after, before) {
		t.Errorf("the terminal is left changed (%v)", err)
	}
	if _, err := TakeKeys(os.NewFile(99, "none"), nil); err == nil {
		t.Error("took the keys of what is no terminal")
	}
}

func TestBar(t *testing.T) {
	outside, tty := openPTY(t)
	t.Setenv("TERM", "xterm")
	bar := Of(tty).Bar(10)
	bar.Set(5, "half\x1b[2J")
	bar.Clear()
	buffer := make([]byte, 4096)
	n, err := outside.Read(buffer)
	if text := string(buffer[:n]); err != nil || !strings.Contains(text, `half\u001b[2J`) || strings.Contains(text, "\x1b[2J") {
		t.Errorf("%q, %v", text, err)
	}
}

// What stands beside a bar leaves room for it on the line.
func TestBeside(t *testing.T) {
	text := "3 of 4 trials  0s left  hidden 32, lr 0.03, seed 1: 81.74 %, 0.4s"
	for width, want := range map[int]string{200: text, 40: "3 of 4 trials  0s left  hi", 10: ""} {
		if got := beside(text, width); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}

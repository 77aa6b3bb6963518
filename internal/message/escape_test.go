package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
)

func TestEscape(t *testing.T) {
	for s, want := range map[string]string{
		"plain お — 100 %": "plain お — 100 %",
		"":                "",
		"a\nb\tc\r":       `a\nb\tc\u000d`,
		"\x1b[2Jx\u009b":  `\u001b[2Jx\u009b`,
		"\xffa\xe3\x81":   `\xffa\xe3\x81`,
		"a\u202eb":        `a\u202eb`,
		"\U000e0041":      `\udb40\udc41`,
		`back\slash "q"`:  `back\slash "q"`,
	} {
		if got := Escape(s); got != want {
			t.Errorf("%q is printed as %s, want %s", s, got, want)
		}
	}
}

func TestError(t *testing.T) {
	a, b := errors.New("a"), fmt.Errorf("b: %w", errors.Join(errors.New("c"), errors.New("d\x1b")))
	for _, c := range []struct {
		err  error
		want string
	}{
		{a, "a"},
		{errors.New("two\nlines"), `two\nlines`},
		{errors.Join(a, b), `a; b: c; d\u001b`},
		{fmt.Errorf("around %w here", errors.Join(a, b)), `around a; b: c; d\u001b here`},
		{fmt.Errorf("%w and %w", a, b), `a and b: c; d\u001b`},
	} {
		if got := Error(c.err); got != c.want {
			t.Errorf("%q is printed as %s, want %s", c.err, got, c.want)
		}
	}
}

// However a text is cut into writes, the same comes out of a Writer, safe, and
// JSON in it means what it meant.
func TestWriter(t *testing.T) {
	value := map[string]string{"name": "\x1b[2J\u009b\u202e\x7fお\U000e0041\u00a0\n"}
	line, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	text := "お\x1b[31m\r\n\xe3\x81x\xff" + string(line) + "\n\xe3\x81"
	want := "お\\u001b[31m\\u000d\n" + `\xe3\x81x\xff` + escape(string(line), "") + "\n" + `\xe3\x81`
	for size := 1; size <= len(text); size++ {
		var b bytes.Buffer
		w := NewWriter(&b)
		for from := 0; from < len(text); from += size {
			part := text[from:min(from+size, len(text))]
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Fatalf("in parts of %d: %q, want %q", size, b.String(), want)
		}
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(escape(string(line), "\n")), &back); err != nil || !reflect.DeepEqual(back, value) {
		t.Errorf("JSON reads back as %q (%v), want %q", back, err, value)
	}
	if w := NewWriter(full{}); w.Unwrap() != (full{}) {
		t.Error("Unwrap is another writer")
	} else if _, err := w.Write([]byte("x")); err == nil {
		t.Error("an error of the writer below is lost")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestClosest(t *testing.T) {
	commands := []string{"train", "runs", "watch", "eval", "data", "devices", "bench", "learning-rate", "lr", "l2"}
	for word, want := range map[string]string{
		"tain": "train", "trian": "train", "trainn": "train", "evla": "eval", "device": "devices", "learning_rate": "learning-rate",
		"upload": "", "layers": "", "x": "", "": "",
	} {
		if got := Closest(word, commands); got != want {
			t.Errorf("%q is closest to %q, want %q", word, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{
		1234 * time.Millisecond: 1200 * time.Millisecond, 61499 * time.Millisecond: 61 * time.Second, 10*time.Second + 1: 10 * time.Second,
		41234567: 41200 * time.Microsecond, 0: 0,
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v is told as %v, want %v", d, got, want)
		}
	}
}

func TestBrief(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 8964: "8.96µs", 123456: "123µs", 2345678: "2.35ms", 61499 * time.Millisecond: "1m1.5s", 3512 * time.Second: "58m30s",
	} {
		if got := Brief(d).String(); got != want {
			t.Errorf("%v is told as %s, want %s", d, got, want)
		}
	}
}

package message

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -999: "-999", -1000: "-1,000", 1234567: "1,234,567"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 seeds", 1: "1 seed", 3000: "3,000 seeds"} {
		if got := Count(n, "seed"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestCause(t *testing.T) {
	plain := errors.New("plain")
	for _, c := range []struct{ err, want error }{
		{plain, plain},
		{fmt.Errorf("around: %w", &fs.PathError{Op: "open", Path: "p", Err: fs.ErrNotExist}), fs.ErrNotExist},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: fs.ErrPermission}, fs.ErrPermission},
	} {
		if got := Cause(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}

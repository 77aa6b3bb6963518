package message

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1023: "1023 bytes", 1024: "1 KiB", 3 << 19: "1.5 MiB", 128 << 20: "128 MiB", 1 << 31: "2 GiB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d bytes: %s, want %s", n, got, want)
		}
	}
}

// Files are named within the directory that they are all in.
func TestFiles(t *testing.T) {
	for want, files := range map[string][]string{
		"a, b in dir":         {filepath.Join("dir", "a"), filepath.Join("dir", "b")},
		"one/a, two/b in dir": {filepath.Join("dir", "one", "a"), filepath.Join("dir", "two", "b")},
		"a in .":              {"a"},
		"a, b in /dir; names": {"/dir/a", "names", "/dir/b"},
	} {
		if got := Files(files); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCountOfClasses(t *testing.T) {
	if one, many := Count(1, "class"), Count(10, "class"); one != "1 class" || many != "10 classes" {
		t.Errorf("%s and %s", one, many)
	}
}

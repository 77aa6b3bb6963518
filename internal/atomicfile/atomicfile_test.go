package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// untouched fails unless the directory holds one file with the old text.
func untouched(t *testing.T, path, old string) {
	t.Helper()
	if text, err := os.ReadFile(path); err != nil || string(text) != old {
		t.Errorf("the file holds %q, %v; want %q", text, err, old)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, %v; want one file", entries, err)
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, text := range []string{"first", "second, longer", ""} {
		if err := WriteFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		untouched(t, path, text)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	want, err := os.Stat(plain)
	if err != nil || info.Mode() != want.Mode() {
		t.Errorf("the file has the mode %v, others %v (%v)", info.Mode(), want.Mode(), err)
	}
}

func TestWriteFileKeepsTheOldOnErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := Write(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, "new"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want %v", err, broken)
	}
	untouched(t, path, "old")
}

func TestWriteFileErrors(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ path, want string }{
		{filepath.Join(dir, "nothing", "f"), "no such file or directory"},
		{dir, "not a regular file"},
	} {
		err := WriteFile(c.path, []byte("x"))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), c.path+" not saved: ") || strings.Contains(err.Error(), ".tmp") {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestWriteFileToClosedDirectory(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o777) //nolint:errcheck // so that the directory can be removed
	if f, err := os.Create(filepath.Join(dir, "probe")); err == nil {
		f.Close()
		os.Remove(f.Name())
		t.Skip("this user may write to every directory")
	}
	err := WriteFile(path, []byte("new"))
	if err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("error %v", err)
	}
	untouched(t, path, "old")
}

func TestTemporary(t *testing.T) {
	for _, c := range []struct {
		name, of string
	}{
		{"checkpoint.0123abcd.tmp", "checkpoint"}, {"a.b.ffffffff.tmp", "a.b"},
		{"notes.tmp", ""}, {"checkpoint.0123ABCD.tmp", ""}, {"checkpoint.0123abc.tmp", ""}, {"checkpoint.00123abcd.tmp", ""},
		{"checkpoint-0123abcd.tmp", ""}, {".0123abcd.tmp", ""}, {"checkpoint.0123abcd.tmp.gz", ""}, {"checkpoint.0123abcg.tmp", ""}, {"", ""}, {".tmp", ""},
	} {
		if of, ok := Temporary(c.name); of != c.of || ok != (c.of != "") {
			t.Errorf("%q is a temporary file of %q, %v; want %q", c.name, of, ok, c.of)
		}
	}
	// What Write makes is one.
	path := filepath.Join(t.TempDir(), "f")
	err := Write(path, func(w io.Writer) error {
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(entries) != 1 {
			t.Fatal(entries, err)
		}
		if of, ok := Temporary(entries[0].Name()); of != "f" || !ok {
			t.Errorf("%s is written under the name %s", path, entries[0].Name())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

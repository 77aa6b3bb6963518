// Package atomicfile replaces files atomically: a reader finds the old contents or
// the new, even if the program is killed.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"glyph/internal/message"
)

// WriteFile writes a file, all of it or none: on an error, what was at path
// before stays. The error says why in one line.
func WriteFile(path string, data []byte) error {
	err := Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s not saved: %w", path, message.Cause(err))
	}
	return nil
}

// Write makes a file of what write writes, all of it or none: into a
// temporary file beside it, to the disk, and then by renaming. On an error what
// was at path before stays, and nothing is left beside it.
func Write(path string, write func(io.Writer) error) error { return WriteOn(System(), path, write) }

// WriteOn is Write on a given file system.
func WriteOn(fsys FS, path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return errors.New("is there already and is not a regular file")
	}
	f, name, err := createBeside(fsys, path)
	if err != nil {
		return err
	}
	renamed := false
	defer func() {
		if !renamed {
			f.Close() //nolint:errcheck // the first error counts
			if left := fsys.Remove(name); left != nil {
				err = fmt.Errorf("%w, and %s is left behind", err, name)
			}
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := fsys.Rename(name, path); err != nil {
		return err
	}
	renamed = true
	return fsys.SyncDir(filepath.Dir(path))
}

// createBeside makes a new file for what is to become path. os.CreateTemp would
// make one that nobody else may read.
func createBeside(fsys FS, path string) (f File, name string, err error) {
	for range 1000 {
		name = fmt.Sprintf("%s.%0*x%s", path, digits, rand.Uint32(), suffix)
		f, err = fsys.Create(name)
		if !errors.Is(err, os.ErrExist) {
			return f, name, err
		}
	}
	return nil, "", errors.New("no free name for a temporary file")
}

// A temporary file is named after the file it becomes, with a dot, a number of
// hexadecimal digits and the suffix appended.
const (
	digits = 8
	suffix = ".tmp"
)

// Temporary reports whether a file's name is exactly that of a temporary file of
// this package, and of which file. A process that was killed leaves one behind.
func Temporary(name string) (of string, ok bool) {
	stem, found := strings.CutSuffix(name, suffix)
	dot := len(stem) - digits - 1
	if !found || dot < 1 || stem[dot] != '.' || strings.Trim(stem[dot+1:], "0123456789abcdef") != "" {
		return "", false
	}
	return stem[:dot], true
}

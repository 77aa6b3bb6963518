// Package atomicfile writes files so that each is whole: the old one or the new
// one, whatever kills the program.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"

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
func Write(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return errors.New("is there already and no regular file")
	}
	f, err := createBeside(path)
	if err != nil {
		return err
	}
	renamed := false
	defer func() {
		if !renamed {
			f.Close() //nolint:errcheck // the first error counts
			if left := os.Remove(f.Name()); left != nil {
				err = fmt.Errorf("%w, and %s is left behind", err, f.Name())
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
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	renamed = true
	return SyncDir(filepath.Dir(path))
}

// createBeside makes a new file for what is to become path. os.CreateTemp would
// make one that nobody else may read.
func createBeside(path string) (*os.File, error) {
	for range 1000 {
		name := fmt.Sprintf("%s.%08x.tmp", path, rand.Uint32())
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
	return nil, errors.New("no free name for a temporary file")
}

// SyncDir makes a rename last through a power cut, where the file system can.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

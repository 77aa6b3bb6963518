package atomicfile

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// FS is the calls by which files are replaced. A test puts its own in front of
// [System] to stop a writer after any of them.
type FS interface {
	Create(name string) (File, error) // of a new file: fs.ErrExist where there is one
	Rename(from, to string) error
	Remove(name string) error
	SyncDir(dir string) error // makes renames in it survive a power cut
}

// File is a file that is being written.
type File interface {
	io.WriteCloser
	Sync() error // to the disk
}

// System is the file system of the machine.
func System() FS { return system{} }

type system struct{}

func (system) Create(name string) (File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

func (system) Rename(from, to string) error { return os.Rename(from, to) }
func (system) Remove(name string) error     { return os.Remove(name) }
func (system) SyncDir(dir string) error     { return SyncDir(dir) }

// SyncDir makes a rename survive a power cut, where the file system can.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // nothing was written
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

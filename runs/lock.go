package runs

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"glyph/internal/filelock"
)

// ErrLocked is the error of a run that another process is writing.
var ErrLocked = errors.New("another glyph is writing this run")

// lock locks a run's directory for writing: an exclusive lock on the file lock in
// it, which closing releases. The system releases it when the process ends,
// however it ends. The error is ErrLocked if another process holds it.
func lock(dir string) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		err = filelock.TryLock(f)
		for i := 0; i < 20 && errors.Is(err, filelock.ErrLocked); i++ { // Busy holds it for an instant
			time.Sleep(5 * time.Millisecond)
			err = filelock.TryLock(f)
		}
		if err != nil {
			f.Close() //nolint:errcheck // nothing was written
			if errors.Is(err, filelock.ErrLocked) {
				return nil, ErrLocked
			}
			return nil, err
		}
		if holds(f, dir) {
			return f, nil
		}
		// Its owner removed the file between our opening and our locking it: whoever
		// comes next locks another file of that name.
		f.Close() //nolint:errcheck // as above
	}
}

// holds reports whether a locked file is the one that others would lock.
func holds(f *os.File, dir string) bool {
	ours, err := f.Stat()
	if err != nil {
		return false
	}
	theirs, err := os.Stat(filepath.Join(dir, lockFile))
	return err == nil && os.SameFile(ours, theirs)
}

// Busy reports whether a process is writing the run. It only reads, so it can be
// asked of other users' runs.
func Busy(dir string) bool {
	f, err := os.Open(filepath.Join(dir, lockFile))
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return errors.Is(filelock.TryShared(f), filelock.ErrLocked)
}

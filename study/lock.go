package study

import (
	"errors"
	"os"

	"glyph/internal/filelock"
)

// lock takes the lock of a results directory for this process, or fails at once.
// It ends with the process, whatever ends that.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := filelock.TryLock(f); err != nil {
		f.Close() //nolint:errcheck // nothing was written
		if errors.Is(err, filelock.ErrLocked) {
			return nil, errors.New("another glyph is writing to it; wait for it to end, or choose another directory")
		}
		return nil, err
	}
	return f, nil
}

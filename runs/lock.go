package runs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"glyph/internal/filelock"
)

// Lock takes a run directory for writing. The system lets go of it when the
// process ends, however it ends.
func Lock(dir string) (release func(), err error) {
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
			return nil, fmt.Errorf("%s: another glyph is writing this run; wait for it to end, or choose another directory", dir)
		}
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return func() { f.Close() }, nil //nolint:errcheck // as above
}

// Busy reports whether a process is writing the run.
func Busy(dir string) bool {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // as above
	return errors.Is(filelock.TryShared(f), filelock.ErrLocked)
}

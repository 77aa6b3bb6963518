package runs

import (
	"errors"
	"os"
	"path/filepath"
)

// List reads the runs in a directory. What is not a run is skipped; a run that
// can't be read is reported in an error, along with the other runs.
func List(dir string) (list []*Run, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var failures error
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		r, err := Open(filepath.Join(dir, e.Name()))
		switch {
		case errors.Is(err, ErrNoRun):
		case err != nil:
			failures = errors.Join(failures, err)
		default:
			list = append(list, r)
		}
	}
	return list, failures
}

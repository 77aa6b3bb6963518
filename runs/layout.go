package runs

import (
	"os"
	"path/filepath"
)

// The files of a run that others read by name.
const (
	lockFile = "lock"

	ConfigFile  = "config.toml"
	SummaryFile = "summary.json"
	BestFile    = "best.safetensors"
	LastFile    = "last.safetensors"
	StartFile   = "start.safetensors"
	FailureFile = "failure.txt"
)

// Sweep removes what a killed process left half written. The caller holds the
// lock.
func Sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// Abandon removes a directory in which no run began. One with anything else in
// it stays.
func Abandon(dir string) {
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) == 1 && entries[0].Name() == lockFile {
		os.Remove(filepath.Join(dir, lockFile)) //nolint:errcheck // an empty directory harms nobody
		os.Remove(dir)                          //nolint:errcheck // as above
	}
}

package rundir

import (
	"os"
	"path/filepath"
)

// The files of a run that others read by name.
const (
	ConfigFile  = "config.toml"
	SummaryFile = "summary.json"
	BestFile    = "best.safetensors"
	LastFile    = "last.safetensors"
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

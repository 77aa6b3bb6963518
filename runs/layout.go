package runs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"glyph/internal/atomicfile"
	"glyph/runs/tensorboard"
)

// The files of a run that others read by name.
const (
	lockFile = "lock"

	ConfigFile  = "config.toml"
	SummaryFile = "summary.json"
	BestFile    = "best.safetensors"
	LastFile    = "last.safetensors"
	StartFile   = "start.safetensors"
	ClassesFile = "classes.txt"
	FailureFile = "failure.txt"
	ReportFile  = "report.html"
	PlotsDir    = "plots"
)

// beginnings are the files of a run that has no checkpoint yet; results are what
// come after the first.
func beginnings() []string {
	return []string{lockFile, ConfigFile, FailureFile, metricsFile, StartFile, ClassesFile, BestFile}
}

func results() []string {
	return []string{nextFile, checkpointFile, previousFile, LastFile, SummaryFile, ReportFile}
}

// contents is what a directory holds.
type contents struct {
	names   []string
	foreign string // the first name that no run has, or ""
}

// look reads a directory; one that is not there is empty.
func look(dir string) (c contents, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	for _, e := range entries {
		c.names = append(c.names, e.Name())
		if c.foreign == "" && !ours(e) {
			c.foreign = e.Name()
		}
	}
	return c, err
}

// ours reports whether an entry of a directory has the name of a run's file or
// directory, and the matching type.
func ours(e fs.DirEntry) bool {
	if e.Name() == PlotsDir {
		return e.IsDir()
	}
	name := e.Name()
	if of, ok := atomicfile.Temporary(name); ok {
		name = of
	}
	known := slices.Contains(beginnings(), name) || slices.Contains(results(), name) || tensorboard.IsEventFile(name)
	return known && e.Type().IsRegular()
}

func (c contents) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(c.names, name) })
}

// isRun reports whether the directory holds a run: its config beside any of what
// comes with the first checkpoint, or imported weights.
func (c contents) isRun() bool {
	return c.has(ConfigFile) && c.has(results()...) || c.has(LastFile)
}

// begun reports whether it holds nothing but the beginning of a run that never
// reached a checkpoint. The lock, which is created first, distinguishes such a
// directory from one that happens to have a file of the same name.
func (c contents) begun() bool { return c.foreign == "" && c.has(lockFile) && !c.has(results()...) }

// sweep removes what killed writers left half written: temporary files of the
// run's own files. The directory is known to be a run's, and the caller has
// locked it.
func sweep(dir string) error {
	temporary := func(name string) bool {
		_, ok := atomicfile.Temporary(name)
		return ok
	}
	err := removeIf(filepath.Join(dir, PlotsDir), isFigure, temporary)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return removeIf(dir, ours, temporary)
}

// isFigure reports whether an entry of the plots is a figure's file, or was to
// become one.
func isFigure(e fs.DirEntry) bool {
	name := e.Name()
	if of, ok := atomicfile.Temporary(name); ok {
		name = of
	}
	return slices.Contains([]string{".png", ".svg"}, filepath.Ext(name))
}

// makeRoom removes the beginning of a run that never reached a checkpoint, except
// the lock, which the caller holds.
func makeRoom(dir string) error {
	return removeIf(dir, ours, func(name string) bool { return name != lockFile })
}

// removeIf removes the regular files of a directory that are the run's own.
func removeIf(dir string, own func(fs.DirEntry) bool, which func(name string) bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !own(e) || !e.Type().IsRegular() || !which(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

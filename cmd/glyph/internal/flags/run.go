package flags

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"glyph/internal/message"
	"glyph/runs"
)

// RunsDir is where runs go if --out is not given, and NoRun the --out that writes
// nothing.
const (
	RunsDir = "runs"
	NoRun   = "none"
)

// takeRun locks the directory that --out or --resume names, or a new one if neither
// does. It is nil for --out none.
func (f *Train) TakeRun(model string) (*runs.Dir, error) {
	switch {
	case f.Resume != "" && f.more:
		d, err := runs.Extend(f.Resume, f.Set.Epochs)
		return d, extendError(f.Resume, f.Set.Epochs, err)
	case f.Resume != "":
		d, err := runs.Reopen(f.Resume)
		return d, ResumeError(f.Resume, err)
	case f.Out == NoRun:
		return nil, nil
	case f.Out != "":
		d, err := runs.Create(f.Out)
		return d, OutError(f.Out, err)
	}
	d, err := runs.CreateNamed(RunsDir, time.Now().Format("20060102-150405-")+model)
	if err != nil {
		return nil, OutError(RunsDir, err)
	}
	f.Out = d.Path
	return d, nil
}

// OutError is why a directory can't be taken for a new run, and what to do.
func OutError(dir string, err error) error {
	var foreign *runs.ForeignError
	where := "--out " + message.Quote(dir)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, runs.ErrUnfinished):
		return fmt.Errorf("%s %w; resume it with: %s, or choose another directory", where, err, message.Shell("glyph", "train", "--resume", dir))
	case errors.Is(err, runs.ErrHoldsRun):
		return fmt.Errorf("%s %w; choose another directory, or remove it", where, err)
	case errors.As(err, &foreign):
		return fmt.Errorf("%s %w; choose a new directory or an empty one", where, err)
	case errors.Is(err, runs.ErrLocked):
		return fmt.Errorf("%s: %w; wait for it to end, or choose another directory", where, err)
	}
	return fmt.Errorf("%s: %w; choose a directory you may write to", where, message.Cause(err))
}

// extendError is why a run can't be given more epochs, and what to do.
func extendError(dir string, epochs int, err error) error {
	var few *runs.EpochsError
	where := fmt.Sprintf("--resume %s --epochs %d", message.Quote(dir), epochs)
	switch {
	case errors.Is(err, runs.ErrUnfinished):
		return fmt.Errorf("%s: that run is not finished; first resume it with: %s", where, message.Shell("glyph", "train", "--resume", dir))
	case errors.As(err, &few):
		return fmt.Errorf("%s: %w; --epochs is how many there are in all, those included", where, err)
	case errors.Is(err, runs.ErrStoppedEarly):
		return fmt.Errorf("%s: %w; train another with: %s --patience EPOCHS", where, err, message.Shell("glyph", "train", "--config", filepath.Join(dir, runs.ConfigFile)))
	}
	return ResumeError(dir, err)
}

// ResumeError is why a run can't be resumed, and what to do.
func ResumeError(dir string, err error) error {
	var failed *runs.FailedError
	var changed *runs.SettingsError
	where := "--resume " + message.Quote(dir)
	anew := func(more string) string {
		return "train another with: " + message.Shell("glyph", "train", "--config", filepath.Join(dir, runs.ConfigFile)) + more
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, runs.ErrNoRun):
		return fmt.Errorf("%s %w", where, err)
	case errors.As(err, &failed):
		return fmt.Errorf("%s: %w; %s", where, err, anew(" --lr RATE"))
	case errors.As(err, &changed):
		return fmt.Errorf("%s: %w; change it back, or %s", where, err, anew(""))
	case errors.Is(err, runs.ErrFinished):
		return fmt.Errorf("%s: %w; to continue it, up to N epochs in all: %s --epochs N", where, err, message.Shell("glyph", "train", "--resume", dir))
	case errors.Is(err, runs.ErrOtherData):
		return fmt.Errorf("%s: %w; restore it, or %s", where, err, anew(""))
	case errors.Is(err, runs.ErrLocked):
		return fmt.Errorf("%s: %w; wait for it to end", where, err)
	case errors.Is(err, runs.ErrNoCheckpoint):
		return fmt.Errorf("%s: %w; %s", where, err, anew(""))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w; resuming needs write permission there", where, message.Cause(err))
	}
	return fmt.Errorf("%s: %w", where, err)
}

// Writable makes the directory and tries to write in it, so that a long
// command does not fail only at its end.
func Writable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return OutError(dir, err)
	}
	f, err := os.CreateTemp(dir, ".glyph-*")
	if err != nil {
		return OutError(dir, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

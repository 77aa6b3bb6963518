package runs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"glyph/exchange/safetensors"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/models"
	"glyph/train"
)

// Reasons why a directory can't be used for a training. [ErrLocked] is another.
var (
	ErrHoldsRun     = errors.New("already holds a run")
	ErrUnfinished   = errors.New("holds a run that is not finished")
	ErrFinished     = errors.New("that run is finished")
	ErrNoCheckpoint = errors.New("there is no checkpoint in it to resume from")
)

// ForeignError is the error of a directory that holds other files, which a new run
// would be mixed with.
type ForeignError struct{ Name string }

// Error names the first of them.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("holds files that are not a run's, such as %s", message.Quote(e.Name))
}

// FailedError is the error of a run that failed and would fail again.
type FailedError struct{ Why string }

// Error says why it failed.
func (e *FailedError) Error() string {
	return "that run failed and would fail again (" + message.Quote(e.Why) + ")"
}

// Dir is a run's directory that this process has locked for writing.
type Dir struct {
	Path string

	// From is the checkpoint to resume from, nil for a new run, and Damaged what is
	// wrong with a newer checkpoint that could not be taken.
	From    *Checkpoint
	Damaged error

	// Lost says which lines of metrics.jsonl are gone, once the run is recorded.
	Lost error

	// Extended is a finished run that is trained on, for more epochs.
	Extended bool

	// Unreported is a finished run that was killed before the report that its
	// summary promises.
	Unreported bool

	locked   *os.File
	begun    bool   // anything was written
	config   []byte // config.toml as the training began with it
	extended []byte // what it is to be, of a run that is extended
}

// Create locks a directory for a new run: one that does not exist yet, or is empty,
// or has nothing but the beginning of a run that never reached a checkpoint, which
// is removed. Nothing else is touched. The error is ErrLocked, ErrHoldsRun,
// ErrUnfinished, a *ForeignError, or the system's.
func Create(path string) (*Dir, error) {
	if err := vacant(path); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	locked, err := lock(path)
	if err != nil {
		return nil, err
	}
	d := &Dir{Path: path, locked: locked}
	if err := vacant(path); err != nil { // another process was faster
		d.Close()
		return nil, err
	}
	return d, nil
}

// CreateNamed makes a new directory for a new run in parent: name, or name-2,
// name-3 and so on if that exists already.
func CreateNamed(parent, name string) (*Dir, error) {
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, err
	}
	for i := 1; ; i++ {
		path := filepath.Join(parent, name)
		if i > 1 {
			path = fmt.Sprintf("%s-%d", path, i)
		}
		if err := os.Mkdir(path, 0o777); errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		return Create(path)
	}
}

// vacant says why a new run can't go into a directory.
func vacant(path string) error {
	c, err := look(path)
	switch {
	case err != nil:
		return err
	case len(c.names) == 0 || c.begun():
		return nil
	case !c.isRun() && c.foreign != "":
		return &ForeignError{c.foreign}
	case !c.isRun():
		return &ForeignError{c.names[0]}
	case Busy(path):
		return ErrLocked
	}
	_, failed, _ := ReadFailure(path)
	from, _, err := ReadCheckpoint(path)
	if failed || err != nil || from.State.Done {
		return ErrHoldsRun
	}
	return ErrUnfinished
}

// Reopen locks the directory of a run to resume it. The error is ErrNoRun,
// ErrLocked, ErrNoCheckpoint, ErrFinished, a *FailedError, a *SettingsError, or one
// that says what can't be read.
func Reopen(path string) (*Dir, error) { return reopen(path, 0) }

// reopen is Reopen, or Extend where epochs is not 0.
func reopen(path string, epochs int) (*Dir, error) {
	if _, err := os.Stat(filepath.Join(path, ConfigFile)); err != nil {
		return nil, fmt.Errorf("%w, or its %s can't be read: %w", ErrNoRun, ConfigFile, message.Cause(err))
	}
	locked, err := lock(path)
	if err != nil {
		return nil, err
	}
	d := &Dir{Path: path, locked: locked, begun: true}
	if err := d.reopen(epochs); err != nil {
		d.Close()
		return nil, err
	}
	if err := sweep(path); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Dir) reopen(epochs int) (err error) {
	why, failed, err := ReadFailure(d.Path)
	switch {
	case err != nil:
		return err
	case failed:
		return &FailedError{why}
	}
	d.From, d.Damaged, err = ReadCheckpoint(d.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoCheckpoint
	}
	if err != nil {
		return err
	}
	summary, err := ReadSummary(d.Path)
	if err != nil {
		return fmt.Errorf("%w; remove it, and it is written again", err)
	}
	text, err := readBounded(filepath.Join(d.Path, ConfigFile), MaxConfig)
	if err != nil {
		return err
	}
	switch s, asked := d.From.State, epochsOf(text); {
	case epochs > 0 && s.Done:
		return d.extend(text, epochs)
	case epochs > 0 && epochs != asked:
		return ErrUnfinished
	case s.Done && s.Stopped == train.RanToEnd && asked > s.Epoch: // stopped before the first checkpoint of its extension
		return d.extend(text, asked)
	case !s.Done || summary == nil:
		return d.unchanged(text)
	}
	if _, err := os.Stat(filepath.Join(d.Path, ReportFile)); summary.Report == "" || !errors.Is(err, fs.ErrNotExist) {
		return ErrFinished
	}
	d.Unreported = true
	return nil
}

// WriteConfig keeps the flags of a new run.
func (d *Dir) WriteConfig(text []byte) error {
	d.begun, d.config = true, text
	return atomicfile.WriteFile(filepath.Join(d.Path, ConfigFile), text)
}

// WriteImported saves weights that were trained elsewhere, with entries for their
// metadata, as a run without a history.
func (d *Dir) WriteImported(net *models.Network, entries map[string]string) error {
	if err := makeRoom(d.Path); err != nil {
		return err
	}
	if err := safetensors.Save(filepath.Join(d.Path, LastFile), net, entries); err != nil {
		return err
	}
	d.begun = true
	return nil
}

// Close releases the directory. One in which nothing was begun is removed, if it
// is empty. The lock is removed while it is held, so that nobody locks a file
// that is no longer the lock.
func (d *Dir) Close() {
	defer d.locked.Close() //nolint:errcheck // nothing was written
	if d.begun {
		return
	}
	entries, err := os.ReadDir(d.Path)
	if err == nil && len(entries) == 1 && entries[0].Name() == lockFile {
		os.Remove(d.locked.Name()) //nolint:errcheck // an empty directory does no harm
		os.Remove(d.Path)          //nolint:errcheck // as above
	}
}

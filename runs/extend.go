package runs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/train"
)

// ErrStoppedEarly is the error of a run that is to get more epochs and would stop where
// it did: its patience was over.
var ErrStoppedEarly = errors.New("that run stopped because its validation loss no longer fell, and more epochs would not change that")

// EpochsError is the error of a run that is to get no more epochs than it has.
type EpochsError struct{ Done int }

// Error says how many those are.
func (e *EpochsError) Error() string {
	return fmt.Sprintf("that run has %s already", message.Count(e.Done, "epoch"))
}

// Extend locks the directory of a finished run to train it on, up to a number of epochs in
// all. The training goes on as one of that many epochs: from here on its learning rates
// are those of the schedule over all of them. With a constant schedule it ends with the
// same bits as if it had been given that many from the beginning. The directory remains
// as it is until the training is recorded. The error is an ErrUnfinished unless the run was
// being extended to that many epochs, ErrStoppedEarly, an *EpochsError, or one of [Reopen].
func Extend(path string, epochs int) (*Dir, error) { return reopen(path, epochs) }

// extend makes From the state of a training of that many epochs, where config.toml has
// the given text.
func (d *Dir) extend(text []byte, epochs int) (err error) {
	s := d.From.State
	switch {
	case s.Stopped == train.NoImprovement:
		return ErrStoppedEarly
	case epochs <= s.Epoch:
		return &EpochsError{s.Epoch}
	}
	if err := d.unchanged(text, "epochs"); err != nil {
		return err
	}
	if d.extended, err = withEpochs(text, epochs); err != nil {
		return unreadable(filepath.Join(d.Path, ConfigFile), err)
	}
	if d.config, err = withEpochs(d.config, epochs); err != nil {
		return fmt.Errorf("the settings in the checkpoint can't be extended: %w", err)
	}
	d.Extended, s.Done = true, false
	return nil
}

// begin makes the directory that of a run that is not finished: without what was said of
// it when it was. The config comes first: with more epochs in it than the checkpoint has,
// the run is one that is being extended, wherever this stops.
func (d *Dir) begin(validation bool) error {
	stale := []string{SummaryFile}
	if d.Extended {
		if err := atomicfile.WriteFile(filepath.Join(d.Path, ConfigFile), d.extended); err != nil {
			return err
		}
		if stale = append(stale, ReportFile); !validation {
			stale = append(stale, BestFile) // the last weights of then, which are no longer
		}
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(d.Path, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// epochsLine is the line of a config that says how many epochs there are.
var epochsLine = regexp.MustCompile(`(?m)^epochs = .*$`)

// withEpochs is a config with another number of epochs, and otherwise as it was.
func withEpochs(text []byte, epochs int) ([]byte, error) {
	text = epochsLine.ReplaceAll(text, fmt.Appendf(nil, "epochs = %d", epochs))
	values, err := ParseConfig(text)
	if err == nil && values["epochs"] != int64(epochs) {
		err = errors.New(`it has no line that begins with "epochs = "`)
	}
	return text, err
}

// epochsOf is how many epochs a config says there are; 0 if it doesn't.
func epochsOf(text []byte) int {
	values, err := ParseConfig(text)
	if err != nil {
		return 0
	}
	n, _ := values["epochs"].(int64)
	return int(n)
}

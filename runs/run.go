package runs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// State is the state of a run.
type State string

// The states of runs.
const (
	Running     State = "running"
	Finished    State = "finished"
	Interrupted State = "interrupted" // stopped by hand: it can be resumed
	Crashed     State = "crashed"     // killed, or the machine was
	Failed      State = "failed"      // its loss became non-finite, and would again
	Imported    State = "imported"    // made by glyph import: weights alone
)

// Run is a run as read from its directory. The figures of the validation and the
// test set belong to the weights of epoch BestEpoch, which [Run.Weights] opens.
type Run struct {
	Name               string         `json:"name"` // the directory's
	Dir                string         `json:"dir"`
	State              State          `json:"state"`
	Resumable          bool           `json:"resumable"`         // there is something to resume from
	Failure            string         `json:"failure,omitempty"` // why it failed
	Model              string         `json:"model"`
	Epoch              int            `json:"epoch"`      // done
	Epochs             int            `json:"epochs"`     // asked for
	BestEpoch          int            `json:"best_epoch"` // 0 before the first
	TrainLoss          float64        `json:"train_loss"` // of the last epoch
	ValidationLoss     *float64       `json:"validation_loss,omitempty"`
	ValidationAccuracy *float64       `json:"validation_accuracy,omitempty"`
	TestAccuracy       *float64       `json:"test_accuracy,omitempty"`
	ImagesPerSecond    float64        `json:"images_per_second"`
	Device             string         `json:"device,omitempty"`
	Started            time.Time      `json:"started"`
	Config             map[string]any `json:"config"` // the flags

	results *Summary // as it was read with the rest
}

// ErrNoRun is the error of a directory that holds no run.
var ErrNoRun = errors.New("holds no run of glyph train")

// Open reads a run's directory: one that glyph train is writing or has written, or
// that glyph import made. The error is one line, and an ErrNoRun if there is no run.
func Open(dir string) (*Run, error) {
	r, _, err := open(dir)
	return r, err
}

// open reads a run with its metrics.
func open(dir string) (*Run, []Metric, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	r := &Run{Name: filepath.Base(abs), Dir: dir, Config: map[string]any{}}
	path := filepath.Join(dir, ConfigFile)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, nil, unreadable(path, errors.New("is not a regular file"))
	}
	values, err := ReadOwnConfig(dir)
	if errors.Is(err, fs.ErrNotExist) {
		r, err = r.imported()
		return r, nil, err
	}
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	r.Config = currentNames(values)
	r.Model, _ = r.Config["model"].(string)
	if n, ok := r.Config["epochs"].(int64); ok {
		r.Epochs = int(n)
	}
	if info, err := os.Stat(path); err == nil {
		r.Started = info.ModTime()
	}
	summary, err := ReadSummary(dir)
	if err != nil {
		return nil, nil, err
	}
	lines, err := r.Metrics()
	if err != nil {
		return nil, nil, err
	}
	r.results = summary
	r.progress(lines, summary)
	return r, lines, r.outcome(summary)
}

// imported is the run of a directory that has weights and no config.
func (r *Run) imported() (*Run, error) {
	info, err := os.Stat(filepath.Join(r.Dir, LastFile))
	if err != nil {
		if _, err := os.Stat(r.Dir); err != nil {
			return nil, fmt.Errorf("%s: no such directory", r.Dir)
		}
		return nil, fmt.Errorf("%s %w", r.Dir, ErrNoRun)
	}
	w, err := r.Weights()
	if err != nil {
		return nil, err
	}
	r.State, r.Model, r.Started, r.Config = Imported, w.Spec.Model, info.ModTime(), map[string]any{}
	return r, nil
}

// progress takes the epochs done from the metrics, and the figures of the weights
// that are kept from the summary; before there is one, they are those of the best
// epoch so far.
func (r *Run) progress(lines []Metric, summary *Summary) {
	var best Metric
	for _, m := range lines {
		if m.Epoch < 1 {
			continue
		}
		r.Epoch, r.TrainLoss, r.ImagesPerSecond = m.Epoch, m.Loss, m.ImagesPerSecond
		if m.ValidationLoss == nil || best.ValidationLoss == nil || *m.ValidationLoss < *best.ValidationLoss {
			best = m
		}
	}
	r.BestEpoch, r.ValidationLoss, r.ValidationAccuracy = best.Epoch, best.ValidationLoss, best.ValidationAccuracy
	if summary == nil {
		return
	}
	r.BestEpoch, r.ValidationLoss, r.ValidationAccuracy = summary.BestEpoch, summary.ValidationLoss, summary.ValidationAccuracy
	r.Device, r.ImagesPerSecond = summary.Device, summary.ImagesPerSecond
	if summary.TestImages > 0 {
		r.TestAccuracy = &summary.TestAccuracy
	}
}

// outcome finds the state.
func (r *Run) outcome(summary *Summary) error {
	r.State = Crashed
	if summary != nil {
		r.State = Finished
		if summary.Stopped == train.Interrupted {
			r.State = Interrupted
		}
	} else if stoppedByHand(r.Dir) {
		r.State = Interrupted
	}
	why, failed, err := ReadFailure(r.Dir)
	if err != nil {
		return err
	}
	if failed {
		r.State, r.Failure = Failed, why
	}
	if Busy(r.Dir) {
		r.State = Running
	}
	r.Resumable = (r.State == Crashed || r.State == Interrupted) && hasCheckpoint(r.Dir)
	return nil
}

// hasCheckpoint reports whether there is a file that ReadCheckpoint would try.
func hasCheckpoint(dir string) bool {
	for _, file := range []string{nextFile, checkpointFile, previousFile} {
		if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
			return true
		}
	}
	return false
}

// ReadFailure is why a run failed, if it did.
func ReadFailure(dir string) (why string, failed bool, err error) {
	text, err := readBounded(filepath.Join(dir, FailureFile), maxFailure)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return strings.TrimSpace(string(text)), err == nil, err
}

// Metrics reads the run's lines of steps and epochs, in order.
func (r *Run) Metrics() ([]Metric, error) { return ReadMetrics(r.Dir) }

// Summary reads the results of the training. It is nil before the training ends, and
// for an imported run.
func (r *Run) Summary() (*Summary, error) { return ReadSummary(r.Dir) }

// Weights opens the weights that were kept: those that the summary's figures are
// of, and before there is a summary those of the best epoch so far, or of the
// last where there is no validation set.
func (r *Run) Weights() (*Weights, error) { return OpenWeights(r.Dir) }

// Predictor builds the run's network on a backend, with its weights and its
// normalisation: it takes pixels, up to batch images at a time.
func (r *Run) Predictor(b glyph.Backend, batch int) (*models.Predictor, error) {
	w, err := r.Weights()
	if err != nil {
		return nil, err
	}
	return w.Predictor(b, batch)
}

package runs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// State is what became of a run.
type State string

// The states of runs.
const (
	Running     State = "running"
	Finished    State = "finished"
	Interrupted State = "interrupted" // stopped by hand: it can go on
	Crashed     State = "crashed"     // killed, or the machine was
	Failed      State = "failed"      // its numbers broke, and would again
)

// Run is a run as its directory tells it.
type Run struct {
	Name               string         `json:"name"` // the directory's
	Dir                string         `json:"dir"`
	State              State          `json:"state"`
	Resumable          bool           `json:"resumable"`         // there is something to go on from
	Failure            string         `json:"failure,omitempty"` // why it failed
	Model              string         `json:"model"`
	Epoch              int            `json:"epoch"`  // done
	Epochs             int            `json:"epochs"` // asked for
	TrainLoss          float64        `json:"train_loss"`
	ValidationAccuracy *float64       `json:"holdout_accuracy,omitempty"` // the best epoch's
	TestAccuracy       *float64       `json:"test_accuracy,omitempty"`
	ImagesPerSecond    float64        `json:"images_per_second"`
	Device             string         `json:"device,omitempty"`
	Started            time.Time      `json:"started"`
	Config             map[string]any `json:"config"` // the flags
}

// outcome is what Open reads of a summary.
type outcome struct {
	Stopped         string  `json:"stopped"`
	Epochs          int     `json:"epochs"`
	TestImages      int     `json:"test_images"`
	TestAccuracy    float64 `json:"test_accuracy"`
	ImagesPerSecond float64 `json:"images_per_second"`
	Device          string  `json:"device"`
}

// ErrNoRun is the error of a directory that holds no run.
var ErrNoRun = errors.New("holds no run of glyph train")

// Open reads what a run's directory tells.
func Open(dir string) (*Run, error) {
	path := filepath.Join(dir, ConfigFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("%s: no such directory", dir)
		}
		return nil, fmt.Errorf("%s %w", dir, ErrNoRun)
	}
	if err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &Run{Name: filepath.Base(abs), Dir: dir}
	if _, err := toml.Decode(string(text), &r.Config); err != nil {
		return nil, fmt.Errorf("%s does not read: %w", path, err)
	}
	r.Model, _ = r.Config["model"].(string)
	if n, ok := r.Config["epochs"].(int64); ok {
		r.Epochs = int(n)
	}
	if info, err := os.Stat(path); err == nil {
		r.Started = info.ModTime()
	}
	lines, err := ReadMetrics(dir)
	if err != nil {
		return nil, err
	}
	for _, m := range lines {
		if m.Epoch == 0 {
			continue
		}
		r.Epoch, r.TrainLoss, r.ImagesPerSecond = m.Epoch, m.Loss, m.ImagesPerSecond
		if m.ValidationAccuracy != nil && (r.ValidationAccuracy == nil || *m.ValidationAccuracy > *r.ValidationAccuracy) {
			r.ValidationAccuracy = m.ValidationAccuracy
		}
	}
	return r, r.outcome()
}

// outcome reads the summary, if there is one, and finds the state.
func (r *Run) outcome() error {
	r.State = Crashed
	path := filepath.Join(r.Dir, SummaryFile)
	text, err := os.ReadFile(path)
	if err == nil {
		var o outcome
		if err := json.Unmarshal(text, &o); err != nil {
			return fmt.Errorf("%s does not read: %w", path, err)
		}
		r.State = Finished
		if o.Stopped == string(Interrupted) {
			r.State = Interrupted
		}
		r.Device, r.ImagesPerSecond = o.Device, o.ImagesPerSecond
		if o.TestImages > 0 {
			r.TestAccuracy = &o.TestAccuracy
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch why, err := os.ReadFile(filepath.Join(r.Dir, FailureFile)); {
	case err == nil:
		r.State, r.Failure = Failed, strings.TrimSpace(string(why))
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if Busy(r.Dir) {
		r.State = Running
	}
	r.Resumable = (r.State == Crashed || r.State == Interrupted) && hasCheckpoint(r.Dir)
	return nil
}

// List reads the runs in a directory. What is no run is passed over; a run that
// does not read is told in an error beside the others.
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

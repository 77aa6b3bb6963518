package training

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glyph/device"
	"glyph/runs"
	"glyph/train"
)

// With a constant schedule a finished run that is given more epochs ends with the bits of
// one that had them from the beginning, with a validation set and without; and wherever
// it stops on the way, it resumes to them.
func TestExtends(t *testing.T) {
	for _, validation := range []float64{0, 0.25} {
		task := tiny()
		task.Settings.Validation, task.Settings.Average = validation, 0.9
		more := task
		more.Settings.Epochs = 6
		_, want := trained(t, t.Context(), more, nil)
		dir := create(t)
		trained(t, t.Context(), task, dir)

		again, err := runs.Extend(dir.Path, 6)
		if err != nil {
			t.Fatal(err)
		}
		stop, cancel := context.WithCancel(t.Context())
		tr, err := New(more)
		if err != nil {
			t.Fatal(err)
		}
		tr.Watch = func(r *train.Training) {
			epoch := r.Callbacks.Epoch
			r.Callbacks.Epoch = func(e train.Epoch) { epoch(e); cancel() }
		}
		dev := device.OpenCPU()
		if err := errors.Join(tr.Build(dev), tr.Record(again)); err != nil {
			t.Fatal(err)
		}
		if s, err := tr.Train(stop); err != nil || s.Epochs != 4 || s.Stopped != train.Interrupted {
			t.Fatalf("%+v, %v", s, err)
		}
		tr.Close()
		again.Close()
		dev.Close() //nolint:errcheck // a processor does not fail

		last, err := runs.Extend(dir.Path, 6) // as it was being extended
		if err != nil {
			t.Fatal(err)
		}
		s, got := trained(t, t.Context(), more, last)
		if !slices.Equal(got, want) || s.Epochs != 6 || len(s.History) != 6 {
			t.Errorf("validation %v: %d epochs, and the weights are the same: %t", validation, s.Epochs, slices.Equal(got, want))
		}
		r, err := runs.Open(dir.Path)
		lines, _ := r.Metrics()
		if err != nil || r.State != runs.Finished || r.Epoch != 6 || r.Epochs != 6 || lines[len(lines)-1].Epoch != 6 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// A run whose extension was killed before its first checkpoint, at whatever point, goes on
// with it; nothing that was said of the run when it was finished is left.
func TestExtensionIsKilled(t *testing.T) {
	task := tiny()
	task.Settings.Validation = 0
	more := task
	more.Settings.Epochs = 5
	_, want := trained(t, t.Context(), more, nil)
	dir := create(t)
	trained(t, t.Context(), task, dir)
	os.WriteFile(filepath.Join(dir.Path, runs.ReportFile), nil, 0o666) //nolint:errcheck // read below
	summary, err := os.ReadFile(filepath.Join(dir.Path, runs.SummaryFile))
	if err != nil {
		t.Fatal(err)
	}
	extended, err := runs.Extend(dir.Path, 5)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(more)
	if err != nil {
		t.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close()
	if err := errors.Join(tr.Build(dev), tr.Record(extended)); err != nil {
		t.Fatal(err)
	}
	tr.Close()
	extended.Close()
	for _, name := range []string{runs.SummaryFile, runs.ReportFile, runs.BestFile} {
		if _, err := os.Stat(filepath.Join(dir.Path, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if err := os.WriteFile(filepath.Join(dir.Path, runs.SummaryFile), summary, 0o666); err != nil { // killed even before it went
		t.Fatal(err)
	}
	again, err := runs.Reopen(dir.Path)
	if err != nil {
		t.Fatal(err)
	}
	if _, got := trained(t, t.Context(), more, again); !slices.Equal(got, want) {
		t.Error("other weights")
	}
}

// What can't be given more epochs says so, and stays as it is.
func TestNotExtended(t *testing.T) {
	stopped := tiny()
	stopped.Settings.Validation, stopped.Settings.Patience, stopped.Settings.LR, stopped.Settings.Epochs = 0.25, 1, 1, 50
	early := create(t)
	if s, _ := trained(t, t.Context(), stopped, early); s.Stopped != train.NoImprovement {
		t.Fatalf("stopped: %q", s.Stopped)
	}
	if _, err := runs.Extend(early.Path, 99); !errors.Is(err, runs.ErrStoppedEarly) {
		t.Error(err)
	}
	dir := create(t)
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	trained(t, cut, tiny(), dir)
	if _, err := runs.Extend(dir.Path, 9); !errors.Is(err, runs.ErrUnfinished) {
		t.Error(err)
	}
	done := create(t)
	trained(t, t.Context(), tiny(), done)
	for _, epochs := range []int{1, 3} {
		var few *runs.EpochsError
		if _, err := runs.Extend(done.Path, epochs); !errors.As(err, &few) || few.Done != 3 {
			t.Errorf("%d: %v", epochs, err)
		}
	}
	config := filepath.Join(done.Path, runs.ConfigFile)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "lr = 0.01", "lr = 0.02", 1)
	os.WriteFile(config, []byte(changed), 0o666) //nolint:errcheck // read next
	var other *runs.SettingsError
	if _, err := runs.Extend(done.Path, 9); !errors.As(err, &other) {
		t.Error(err)
	}
	if _, err := runs.Reopen(done.Path); !errors.Is(err, runs.ErrFinished) {
		t.Error(err)
	}
}

package training

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/device"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/settings"
	"glyph/train"
)

// tiny is a task of a small network on a few drawn characters.
func tiny() Task {
	task := Task{Settings: settings.Default(), Data: kmnist.Synthetic(1, 60, 20)}
	task.Settings.Model, task.Settings.Hidden = "mlp", []int{4}
	task.Settings.Batch, task.Settings.Epochs, task.Settings.Optimizer = 10, 3, "adam"
	return task
}

// trained trains a task in a directory, or in none.
func trained(t *testing.T, ctx context.Context, task Task, dir *runs.Dir) (*runs.Summary, []float32) {
	t.Helper()
	tr, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close()
	if err := tr.Build(dev); err != nil {
		t.Fatal(err)
	}
	if dir != nil {
		defer dir.Close()
		if err := tr.Record(dir); err != nil {
			t.Fatal(err)
		}
	}
	defer tr.Close()
	s, err := tr.Train(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if dir != nil {
		if err := tr.Keep(s, false); err != nil {
			t.Fatal(err)
		}
	}
	w := make([]float32, tr.Net.W.Size())
	if err := dev.Read(w, tr.Net.W); err != nil {
		t.Fatal(err)
	}
	return s, w
}

// create takes a new directory.
func create(t *testing.T) *runs.Dir {
	t.Helper()
	dir, err := runs.Create(filepath.Join(t.TempDir(), "run"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A run that is interrupted before its first step and resumed has the weights of
// one that never was in a directory.
func TestResumes(t *testing.T) {
	task := tiny()
	task.Settings.Validation = 0.25
	_, want := trained(t, t.Context(), task, nil)
	dir := create(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, _ := trained(t, ctx, task, dir); s.Stopped != train.Interrupted {
		t.Errorf("stopped: %q", s.Stopped)
	}
	again, err := runs.Reopen(dir.Path)
	if err != nil {
		t.Fatal(err)
	}
	s, got := trained(t, t.Context(), task, again)
	if !slices.Equal(got, want) || s.Epochs != 3 || s.ValidationImages != 15 || s.TrainImages != 45 {
		t.Errorf("%d epochs on %d images, and the weights are the same: %t", s.Epochs, s.TrainImages, slices.Equal(got, want))
	}
}

// What is wrong with a task is known before a device is opened, and by its kind.
func TestMistakes(t *testing.T) {
	setting := func(name string) func(error) bool {
		return func(err error) bool {
			var wrong *models.SettingError
			return errors.As(err, &wrong) && wrong.Setting == name
		}
	}
	start := &runs.Weights{Path: "w", Spec: models.Spec{Model: "mlp", Input: []int{8, 8, 1}, Classes: 10}}
	few := &runs.Weights{Path: "w", Spec: models.Spec{Model: "mlp", Input: []int{28, 28, 1}, Classes: 3}}
	for name, c := range map[string]struct {
		change func(*Task)
		is     func(error) bool
	}{
		"limit":  {func(t *Task) { t.Settings.Images = 61 }, setting("limit")},
		"lr":     {func(t *Task) { t.Settings.LR = -1 }, setting("lr")},
		"epochs": {func(t *Task) { t.Settings.Epochs = 1 << 30 }, setting("epochs")},
		"hash":   {func(t *Task) { t.Hash = "another" }, func(err error) bool { return errors.As(err, new(*OtherDataError)) }},
		"images": {func(t *Task) {
			t.Settings.Model, t.Settings.Hidden = "cnn", nil
			t.Data.Train.H, t.Data.Train.W, t.Data.Test.H, t.Data.Test.W = 1, 784, 1, 784
		}, func(err error) bool { return errors.As(err, new(*ImagesError)) }},
		"weights for other images": {func(t *Task) { t.Start, t.KeepSpec, t.Settings.Spec = start, true, start.Spec }, setting("weights")},
		"weights of fewer classes": {func(t *Task) { t.Start, t.KeepSpec, t.Settings.Spec = few, true, few.Spec }, setting("weights")},
	} {
		task := tiny()
		c.change(&task)
		if _, err := New(task); !c.is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A training that begins with weights keeps them, their normalisation and all
// their classes.
func TestStart(t *testing.T) {
	first := create(t)
	trained(t, t.Context(), tiny(), first)
	w, err := runs.OpenWeights(first.Path)
	if err != nil {
		t.Fatal(err)
	}
	task := tiny()
	task.Start, task.KeepSpec, task.KeepClasses, task.Settings.Spec = w, true, true, w.Spec
	task.Data = kmnist.Synthetic(2, 60, 20)
	task.Data.Classes = task.Data.Classes[:9]
	for _, s := range []*kmnist.Set{&task.Data.Train, &task.Data.Test} {
		for i := range s.Labels {
			s.Labels[i] %= 9
		}
	}
	tr, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tr.Images.Mean, w.Mean) || len(tr.Classes) != 10 || tr.Images.Classes != 10 {
		t.Errorf("normalised by %v, not %v; %d classes", tr.Images.Mean, w.Mean, len(tr.Classes))
	}
	second := create(t)
	trained(t, t.Context(), task, second)
	for _, file := range []string{runs.StartFile, runs.ClassesFile} {
		if _, err := os.Stat(filepath.Join(second.Path, file)); err != nil {
			t.Error(err)
		}
	}
	r, err := runs.Open(second.Path)
	if err != nil || r.Config["weights"] != runs.StartFile || r.Config["classes"] != runs.ClassesFile || r.Config["model"] != nil {
		t.Errorf("%v: %v", r.Config, err)
	}
}

// The config of settings reads back as these settings.
func TestConfig(t *testing.T) {
	task := tiny()
	decay := 0.1
	task.Settings.Optimizer, task.Settings.WeightDecay = "adamw", &decay
	task.Settings.Augment.Rotation, task.Settings.Dropout = 7.3, []float64{0.1}
	task.Settings.Seed, task.Settings.Normalise = 1<<64-1, settings.NormalisePixel
	dir := create(t)
	trained(t, t.Context(), task, dir)
	r, err := runs.Open(dir.Path)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"model": "mlp", "hidden": []any{int64(4)}, "optimizer": "adamw", "weight-decay": 0.1, "rotation": float64(float32(7.3)),
		"dropout": []any{0.1}, "seed": "18446744073709551615", "normalise": "pixel", "batch": int64(10), "epochs": int64(3), "lr": 0.01,
		"data": "synthetic", "data-hash": task.Data.Hash(), "backend": "cpu", "limit": nil, "momentum": nil, "validation": 0.1,
	} {
		if got := r.Config[name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, want %#v", name, got, want)
		}
	}
}

// A loss that is not finite ends the run for good.
func TestNotFinite(t *testing.T) {
	task := tiny()
	task.Settings.Optimizer, task.Settings.LR = "sgd", 1e30
	dir := create(t)
	defer dir.Close()
	tr, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close()
	if err := errors.Join(tr.Build(dev), tr.Record(dir)); err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if _, err = tr.Train(t.Context()); !errors.As(err, new(*train.NotFinite)) {
		t.Errorf("the error is %v", err)
	}
	if why, failed, err := runs.ReadFailure(dir.Path); !failed || err != nil || !strings.Contains(why, "epoch 1") {
		t.Errorf("%q, %t, %v", why, failed, err)
	}
}

// The error of other data shows in what the two hashes differ.
func TestOtherDataError(t *testing.T) {
	a := strings.Repeat("a", 64)
	for want, hashes := range map[string][2]string{
		"(SHA-256 aaaaaaaaaaaa, not baaaaaaaaaaa)": {a, "b" + a[1:]},
		"(SHA-256 " + a + ", not " + a[:63] + "b)": {a, a[:63] + "b"},
		"(SHA-256 " + a + ", not aaaaaaaaaaaa)":    {a, a[:12]},
		"(SHA-256 aaaaaaaaaaaa, not )":             {a, ""},
	} {
		if got := (&OtherDataError{"d", hashes[0], hashes[1]}).Error(); !strings.HasSuffix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

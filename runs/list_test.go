package runs

import (
	"maps"
	"reflect"
	"testing"
	"time"
)

// some are runs to be listed.
func some() []*Run {
	f := func(v float64) *float64 { return &v }
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return []*Run{
		{Name: "a", Model: "mlp", State: Finished, Epoch: 3, Epochs: 3, TestAccuracy: f(0.5), ValidationAccuracy: f(0.75), ImagesPerSecond: 10, Device: "cpu", Started: at, Config: map[string]any{"lr": 0.1, "hidden": []any{int64(6), int64(5)}}},
		{Name: "b", Model: "cnn", State: Crashed, Epoch: 1, Epochs: 3, ValidationAccuracy: f(0.25), ImagesPerSecond: 30, Started: at.Add(time.Hour), Config: map[string]any{"lr": 1e-4}},
		{Name: "c", Model: "mlp", State: Running, Epoch: 2, Epochs: 9, ImagesPerSecond: 20, Started: at.Add(-time.Hour), Config: map[string]any{"lr": 0.1, "augment": true}},
		{Name: "d", Model: "mlp", State: Finished, Epoch: 9, Epochs: 9, TestAccuracy: f(0.625), ValidationAccuracy: f(0), ImagesPerSecond: 5, Device: "gpu", Started: at.Add(2 * time.Hour)},
	}
}

func inOrder(list []*Run) (names string) {
	for _, r := range list {
		names += r.Name
	}
	return names
}

func TestSort(t *testing.T) {
	for name, want := range map[string]string{
		"name": "abcd", "model": "bacd", "state": "badc", "epochs": "dacb", "test": "dabc", "validation": "abdc", "holdout": "abdc",
		"images/s": "bcad", "device": "adbc", "started": "dbac",
	} {
		column, ok := FindColumn(name)
		if !ok {
			t.Errorf("there is no column %s", name)
			continue
		}
		list := some()
		if Sort(list, column); inOrder(list) != want {
			t.Errorf("by %s: %s, want %s", name, inOrder(list), want)
		}
	}
	if _, ok := FindColumn(""); ok {
		t.Error("a column without a name is found")
	}
}

func TestFilter(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"lr", "1e-1", "ac"}, {"lr", "0.0001", "b"}, {"hidden", "6,5", "a"}, {"augment", "true", "c"}, {"lr", "", "d"}, {"nothing", "1", ""},
		{"state", "finished", "ad"}, {"test", "62.5", "d"}, {"test", "-", "bc"}, {"holdout", "25", "b"}, {"epochs", "3/3", "a"},
	} {
		if got := inOrder(Filter(some(), c.name, c.value)); got != c.want {
			t.Errorf("%s=%s: %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

func TestDiff(t *testing.T) {
	all := some()
	settings, results := Diff(all[0], all[2])
	if want := []Difference{{"augment", "", "true"}, {"hidden", "6,5", ""}}; !reflect.DeepEqual(settings, want) {
		t.Errorf("settings %v, want %v", settings, want)
	}
	want := []Difference{
		{"state", "finished", "running"}, {"epochs done", "3/3", "2/9"}, {"test", "50.00 %", "-"}, {"validation", "75.00 %", "-"},
		{"images/s", "10", "20"}, {"device", "cpu", "-"}, {"started", "2026-01-02 03:04", "2026-01-02 02:04"},
	}
	if !reflect.DeepEqual(results, want) {
		t.Errorf("results %v, want %v", results, want)
	}
	longer := *all[0]
	longer.Epoch, longer.Epochs = 5, 5
	if _, results := Diff(all[0], &longer); !reflect.DeepEqual(results, []Difference{{"epochs done", "3/3", "5/5"}}) {
		t.Errorf("epochs that no setting tells of: %v", results)
	}
	longer.Config = maps.Clone(all[0].Config)
	longer.Config["epochs"] = int64(5)
	if _, results := Diff(all[0], &longer); results != nil {
		t.Errorf("runs that ended as they were to differ in %v, which is a setting", results)
	}
	if settings, results := Diff(all[0], all[0]); settings != nil || results != nil {
		t.Errorf("a run differs from itself: %v, %v", settings, results)
	}
}

// A default differs from no other way of asking for the same, and what has no effect differs
// from nothing. Filters find a default too.
func TestSettled(t *testing.T) {
	run := func(more ...any) *Run {
		r := &Run{Name: "r", Config: map[string]any{"model": "mlp", "optimizer": "sgd", "momentum": 0.9, "data": "d", "augment": false}}
		for i := 0; i < len(more); i += 2 {
			r.Config[more[i].(string)] = more[i+1]
		}
		return r
	}
	if got, _ := Diff(run(), run("hidden", []any{int64(256)}, "momentum", 0.5, "l2", 0.0, "rotation", 0.0)); got != nil {
		t.Errorf("the same twice differs in %v", got)
	}
	got, _ := Diff(run(), run("optimizer", "momentum", "hidden", []any{int64(8), int64(4)}, "augment", true))
	if want := []Difference{{"augment", "false", "true"}, {"hidden", "256", "8,4"}, {"momentum", "", "0.9"}, {"optimizer", "sgd", "momentum"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got, _ := Diff(run("l2", 0.1, "seed", int64(0)), run("augment", true)); !reflect.DeepEqual(got, []Difference{{"augment", "false", "true"}, {"l2", "0.1", "0"}, {"seed", "0", "1"}}) {
		t.Errorf("a penalty and none, seed 0 and 1: %v", got)
	}
	if n := len(Filter([]*Run{run(), run("hidden", []any{int64(8)})}, "hidden", "256")); n != 1 {
		t.Errorf("%d runs have the default", n)
	}
	if n := len(Filter([]*Run{run(), run("l2", 0.0), run("l2", 0.1)}, "l2", "0")); n != 2 {
		t.Errorf("%d runs have no penalty", n)
	}
}

// A run in progress: where it is in its epoch, and the time that is left by its
// speed.
func TestProgress(t *testing.T) {
	r := &Run{State: Running, Epoch: 2, Epochs: 4, ImagesPerSecond: 100, Config: map[string]any{"batch": int64(16)}}
	lines := []Metric{{Step: 5}, {Step: 10, Epoch: 1}, {Step: 20, Epoch: 2, Loss: 3}, {Step: 25, Loss: 2, Accuracy: 0.5, ImagesPerSecond: 80}}
	p := progressOf(r, lines)
	if p.At != 3 || p.Part != 0.5 || p.Left != 15*16*time.Second/100 || p.Loss != 2 || p.ImagesPerSecond != 80 || len(p.Lines) != 2 {
		t.Errorf("%+v", p)
	}
	if p := progressOf(r, lines[:3]); p.At != 2 || p.Part != 1 || p.Left != 0 || p.ImagesPerSecond != 100 {
		t.Errorf("at the end of an epoch: %+v", p)
	}
	if p := progressOf(&Run{State: Running}, nil); p.At != 1 || p.Part != 0 || p.Left != 0 {
		t.Errorf("before the first line: %+v", p)
	}
	r.ImagesPerSecond = 0
	if p := progressOf(r, lines); p.Left != 0 {
		t.Errorf("%v left at no speed", p.Left)
	}
}

// A speed is shown with separators, and found with and without them.
func TestSpeedIsFound(t *testing.T) {
	list := []*Run{{Name: "fast", ImagesPerSecond: 58716.4}, {Name: "slow", ImagesPerSecond: 58}}
	if speed, _ := FindColumn("images/s"); speed.Text(list[0]) != "58,716" {
		t.Errorf("shown as %s", speed.Text(list[0]))
	}
	if kept := Filter([]*Run{{Name: "1,2"}, {Name: "12"}}, "name", "12"); len(kept) != 1 {
		t.Errorf("%d runs are named 12", len(kept))
	}
	for _, value := range []string{"58716", "58,716"} {
		if kept := Filter(list, "images/s", value); len(kept) != 1 || kept[0].Name != "fast" {
			t.Errorf("%s finds %d runs", value, len(kept))
		}
	}
}

// What a run does not have is not shown as 0: an imported one has neither epochs
// nor a speed, and comes after those that do.
func TestUnknownFigures(t *testing.T) {
	imported, slow := &Run{Name: "imported", State: Imported}, &Run{Name: "slow", Epochs: 2, ImagesPerSecond: 0.5}
	for name, want := range map[string]string{"epochs": "-", "images/s": "-", "test": "-", "validation": "-", "device": "-"} {
		c, _ := FindColumn(name)
		if got := c.Text(imported); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	list := []*Run{imported, slow}
	speed, _ := FindColumn("images/s")
	if Sort(list, speed); list[0] != slow {
		t.Error("an imported run is the fastest")
	}
}

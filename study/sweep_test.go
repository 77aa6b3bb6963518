package study

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"glyph/settings"
	"glyph/study/space"
	"glyph/train"
)

// axes are those of a small sweep, by setting and values.
func axes(t testing.TB, list ...string) (all []space.Axis) {
	t.Helper()
	for i := 0; i < len(list); i += 2 {
		s, ok := settings.Find(list[i])
		if !ok {
			t.Fatal(list[i])
		}
		a, err := space.ParseAxis(s, []string{list[i+1]})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// tinySweep is a sweep over learning rates and hidden layers, with two seeds.
func tinySweep(t testing.TB, halving *Halving, more ...string) *Sweep {
	t.Helper()
	list := append([]string{"model", "mlp", "batch", "8", "validation", "0.25", "epochs", "4", "lr", "1e-05,0.1,0.01", "hidden", "4/8,4", "seed", "1,2"}, more...)
	s, err := NewSweep(SweepSpec{Space: space.Space{Axes: axes(t, list...)}, Halving: halving}, tinyData())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sweepIn runs a sweep in a directory and returns its results and the trials it took.
func sweepIn(t testing.TB, dir string, s *Sweep, shard Shard) (Contents, int) {
	t.Helper()
	store, err := OpenSweep(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var c tally
	if err := RunSweep(context.Background(), s, store, c.options(shard)); err != nil {
		t.Fatal(err)
	}
	return store.Contents, c.opened
}

// board is a leaderboard without what was measured by the clock.
func board(t testing.TB, s *Sweep, c Contents) string {
	t.Helper()
	b := s.Leaderboard(c.Results)
	for i := range b.Rows {
		b.Rows[i].Seconds = 1
	}
	text, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSweepGrid(t *testing.T) {
	s, dir := tinySweep(t, nil), t.TempDir()
	c, trials := sweepIn(t, dir, s, Shard{})
	if trials != 12 || len(c.Results) != 12 {
		t.Fatalf("%d trials, %d results", trials, len(c.Results))
	}
	b := s.Leaderboard(c.Results)
	if b.Missing != 0 || b.Trials != 12 || len(b.Rows) != 6 || !slices.Equal(b.Varied, []string{"lr", "hidden"}) {
		t.Fatalf("%+v", b)
	}
	for i, row := range b.Rows {
		if row.Rank != i+1 || i > 0 && row.Mean > b.Rows[i-1].Mean || row.Mean != stat.Mean(row.Accuracies, nil) || *row.Spread != stat.StdDev(row.Accuracies, nil) {
			t.Errorf("row %d: %+v", i, row)
		}
		if !slices.Equal(row.Seeds, []uint64{1, 2}) || row.Epochs != 4 || row.Parameters == 0 {
			t.Errorf("row %d: %+v", i, row)
		}
	}
	if b.Rows[0].Settings["lr"] == json.Number("1e-05") {
		t.Errorf("a rate at which nothing is learnt is the best:\n%s", board(t, s, c))
	}
	first := b.Rows[0]
	hidden := strings.Trim(string(first.Settings["hidden"].(json.RawMessage)), "[]")
	want := []string{"train", "--model", "mlp", "--hidden", hidden, "--validation", "0.25", "--lr", string(first.Settings["lr"].(json.Number)), "--batch", "8", "--epochs", "4"}
	if !slices.Equal(first.Train, want) {
		t.Errorf("train with %q, want %q", first.Train, want)
	}
	// Everything is there already, also for who reads the directory alone.
	if _, again := sweepIn(t, dir, s, Shard{}); again != 0 {
		t.Errorf("%d trials of a finished sweep", again)
	}
	kept, err := ReadContents(dir)
	if err != nil {
		t.Fatal(err)
	}
	other, err := kept.SweepOf()
	if err != nil || board(t, other, kept) != board(t, s, c) {
		t.Errorf("read back: %v", err)
	}
	// More values in the same directory run only what is new.
	more := tinySweep(t, nil, "optimizer", "sgd,adam")
	if all, extra := sweepIn(t, dir, more, Shard{}); extra != 12 || len(more.Leaderboard(all.Results).Rows) != 12 {
		t.Errorf("a second optimizer takes %d trials", extra)
	}
}

// Points that train alike are one.
func TestSweepSame(t *testing.T) {
	s := tinySweep(t, nil, "optimizer", "sgd,momentum", "momentum", "0.5,0.9")
	if len(s.Points) != 6*3 || s.Same != 6 {
		t.Errorf("%d points, %d the same", len(s.Points), s.Same)
	}
}

// Models are compared each with the settings that it has, and what is at its default or
// has no effect is shown so.
func TestSweepModels(t *testing.T) {
	s, err := NewSweep(SweepSpec{Space: space.Space{Axes: axes(t, "model", "mlp,linear", "hidden", "8/16", "optimizer", "sgd,momentum", "momentum", "0.5,0.9", "validation", "0.1")}}, tinyData())
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, p := range s.Points {
		labels = append(labels, s.Label(p))
		values, args := s.describe(p)
		if v, there := values["momentum"]; there != (p.Optimizer == "momentum") || there && v != json.Number("0.5") && v != json.Number("0.9") {
			t.Errorf("%v has momentum %v", args, v)
		}
	}
	want := []string{
		"model mlp, hidden 8, optimizer sgd, momentum –", "model mlp, hidden 8, optimizer momentum, momentum 0.5", "model mlp, hidden 8, optimizer momentum, momentum 0.9",
		"model mlp, hidden 16, optimizer sgd, momentum –", "model mlp, hidden 16, optimizer momentum, momentum 0.5", "model mlp, hidden 16, optimizer momentum, momentum 0.9",
		"model linear, hidden –, optimizer sgd, momentum –", "model linear, hidden –, optimizer momentum, momentum 0.5", "model linear, hidden –, optimizer momentum, momentum 0.9",
	}
	for _, label := range want {
		if !slices.Contains(labels, label) {
			t.Errorf("no %q among %q", label, labels)
		}
	}
	if len(labels) != len(want) || s.Same != 16-9 {
		t.Errorf("%q, %d the same", labels, s.Same)
	}
	if _, err := NewSweep(SweepSpec{Space: space.Space{Axes: axes(t, "model", "linear", "hidden", "8/16", "validation", "0.1")}}, tinyData()); err == nil {
		t.Error("a linear classifier has hidden layers")
	}
}

// A sweep that was killed goes on where it was.
func TestSweepResume(t *testing.T) {
	s, dir := tinySweep(t, &Halving{Eta: 2, Min: 1}), t.TempDir()
	whole, n := sweepIn(t, t.TempDir(), s, Shard{})
	store, err := OpenSweep(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var c tally
	o := c.options(Shard{})
	o.Progress = func(p Progress) {
		if p.Of != n {
			t.Errorf("%d trials, want %d", p.Of, n)
		}
		if p.Done >= 14 { // in the second rung
			cancel()
		}
	}
	if err := RunSweep(ctx, s, store, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled sweep ends with %v", err)
	}
	kept := len(store.Results)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, resultsFile)
	text, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(text, []byte(`{"result":{"id":"12`)...), 0o666); err != nil {
		t.Fatal(err)
	}
	all, again := sweepIn(t, dir, s, Shard{})
	if kept < 14 || again+kept != n {
		t.Errorf("%d trials after %d of %d", again, kept, n)
	}
	if got, want := board(t, s, all), board(t, s, whole); got != want {
		t.Errorf("resumed:\n%s\nwhole:\n%s", got, want)
	}
}

// Shards do everything once and merge to what one run gives; those of a halving
// halve their own points, and what one run would have done besides is still to do.
func TestSweepShards(t *testing.T) {
	for _, halving := range []*Halving{nil, {Eta: 2, Min: 1}} {
		s := tinySweep(t, halving)
		one, n := sweepIn(t, t.TempDir(), s, Shard{})
		for _, count := range []int{2, 20} {
			root, sum := t.TempDir(), 0
			var dirs []string
			for i := range count {
				dirs = append(dirs, filepath.Join(root, string(rune('a'+i))))
				_, trials := sweepIn(t, dirs[i], s, Shard{i, count})
				sum += trials
			}
			if halving == nil && sum != n {
				t.Errorf("%d shards: %d trials, one run %d", count, sum, n)
			}
			merged := filepath.Join(root, "merged")
			c, err := Merge(dirs, merged)
			if err != nil {
				t.Fatal(err)
			}
			before := s.Leaderboard(c.Results)
			c, left := sweepIn(t, merged, s, Shard{})
			if left > before.Missing || halving == nil && before.Missing != 0 {
				t.Errorf("%d missing, and %d were done", before.Missing, left)
			}
			b, want := s.Leaderboard(c.Results), s.Leaderboard(one.Results)
			if b.Missing != 0 || !reflect.DeepEqual(b.Rows[0].Accuracies, want.Rows[0].Accuracies) || !reflect.DeepEqual(b.Rows[0].Point, want.Rows[0].Point) {
				t.Errorf("%d shards: the best is %+v, want %+v", count, b.Rows[0], want.Rows[0])
			}
			if halving == nil && board(t, s, c) != board(t, s, one) {
				t.Errorf("%d shards merge to another leaderboard", count)
			}
		}
	}
}

// The rungs of a halving have the points and epochs that they should, and the best
// of each goes on.
func TestHalving(t *testing.T) {
	s := tinySweep(t, &Halving{Eta: 2, Min: 1}) // 6 points, 4 epochs
	points, epochs := s.Rungs()
	if !slices.Equal(points, []int{6, 3, 1}) || !slices.Equal(epochs, []int{1, 2, 4}) {
		t.Fatalf("points %v, epochs %v", points, epochs)
	}
	c, trials := sweepIn(t, t.TempDir(), s, Shard{})
	if trials != 2*(6+3+1) {
		t.Errorf("%d trials", trials)
	}
	at := map[int]map[string]float64{} // mean accuracy by epochs and point
	for _, r := range c.Results {
		e := r.Trial.Settings.Epochs
		if at[e] == nil {
			at[e] = map[string]float64{}
		}
		at[e][s.Label(r.Trial.training())] += r.Accuracy / 2
	}
	for e, next := range map[int]int{1: 2, 2: 4} {
		worst, best := math.Inf(1), math.Inf(-1)
		for label, accuracy := range at[e] {
			if _, kept := at[next][label]; kept {
				worst = min(worst, accuracy)
			} else {
				best = max(best, accuracy)
			}
		}
		if worst < best {
			t.Errorf("after %d epochs %v goes on and %v does not: %v", e, worst, best, at)
		}
	}
	b := s.Leaderboard(c.Results)
	if len(b.Rows) != 6 || b.Rows[0].Epochs != 4 || b.Rows[1].Epochs != 2 || b.Rows[3].Epochs != 1 {
		t.Errorf("%+v", b.Rows)
	}
	if got := b.Rows[0].Train; !slices.Contains(got, "4") {
		t.Errorf("trained with %q", got)
	}
	three := &Halving{Eta: 3, Min: 1}
	for _, c := range []struct{ epochs, points, min int }{{81, 100, 1}, {10, 9, 1}, {10, 9, 3}, {27, 4, 1}} {
		three.Min = c.min
		p := settings.Default()
		p.Epochs = c.epochs
		rungs, err := three.rungs(&Sweep{Points: slices.Repeat([]settings.Training{func() settings.Training { p.Validation = 0.1; return p }()}, c.points)})
		if err != nil {
			t.Fatal(err)
		}
		last := rungs[len(rungs)-1]
		if last.epochs != c.epochs || rungs[0].cut != 1 || rungs[0].epochs < c.min || c.points/last.cut < 1 {
			t.Errorf("%+v: %+v", c, rungs)
		}
		for k := 1; k < len(rungs); k++ {
			if rungs[k].epochs/3 != rungs[k-1].epochs || rungs[k].cut != 3*rungs[k-1].cut {
				t.Errorf("%+v: %+v", c, rungs)
			}
		}
	}
}

// A training that diverges is the last of those that guess.
func TestSweepDiverged(t *testing.T) {
	s := tinySweep(t, nil, "optimizer", "sgd")
	s, err := NewSweep(SweepSpec{Space: space.Space{Axes: axes(t, "model", "mlp", "hidden", "4", "batch", "8", "epochs", "1", "validation", "10", "lr", "1e30,1e-30")}}, s.Data)
	if err != nil {
		t.Fatal(err)
	}
	s.Data.Tune = func(settings.Training) (d train.Data, err error) {
		d, err = tinyData().Tune(settings.Training{Validation: 0.25})
		return d, err
	}
	c, _ := sweepIn(t, t.TempDir(), s, Shard{})
	b := s.Leaderboard(c.Results)
	last := b.Rows[1]
	if last.Diverged != 1 || last.Loss != nil || last.Mean != 0.1 || last.Spread != nil || b.Rows[0].Diverged != 0 {
		t.Errorf("%+v", b.Rows)
	}
}

func TestSweepRefuses(t *testing.T) {
	data := tinyData()
	for says, c := range map[string]struct {
		halving *Halving
		list    []string
	}{
		"validation must be above 0": {nil, []string{"validation", "0"}},
		"lr must be a positive number that a float32 holds, not -1 (with lr -1)":       {nil, []string{"validation", "0.1", "lr", "0.1,-1"}},
		"epochs: a halving grows the epochs":                                           {&Halving{3, 1}, []string{"validation", "0.1", "epochs", "3,9", "lr", "1,2,3"}},
		"leave nothing to halve":                                                       {&Halving{3, 1}, []string{"validation", "0.1", "epochs", "9", "lr", "1,2"}},
		"9 points of 2 epochs each leave nothing":                                      {&Halving{3, 1}, []string{"validation", "0.1", "epochs", "2", "batch", "1..9"}},
		"keeps one in 2 or more":                                                       {&Halving{1, 1}, []string{"validation", "0.1"}},
		"warmup of 1 epoch leaves nothing of 1 epoch: the halving begins with 1 epoch": {&Halving{2, 1}, []string{"validation", "0.1", "epochs", "4", "warmup", "1", "lr", "0.1,0.2,0.3,0.4"}},
		"are too many; a sweep has at most 100,000":                                    {nil, []string{"validation", "0.1", "batch", "1..1000", "seed", "1..101"}},
	} {
		_, err := NewSweep(SweepSpec{Space: space.Space{Axes: axes(t, c.list...)}, Halving: c.halving}, data)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// A directory holds a study or a sweep, never both, and says which.
func TestSweepAndStudyApart(t *testing.T) {
	s, p := tinySweep(t, nil), tinyPlan(t, 1)
	sweepDir, studyDir := t.TempDir(), t.TempDir()
	c, _ := sweepIn(t, sweepDir, s, Shard{})
	runIn(t, studyDir, p, Shard{})
	if _, err := OpenStore(sweepDir, p); err == nil || !strings.Contains(err.Error(), "has results of a sweep, and these are of a study") {
		t.Errorf("a study in a sweep's directory: %v", err)
	}
	if _, err := OpenSweep(studyDir, s); err == nil || !strings.Contains(err.Error(), "has results of a study, and these are of a sweep") {
		t.Errorf("a sweep in a study's directory: %v", err)
	}
	if _, err := Merge([]string{sweepDir, studyDir}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "merge them separately") {
		t.Errorf("merged: %v", err)
	}
	if _, err := Analyse(c, tiny()); err == nil || !strings.Contains(err.Error(), "a sweep, not a study") {
		t.Errorf("analysed: %v", err)
	}
	if study, _ := ReadContents(studyDir); study.Format != Format {
		t.Errorf("a study has format %d", study.Format)
	} else if _, err := study.SweepOf(); err == nil || !strings.Contains(err.Error(), "a study, not a sweep") {
		t.Errorf("a study as a sweep: %v", err)
	}
	other, otherDir := tinySweep(t, nil, "optimizer", "adam"), t.TempDir()
	sweepIn(t, otherDir, other, Shard{})
	if _, err := Merge([]string{sweepDir, otherDir}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "has results of another sweep") {
		t.Errorf("two sweeps merged: %v", err)
	}
	if text, _ := os.ReadFile(filepath.Join(sweepDir, manifestFile)); !strings.Contains(string(text), `"format": 2`) {
		t.Errorf("the format of a sweep: %s", text)
	}
}

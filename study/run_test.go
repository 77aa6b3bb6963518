package study

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"glyph"
)

func TestRunAll(t *testing.T) {
	p := tinyPlan(t, 2)
	c, trials := runIn(t, t.TempDir(), p, Shard{})
	// Three widths, two sizes with norms, each with 2 rates on the validation sets and 2
	// seeds; the rate 0.1 shares its seeds with the width 4 if that chose it; 1e30
	// has 2.
	most := 5*(2*MaxSplits+2) + 4
	if trials--; trials < most-2 || trials > most || len(c.Results) != trials || c.Gradients == nil {
		t.Errorf("%d trials, %d results", trials, len(c.Results))
	}
	a, err := Analyse(c, tiny())
	if err != nil {
		t.Fatal(err)
	}
	if a.Missing != 0 || a.Trials != trials+1 {
		t.Errorf("%d of %d missing", a.Missing, a.Trials)
	}
	for _, x := range a.Experiments {
		for _, arm := range x.Arms {
			if len(arm.Results) != 2 {
				t.Errorf("%s, %s: %d results", x.Name, arm.Label, len(arm.Results))
			}
			for i, r := range arm.Results {
				if r.Trial.Seed != uint64(i+1) || r.Trial.Validation || r.Trial.Rate != arm.Rate || r.Seconds <= 0 {
					t.Errorf("%s, %s: result %d is %+v", x.Name, arm.Label, i, r)
				}
				if (r.Diverged != "") != (arm.Label == "too high") || (r.Diverged != "" && r.Accuracy != 0.1) {
					t.Errorf("%s, %s: diverged %q, accuracy %v", x.Name, arm.Label, r.Diverged, r.Accuracy)
				}
				if x.Name == "images" {
					if r.Norms[0].Epoch != 0 || r.Norms[0].Norm[0] == arm.Results[(i+1)%2].Norms[0].Norm[0] {
						t.Errorf("%s: both seeds begin with %+v", arm.Label, r.Norms[0])
					}
					if len(r.Norms) != 3 || len(r.Norms[2].Norm) != 2 || r.Norms[0].Norm[0] <= 0 || r.Norms[2].Epoch != 2 || r.Norms[0].Layers[1] != "dense_2" {
						t.Errorf("%s: norms %+v", arm.Label, r.Norms)
					}
				}
			}
		}
	}
	if left := a.Experiments[1].Left; len(left) != 1 || left[0] != "400" {
		t.Errorf("left out: %v", left)
	}
	if v := a.Findings[len(a.Findings)-1]; v.Number != 12 || v.Verdict != Holds {
		t.Errorf("finding 12: %+v", v)
	}
}

// Neither how many trials run at once nor another run changes a result.
func TestSameResults(t *testing.T) {
	p := tinyPlan(t, 2)
	first, _ := runIn(t, t.TempDir(), p, Shard{})
	dir := t.TempDir()
	store, err := OpenStore(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var c tally
	o := c.options(Shard{})
	o.Parallel = 1
	if err := Run(context.Background(), p, store, o); err != nil {
		t.Fatal(err)
	}
	for id, r := range first.Results {
		if s := store.Results[id]; s.Accuracy != r.Accuracy || s.Loss != r.Loss || s.TrainLoss != r.TrainLoss {
			t.Errorf("%v: %v and %v", r.Trial, r.Accuracy, s.Accuracy)
		}
	}
}

// A study that was killed goes on where it was: no finished trial again, and the
// line that was being written is cut off.
func TestResume(t *testing.T) {
	p, dir := tinyPlan(t, 2), t.TempDir()
	store, err := OpenStore(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var c tally
	o := c.options(Shard{})
	o.Progress = func(p Progress) {
		if p.Done >= 8 {
			cancel()
		}
	}
	if err := Run(ctx, p, store, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled run ends with %v", err)
	}
	kept := len(store.Results)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if kept < 7 || kept > 12 {
		t.Errorf("%d results after an interruption at 8", kept)
	}
	path := filepath.Join(dir, resultsFile)
	text, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(text, []byte(`{"result":{"id":"12`)...), 0o666); err != nil {
		t.Fatal(err)
	}
	all, again := runIn(t, dir, p, Shard{})
	if again+kept != len(all.Results) { // gradients come first, and are kept
		t.Errorf("%d trials, after %d of %d were done", again, kept, len(all.Results))
	}
	if _, more := runIn(t, dir, p, Shard{}); more != 0 {
		t.Errorf("%d trials of a finished study", more)
	}
	if c, err := ReadContents(dir); err != nil || len(c.Results) != len(all.Results) || len(c.Sessions) != 2 {
		t.Errorf("read back: %v, %d results of %d sessions", err, len(c.Results), len(c.Sessions))
	}
	// More seeds are the same study with more to do.
	more, extra := runIn(t, dir, tinyPlan(t, 3), Shard{})
	if extra < 6 || extra > 7 || more.Seeds != 3 {
		t.Errorf("a third seed takes %d trials, seeds %d", extra, more.Seeds)
	}
}

// Shards do everything once, with no word between them, and merge to what one
// run gives.
func TestShards(t *testing.T) {
	p := tinyPlan(t, 2)
	whole := t.TempDir()
	one, n := runIn(t, whole, p, Shard{})
	for _, count := range []int{2, 3, 20} { // 20: most have nothing to do
		root, sum := t.TempDir(), 0
		var dirs []string
		for i := range count {
			dirs = append(dirs, filepath.Join(root, string(rune('a'+i))))
			_, trials := runIn(t, dirs[i], p, Shard{i, count})
			sum += trials
		}
		if sum != n {
			t.Errorf("%d shards: %d trials, one run %d", count, sum, n)
		}
		merged := filepath.Join(root, "merged")
		c, err := Merge(dirs, merged)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := tables(t, merged, c), tables(t, whole, one); got != want {
			t.Errorf("%d shards merge to other tables:\n%s\nwant\n%s", count, got, want)
		}
		// Merging once more changes nothing.
		before, _ := os.ReadFile(filepath.Join(merged, resultsFile))
		again, err := Merge(append([]string{merged}, dirs...), merged)
		if err != nil || len(again.Results) != len(c.Results) || len(again.Sessions) != len(c.Sessions) {
			t.Errorf("merged again: %v, %d results", err, len(again.Results))
		}
		if after, _ := os.ReadFile(filepath.Join(merged, resultsFile)); string(after) != string(before) {
			t.Errorf("merging again appended %d bytes", len(after)-len(before))
		}
	}
}

// tables is a report without what was measured by the clock.
func tables(t *testing.T, dir string, c Contents) string {
	t.Helper()
	for id, r := range c.Results {
		r.ImagesPerSecond, r.Seconds, r.End = 1, 1, 1
		c.Results[id] = r
	}
	c.Sessions = nil
	a, err := Analyse(c, tiny())
	if err != nil {
		t.Fatal(err)
	}
	files, err := WriteReport(dir, a)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| time ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// The first error ends a run, and so does a panic, which the caller sees.
func TestRunFails(t *testing.T) {
	p := tinyPlan(t, 1)
	for _, c := range []struct {
		name string
		open func() (glyph.Backend, error)
	}{
		{"error", func() (glyph.Backend, error) { return nil, errors.New("the device is gone") }},
		{"panic", func() (glyph.Backend, error) { panic("the device is gone") }},
	} {
		store, err := OpenStore(t.TempDir(), p)
		if err != nil {
			t.Fatal(err)
		}
		var counted tally
		o := counted.options(Shard{})
		o.Open = c.open
		var said any
		func() {
			defer func() {
				if r := recover(); r != nil {
					said = r
				}
			}()
			said = Run(context.Background(), p, store, o)
		}()
		if text, ok := said.(string); c.name == "panic" && (!ok || text != "the device is gone") {
			t.Errorf("panic: %v", said)
		}
		if err, ok := said.(error); c.name == "error" && (!ok || !strings.Contains(err.Error(), "the device is gone")) {
			t.Errorf("error: %v", said)
		}
		store.Close()
	}
}

// mortal is a backend of a device that may have failed, which comes out where the device
// is waited for.
type mortal struct {
	glyph.Backend
	failed func() error
}

func (m mortal) Read(dst []float32, src glyph.Tensor) error {
	return errors.Join(m.failed(), m.Backend.Read(dst, src))
}
func (m mortal) Close() error { return errors.Join(m.failed(), m.Backend.Close()) }

// A device that fails leaves the others going: they do its trial too, and the results
// are those of a run without it. Where none is left the run ends with the error and
// keeps what is finished, and a second run goes on from there.
func TestDeviceIsLost(t *testing.T) {
	p := tinyPlan(t, 1)
	whole, _ := runIn(t, t.TempDir(), p, Shard{})
	gone := errors.New("the device is gone")
	for _, k := range []struct {
		others   bool
		parallel int
	}{{true, 2}, {false, 2}, {true, 1}} {
		others := k.others
		store, err := OpenStore(t.TempDir(), p)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		var c tally
		o := c.options(Shard{})
		var told []error
		var opened atomic.Int32
		o.Lost = func(err error) bool {
			told = append(told, err)
			return others
		}
		o.Open = func() (glyph.Backend, error) {
			b, err := c.open()
			if opened.Add(1) == 4 {
				b = mortal{b, func() error { return gone }}
			}
			return b, err
		}
		o.Parallel = k.parallel
		err = Run(context.Background(), p, store, o)
		if len(told) != 1 || !errors.Is(told[0], gone) || (err == nil) != others || (err != nil && !errors.Is(err, gone)) {
			t.Fatalf("others %v: told %v, %v", others, told, err)
		}
		if !others {
			if n := len(store.Results); n < 1 || n >= len(whole.Results) {
				t.Fatalf("%d results are kept", n)
			}
			if err := Run(context.Background(), p, store, c.options(Shard{})); err != nil {
				t.Fatal(err)
			}
		}
		for id, r := range whole.Results {
			if s := store.Results[id]; s.Accuracy != r.Accuracy || s.Loss != r.Loss || s.TrainLoss != r.TrainLoss {
				t.Errorf("others %v, %v: %v and %v", others, r.Trial, r.Accuracy, s.Accuracy)
			}
		}
	}
}

package runs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// put writes files into a directory, and makes directories of names that end in /.
func put(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, name)
		var err error
		if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(path, 0o777)
		} else {
			err = os.WriteFile(path, []byte("precious"), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// names is what a directory holds.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// A new run goes into a new directory, an empty one, or one in which a run came to
// nothing. From every other directory nothing is removed and nothing added.
func TestCreate(t *testing.T) {
	const event = "events.out.tfevents.1795733210.203847634.host"
	foreign := func(err error) bool { return errors.As(err, new(*ForeignError)) }
	is := func(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
	for _, c := range []struct {
		name  string
		files []string
		why   func(error) bool // nil where it may be taken
	}{
		{"empty", nil, nil},
		{"killed at once", []string{"lock"}, nil},
		{"killed before the first checkpoint", []string{"lock", "config.toml", "metrics.jsonl", event, "start.safetensors", "config.toml.0123abcd.tmp"}, nil},
		{"failed before the first checkpoint", []string{"lock", "config.toml", "metrics.jsonl", "failure.txt"}, nil},
		{"a directory of runs", []string{"one/", "two/"}, foreign},
		{"a home directory", []string{"config.toml", "notes.tmp"}, foreign},
		{"a config of other software", []string{"config.toml"}, foreign},
		{"pictures", []string{"plots/", "a.png"}, foreign},
		{"a failed run with notes", []string{"lock", "config.toml", "failure.txt", "notes.txt"}, foreign},
		{"a run's names of other kinds", []string{"lock", "config.toml/"}, foreign},
		{"temporary files of others", []string{"lock", "notes.0123abcd.tmp"}, foreign},
		{"a finished run without its checkpoints", []string{"lock", "config.toml", "summary.json", "last.safetensors"}, is(ErrHoldsRun)},
		{"an imported run", []string{"last.safetensors"}, is(ErrHoldsRun)},
		{"a run with a damaged checkpoint", []string{"lock", "config.toml", "checkpoint"}, is(ErrHoldsRun)},
		{"a run and notes", []string{"lock", "config.toml", "checkpoint", "notes.txt"}, is(ErrHoldsRun)},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		put(t, dir+"/../", "run/")
		put(t, dir, c.files...)
		before := names(t, dir)
		d, err := Create(dir)
		if c.why == nil {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			want := append(before, lockFile) // and nothing removed before the training begins
			slices.Sort(want)
			if got := names(t, dir); !slices.Equal(got, slices.Compact(want)) {
				t.Errorf("%s: taking it changed %v into %v", c.name, before, got)
			}
			d.Close()
			continue
		}
		if err == nil || !c.why(err) {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := names(t, dir); !slices.Equal(got, before) {
			t.Errorf("%s: refusing it changed %v into %v", c.name, before, got)
		}
	}
	if _, err := Create(filepath.Join(t.TempDir(), "new", "run")); err != nil {
		t.Error(err)
	}
}

// Only temporary files of the run's own files are removed, from no other
// directory, and whatever the directory is called.
func TestSweep(t *testing.T) {
	root := t.TempDir()
	put(t, root, "a/", "[ab]/")
	left := []string{"notes.tmp", "notes.0123abcd.tmp", "checkpoint.tmp", "checkpoint.0123ABCD.tmp", "best.safetensors.0123abcd.tmp.gz"}
	swept := []string{"checkpoint.next.0123abcd.tmp", "best.safetensors.ffffffff.tmp", "summary.json.00000000.tmp"}
	for _, dir := range []string{"a", "[ab]"} {
		put(t, filepath.Join(root, dir), append(append([]string{"config.toml", "last.safetensors.0123abcd.tmp/"}, left...), swept...)...)
	}
	put(t, filepath.Join(root, "[ab]"), "plots/", "plots/curves.png.0123abcd.tmp", "plots/curves.png", "plots/notes.0123abcd.tmp")
	before := names(t, filepath.Join(root, "a"))
	if err := sweep(filepath.Join(root, "[ab]")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Join(root, "a")); !slices.Equal(got, before) {
		t.Errorf("another directory has %v, had %v", got, before)
	}
	if got := names(t, filepath.Join(root, "[ab]", PlotsDir)); !slices.Equal(got, []string{"curves.png", "notes.0123abcd.tmp"}) {
		t.Errorf("the plots are %v", got)
	}
	want := append([]string{"config.toml", "last.safetensors.0123abcd.tmp", PlotsDir}, left...)
	slices.Sort(want)
	if got := names(t, filepath.Join(root, "[ab]")); !slices.Equal(got, want) {
		t.Errorf("left %v, want %v", got, want)
	}
}

// A run that is refused is not swept either: it may be another's.
func TestRefusedRunIsUntouched(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "lock", "config.toml", "failure.txt", "checkpoint.next.0123abcd.tmp")
	before := names(t, dir)
	if _, err := Reopen(dir); !errors.As(err, new(*FailedError)) {
		t.Error(err)
	}
	if got := names(t, dir); !slices.Equal(got, before) {
		t.Errorf("%v became %v", before, got)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	if Busy(dir) {
		t.Error("an empty directory is busy")
	}
	d, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("locked twice: %v", err)
	}
	if !Busy(dir) {
		t.Error("not busy")
	}
	// Another user may read the lock and not write it.
	if err := os.Chmod(filepath.Join(dir, lockFile), 0o444); err != nil {
		t.Fatal(err)
	}
	if !Busy(dir) {
		t.Error("a run that may only be read is not seen to be written")
	}
	d.Close()
	if _, err := os.Stat(dir); err == nil {
		t.Error("a directory in which nothing began was left")
	}
	if Busy(dir) {
		t.Error("busy with nobody there")
	}
}

// Many come and go at once, each removing the directory when it leaves, and never
// are two in it.
func TestLockIsExclusive(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	var inside, taken sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				d, err := Create(dir)
				if err != nil {
					continue // locked, or removed meanwhile
				}
				if other, in := inside.LoadOrStore("inside", i); in {
					t.Errorf("%d is in beside %v", i, other)
				}
				taken.Store(fmt.Sprint(i, n), true)
				inside.Delete("inside")
				d.Close()
			}
		})
	}
	all.Wait()
	count := 0
	taken.Range(func(any, any) bool { count++; return true })
	if count == 0 {
		t.Error("nobody ever got in")
	}
}

// Runs that are named in the same second get names of their own.
func TestCreateNamed(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "runs")
	var all sync.WaitGroup
	dirs := make([]*Dir, 4)
	for i := range dirs {
		all.Go(func() {
			var err error
			if dirs[i], err = CreateNamed(parent, "now-mlp"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := names(t, parent); !slices.Equal(got, []string{"now-mlp", "now-mlp-2", "now-mlp-3", "now-mlp-4"}) {
		t.Errorf("runs %v", got)
	}
	for _, d := range dirs {
		d.Close()
	}
}

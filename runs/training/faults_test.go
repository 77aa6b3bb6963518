//go:build linux && cgo

package training

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"glyph"
	"glyph/device"
	"glyph/gpu"
	"glyph/internal/needs"
	"glyph/kmnist"
	"glyph/runs"
)

// The faults of testdata/fakegl.c, and what their errors say.
var faults = []struct {
	name string
	says []string
}{
	{"no fault", nil},
	{"an OpenGL error", []string{"GL_INVALID_OPERATION"}},
	{"no memory", []string{"out of device memory"}},
	{"a lost context", []string{"context is lost", "resume from its last checkpoint"}},
	{"a program that does not link", []string{"does not compile", "out of registers"}},
	{"a device that does not answer", []string{"has not finished its work in 10 minutes", "resume from its last checkpoint"}},
}

const (
	glError = 1 + iota
	noMemory
	lostContext
	noLink
	noAnswer
)

// left is what a driver was asked for, and had not got back at the end.
type left struct {
	calls, links, waits                int
	updates                            int // by kernels that compiled steps have
	buffers, shaders, programs, fences int
	failed                             string // the call that failed
}

// A training is on a driver that fails at the n-th call, for every n there is: each
// fault is one clear error, nothing is left in the driver, and the run resumes, or
// begins again where it had not begun, and ends with the weights that it would have had.
func TestDriverThatFails(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of trainings")
	}
	if os.Getenv("FAKEGL") == "" {
		onFakeDriver(t)
		return
	}
	root := t.TempDir()
	t.Run("plain", func(t *testing.T) { failEverywhere(t, root, 2, 24, nil) })
	// In epochs of many steps these are compiled. Where tiles are measured and programs
	// kept, more is asked of the driver.
	t.Run("compiled", func(t *testing.T) { failEverywhere(t, root, 100, 24, nil) })
	t.Run("measured", func(t *testing.T) {
		failEverywhere(t, root, 100, 12, func(path string) {
			t.Setenv("GLYPH_GPU_TUNE", "on")
			t.Setenv("GLYPH_CACHE", path+"-cache")
		})
	})
}

// failEverywhere trains for so many steps an epoch on a driver that fails at so many places
// with every fault, or at all with GLYPH_TEST_FAULTS=all. If not nil, set is called for each run
// before.
func failEverywhere(t *testing.T, root string, steps, places int, set func(path string)) {
	task := tiny()
	task.Data, task.Settings.Epochs = kmnist.Synthetic(1, steps*task.Settings.Batch, 10), 2
	if set == nil {
		set = func(string) {}
	}
	// ended is the weights that a run has saved, when a driver without a fault has
	// ended what is there of it.
	ended := func(path string) map[string][]float32 {
		t.Helper()
		if r, err := runs.Open(path); err != nil || r.State != runs.Finished {
			setFault(t, 0, 0)
			if err := attempt(task, path); err != nil {
				t.Fatal(err)
			}
		}
		return saved(t, path)
	}
	path := filepath.Join(root, t.Name())
	set(path)
	want := ended(path)
	all := whatIsLeft(t)
	if all.links < 5 || all.waits < 3 || (all.updates > 0) != (steps > 2) || all.buffers+all.shaders+all.programs+all.fences != 0 {
		t.Fatalf("without a fault the driver has %+v", all)
	}
	goroutines := runtime.NumGoroutine()
	seen := map[int]int{}
	for kind, counts := range map[int]int{glError: all.calls, noMemory: all.calls, lostContext: all.calls, noLink: all.links, noAnswer: all.waits} {
		for _, n := range placesOf(counts, kind, places) {
			path := filepath.Join(root, fmt.Sprint(t.Name(), kind, "-", n))
			set(path)
			setFault(t, kind, n)
			err := attempt(task, path)
			l := whatIsLeft(t)
			at := fmt.Sprintf("%s at call %d, %s", faults[kind].name, n, l.failed)
			checkFault(t, at, kind, err, l)
			if err != nil {
				seen[kind]++
			}
			if got := ended(path); !reflect.DeepEqual(got, want) {
				t.Errorf("%s (%v): the run ends with other weights", at, err)
			}
			os.RemoveAll(path) //nolint:errcheck // the test's own
		}
		if seen[kind] == 0 && kind != noLink {
			t.Errorf("%s was never an error", faults[kind].name)
		}
	}
	if n := runtime.NumGoroutine(); n > goroutines+2 {
		t.Errorf("%d goroutines are left of %d", n, goroutines)
	}
	t.Logf("%+v without a fault; errors by kind %v", all, seen)
}

// placesOf is up to so many numbers of calls to fail at, the more of them the nearer to the
// beginning, where programs and memory are made.
func placesOf(calls, kind, places int) (list []int) {
	if os.Getenv("GLYPH_TEST_FAULTS") == "all" {
		every := 1
		if calls > 5000 { // a compiled step's: a prime number, so that no call of a step is left out
			every = 7
		}
		for n := 1; n <= calls; n += every {
			list = append(list, n)
		}
		return list
	}
	for i := range places {
		list = append(list, min(1+kind*i/2+(calls-1)*i*i/(places*places), calls))
	}
	return slices.Compact(list)
}

// saved is the weights in a run's directory.
func saved(t *testing.T, path string) map[string][]float32 {
	t.Helper()
	w, err := runs.OpenWeights(path)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]float32{}
	for _, tensor := range w.Tensors {
		values[tensor.Name] = tensor.Data
	}
	return values
}

// checkFault holds an error to say what happened, in one line but for a compiler's
// log, and the driver to have got everything back: but for what it has lost, and for
// the deletion that is itself the call that failed.
func checkFault(t *testing.T, at string, kind int, err error, l left) {
	t.Helper()
	if err != nil {
		text := err.Error()
		unsaid := slices.ContainsFunc(faults[kind].says, func(s string) bool { return !strings.Contains(text, s) })
		if unsaid && !strings.Contains(text, "no OpenGL 4.3 device") {
			t.Errorf("%s: %v", at, err)
		}
		if kind != noLink && strings.Contains(text, "\n") {
			t.Errorf("%s: more than a line: %q", at, text)
		}
	}
	if kind != lostContext && !strings.HasPrefix(l.failed, "glDelete") && l.buffers+l.shaders+l.programs+l.fences != 0 {
		t.Errorf("%s: %+v are left", at, l)
	}
}

// attempt trains in a directory, or resumes what is in it.
func attempt(task Task, path string) (err error) {
	tr, err := New(task)
	if err != nil {
		return err
	}
	dev, err := device.Choice{Kind: device.GPU}.Open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := dev.Close(); err == nil {
			err = closing
		}
	}()
	if err := tr.Build(dev); err != nil {
		return err
	}
	dir, err := runs.Reopen(path)
	if err != nil {
		if dir, err = runs.Create(path); err != nil {
			return err
		}
	}
	defer dir.Close()
	if err := tr.Record(dir); err != nil {
		return err
	}
	defer tr.Close()
	s, err := tr.Train(context.Background())
	if err != nil {
		return err
	}
	return tr.Keep(s, false)
}

// A device whose timer queries never end is timed by the clock: nobody waits for ever.
func TestQueriesThatNeverEnd(t *testing.T) {
	if os.Getenv("FAKEGL") == "" {
		onFakeDriver(t)
		return
	}
	setFault(t, 0, 0)
	b, err := gpu.Open(gpu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		x, y := glyph.NewTensor(b, glyph.Shape{8}), glyph.NewTensor(b, glyph.Shape{8})
		b.SetTiming(true)
		b.Dropout(y, x, glyph.Mask{Rate: 0.5}, b.AllocInts(glyph.ClockLen))
		ended <- b.Sync()
	}()
	select {
	case err = <-ended:
	case <-time.After(time.Minute):
		t.Fatal("a kernel is still being timed")
	}
	if times := b.Times(); err != nil || len(times) != 1 || times[0].Total <= 0 {
		t.Errorf("the kernels took %v (%v)", times, err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// onFakeDriver runs the test in another process, which loads the fake libEGL.
func onFakeDriver(t *testing.T) {
	cc := "cc"
	if v := os.Getenv("CC"); v != "" {
		cc = v
	}
	_, err := exec.LookPath(cc)
	needs.GPU(t, err)
	folder := t.TempDir()
	if out, err := exec.Command(cc, "-shared", "-fPIC", "-O1", "-o", filepath.Join(folder, "libEGL.so.1"), filepath.Join("testdata", "fakegl.c")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "FAKEGL="+filepath.Join(folder, "fault"), "LD_LIBRARY_PATH="+folder, "GLYPH_CACHE=off", "GLYPH_CONTEXT=egl", "GLYPH_GL_DEBUG=", "GLYPH_GL_TIME=", "GLYPH_GPU_TUNE=off", "GLYPH_GPU_FUSE=")
	if dir, err := os.MkdirTemp("/dev/shm", "glyph"); err == nil { // where nothing waits for a disk
		t.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck // the test's own
		cmd.Env = append(cmd.Env, "TMPDIR="+dir)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func setFault(t *testing.T, kind, n int) {
	t.Helper()
	if err := os.WriteFile(os.Getenv("FAKEGL"), fmt.Appendf(nil, "%d %d\n", kind, n), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(os.Getenv("FAKEGL") + ".left"); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}

func whatIsLeft(t *testing.T) (l left) {
	t.Helper()
	data, err := os.ReadFile(os.Getenv("FAKEGL") + ".left")
	if err != nil {
		t.Fatalf("the context was not destroyed: %v", err)
	}
	if _, err := fmt.Sscan(string(data), &l.calls, &l.links, &l.waits, &l.updates, &l.buffers, &l.shaders, &l.programs, &l.fences, &l.failed); err != nil {
		t.Fatal(err)
	}
	return l
}

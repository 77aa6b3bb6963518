package runs

import (
	"math"
	"path/filepath"
	"testing"

	"glyph/cpu"
	"glyph/train"
)

const oldRuns = "testdata/old"

// Runs that an older version left are listed, open, and tell what they told.
func TestOldRuns(t *testing.T) {
	list, err := List(oldRuns)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d runs, %v", len(list), err)
	}
	for _, r := range list {
		lines, err := r.Metrics()
		if err != nil || len(lines) == 0 {
			t.Errorf("%s: %d lines, %v", r.Name, len(lines), err)
		}
		b := cpu.New[float32](1)
		p, err := r.Predictor(b, 2)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := p.Probabilities(make([]uint8, 784)); err != nil || len(rows) != 1 || len(rows[0]) != 10 {
			t.Errorf("%s: %v, %v", r.Name, rows, err)
		}
		b.Close() //nolint:errcheck // a processor does not fail
		if c, damaged, err := ReadCheckpoint(r.Dir); err != nil || damaged != nil || c.Arithmetic != "cpu float32, avx512 packed gemm" || len(c.State.W) == 0 {
			t.Errorf("%s: %+v, %v, %v", r.Name, c, damaged, err)
		}
		if r.Model != "mlp" || r.Name == "fromweights" && r.Epochs != 2 {
			t.Errorf("%+v", r)
		}
	}
	// Without early stopping it kept and evaluated the weights of the last epoch:
	// its figures are of those, and not of the best epoch or the highest accuracy.
	finished, err := Open(filepath.Join(oldRuns, "finished"))
	if err != nil {
		t.Fatal(err)
	}
	if finished.State != Finished || finished.BestEpoch != 30 || finished.ValidationLoss == nil || math.Abs(*finished.ValidationLoss-1.5813883543014526) > 1e-12 || *finished.ValidationAccuracy != 0.375 {
		t.Errorf("%+v", finished)
	}
	s, err := finished.Summary()
	if err != nil || s.ValidationImages != 8 || len(s.History) != 30 || s.History[24].ValidationLoss == nil || *s.History[24].ValidationLoss != 1.4179924726486206 || s.Stopped != train.RanToEnd {
		t.Errorf("%+v, %v", s, err)
	}
	if w, err := finished.Weights(); err != nil || filepath.Base(w.Path) != LastFile {
		t.Errorf("%+v, %v", w, err)
	}
	// Early stopping kept the first epoch. Its third had an accuracy of exactly 0.
	early, err := Open(filepath.Join(oldRuns, "early"))
	if err != nil || early.BestEpoch != 1 || *early.ValidationAccuracy != 0.25 {
		t.Errorf("%+v, %v", early, err)
	}
	s, err = early.Summary()
	if err != nil || s.Stopped != train.NoImprovement || s.History[2].ValidationAccuracy == nil || *s.History[2].ValidationAccuracy != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	crashed, err := Open(filepath.Join(oldRuns, "crashed"))
	if err != nil || crashed.State != Crashed || !crashed.Resumable || crashed.Epoch != 5 || crashed.BestEpoch != 5 {
		t.Errorf("%+v, %v", crashed, err)
	}
	c, _, err := ReadCheckpoint(crashed.Dir)
	if err != nil || c.State.Epoch != 5 || c.State.Steps != 9 || c.State.Epochs[4].Validation == nil || c.State.Epochs[4].Validation.Loss != *crashed.ValidationLoss {
		t.Errorf("%+v, %v", c, err)
	}
}

// The number of workers and the processor's model are not what decides the bits.
func TestArithmetic(t *testing.T) {
	for device, want := range map[string]string{
		"cpu float32, avx512 packed gemm, 2 workers, AMD EPYC":           "cpu float32, avx512 packed gemm",
		"cpu float32, avx512 packed gemm, 1 worker, Intel(R) Xeon(R), 2": "cpu float32, avx512 packed gemm",
		"cpu float32, gonum, 16 workers, amd64":                          "cpu float32, gonum",
		"NVIDIA H100/PCIe, OpenGL 4.6, 550.54":                           "NVIDIA H100/PCIe, OpenGL 4.6, 550.54",
	} {
		if got := arithmeticOf(device); got != want {
			t.Errorf("%q rounds as %q, want %q", device, got, want)
		}
	}
}

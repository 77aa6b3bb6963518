package timing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"glyph/cpu"
)

// A report has every operation of a step, once gathered as training does with
// augmentation, the steps at each batch size, and positive figures.
func TestMeasure(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	var told []string
	r := Report{Backend: "cpu"}
	err := r.Measure(t.Context(), b, Options{Each: time.Millisecond, Network: "mlp", Operations: true}, Show{
		Peak:       func(*Report) { told = append(told, "peak") },
		Operations: func(_ *Report, list []Operation) { told = append(told, list[0].Model) },
		Steps:      func(r *Report) { told = append(told, r.Steps[0].Model) },
	})
	if err != nil || r.Backend != "cpu" || !slices.Equal(told, []string{"peak", "mlp", "mlp"}) {
		t.Fatalf("%v, told %q", err, told)
	}
	var ops []string
	for _, o := range r.Operations {
		if ops = append(ops, o.Op); o.Seconds <= 0 || o.GBytes <= 0 || o.Shape == "" || o.Batch != 128 {
			t.Errorf("%+v", o)
		}
		if moves := o.Op == "Optimize"; moves != (o.CopyGBytes > 0) { // the only one of a megabyte without arithmetic
			t.Errorf("%s beside a copy: %+v", o.Op, o)
		}
	}
	if want := "Gather GatherAugmented Dense Dense SoftmaxCrossEntropy DenseBackward DenseBackward Optimize Advance"; strings.Join(ops, " ") != want {
		t.Errorf("operations %v, want %s", ops, want)
	}
	if len(r.Steps) != 2 || r.Steps[0].Batch != 16 || r.Steps[1].Batch != 128 {
		t.Errorf("steps %+v", r.Steps)
	}
	for _, s := range r.Steps {
		if s.Seconds <= 0 || s.GFLOPS <= 0 || s.Epoch <= 0 {
			t.Errorf("%+v", s)
		}
	}
}

func TestMeasureStops(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var r Report
	err := r.Measure(ctx, b, Options{Each: time.Millisecond, Network: "mlp", Operations: true}, Show{Peak: func(*Report) { cancel() }})
	if !errors.Is(err, context.Canceled) || len(r.Operations)+len(r.Steps) > 0 {
		t.Errorf("%v, %+v", err, r)
	}
	if err := r.Measure(t.Context(), b, Options{Network: "lenet"}, Show{}); err == nil || !strings.Contains(err.Error(), "known are mlp, cnn, kmnist-benchmark, vgg, resnet") {
		t.Errorf("an unknown network: %v", err)
	}
}

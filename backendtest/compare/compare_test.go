package compare

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/settings"
	"glyph/train"
)

// small is a training of a network on a few drawn characters.
func small(spec models.Spec) Training {
	drawn := kmnist.Synthetic(1, 40, 1)
	return Training{
		Spec:    spec,
		Data:    train.Data{Train: settings.TrainSet(drawn.Train), Classes: 10, Mean: []float32{40}, Scale: []float32{0.01}},
		Options: train.Options{Epochs: 1, Batch: 10, LR: 0.1, Seed: 1},
	}
}

// forgetful is a backend whose dense layers forget the bias.
type forgetful struct{ glyph.Backend }

func (f forgetful) Dense(y, x, w, _ glyph.Tensor, act glyph.Activation) {
	f.Backend.Dense(y, x, w, glyph.Tensor{}, act)
}

// The first operation outside its bound is the one that is wrong.
func TestCompareNamesTheOperation(t *testing.T) {
	cnn := small(models.Spec{Model: "cnn", Filters: []int{2}, Units: []int{6}})
	b, other := cpu.New[float32](1), cpu.NewOracle(1)
	defer b.Close()
	defer other.Close()
	step, err := cnn.Steps(t.Context(), forgetful{b}, other)
	if err != nil || step.Outside == nil || step.Outside.Case.Op != "Dense" {
		t.Fatalf("%+v, %v", step, err)
	}
	if step, err := cnn.Steps(t.Context(), b, other); err != nil || step.Outside != nil {
		t.Fatalf("a right backend: %+v, %v", step, err)
	}
}

// Ctrl-C in the midst of a comparison is an interruption, not a failure.
func TestInterruptedComparison(t *testing.T) {
	linear := small(models.Spec{Model: "linear"})
	b, other := cpu.New[float32](1), cpu.NewOracle(1)
	defer b.Close()
	defer other.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := linear.Steps(ctx, b, other); !errors.Is(err, context.Canceled) {
		t.Errorf("operations: %v", err)
	}
	if _, err := linear.Run(ctx, b, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("training: %v", err)
	}
}

// Two backends train the same network, and their losses stand side by side.
func Example() {
	b, oracle := cpu.New[float32](1), cpu.NewOracle(1)
	defer b.Close()
	defer oracle.Close()
	linear := small(models.Spec{Model: "linear"})
	var results [2]Result
	for i, b := range []glyph.Backend{b, oracle} {
		var err error
		if results[i], err = linear.Run(context.Background(), b, 3); err != nil {
			log.Fatal(err)
		}
	}
	for step := range 3 {
		fmt.Printf("%d  %.2f  %.2f\n", step+1, results[0].Losses[step], results[1].Losses[step])
	}
	// Output:
	// 1  3.50  3.50
	// 2  4.51  4.51
	// 3  3.61  3.61
}

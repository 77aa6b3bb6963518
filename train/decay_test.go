package train

import (
	"context"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// Weight decay moves the weights of layers alone: biases, and the scales and shifts of
// batch normalisation, are after a step what they are without it.
func TestDecayLeavesBiasesAndBatchNorm(t *testing.T) {
	data, opt := toyData(16, 0, 0), toyOptions()
	opt.Epochs, opt.Rule = 1, glyph.NewOptimizer(glyph.AdamW) // one step
	after := func(decay float32) []models.NamedArray {
		b := cpu.New[float32](1)
		defer b.Close() //nolint:errcheck // a processor does not fail
		net := newNet(t, b, models.Spec{Model: "vgg", Input: []int{8, 8, 1}, Classes: 2}, opt.Batch)
		opt.Rule.WeightDecay = decay
		if _, err := Run(context.Background(), b, net, data, opt, Callbacks{}); err != nil {
			t.Fatal(err)
		}
		arrays, err := net.ReadWeights()
		if err != nil {
			t.Fatal(err)
		}
		return arrays
	}
	with, without := after(10), after(0)
	kinds := map[string]int{}
	for i, a := range with {
		_, kind, _ := strings.Cut(a.Name, ".")
		if strings.HasPrefix(a.Name, "batchnorm") {
			kind = "batchnorm " + kind
		}
		kinds[kind]++
		moved := false
		for j, v := range a.Data {
			moved = moved || v != without[i].Data[j]
		}
		if moved != (kind == "weight") {
			t.Errorf("%s, with and without weight decay: another %t", a.Name, moved)
		}
	}
	if len(kinds) < 4 {
		t.Errorf("only %v", kinds)
	}
}

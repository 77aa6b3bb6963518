package models_test

import (
	"math"
	"testing"

	"glyph"
	"glyph/models"
)

// TestPredictor holds more images than a batch to the definition: softmax of the
// logits of normalised pixels.
func TestPredictor(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, models.Spec{Model: "mlp", Input: []int{3, 2, 1}, Hidden: []int{5}, Classes: 4, Dropout: []float64{0.5}}, 4)
	for _, perPixel := range []bool{false, true} {
		mean, scale := []float32{90}, []float32{0.02}
		if perPixel {
			mean, scale = []float32{10, 20, 30, 40, 50, 60}, []float32{0.01, 0.02, 0, 0.04, 0.05, 0.06}
		}
		p, err := models.NewPredictor(b, net, mean, scale)
		if err != nil {
			t.Fatal(err)
		}
		const n = 9
		pixels := make([]uint8, n*6)
		for i := range pixels {
			pixels[i] = uint8(i * 37)
		}
		rows, err := p.Probabilities(pixels)
		if err != nil || len(rows) != n {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, row := range rows {
			x := make([]float32, 6)
			for j := range x {
				k := j % len(mean)
				x[j] = (float32(pixels[i*6+j]) - mean[k]) * scale[k]
			}
			b.Write(net.Input(1), x)
			logits := read64(t, b, net.Forward(1, false))
			sum := 0.0
			for _, v := range logits {
				sum += math.Exp(v)
			}
			for c, v := range row {
				if want := math.Exp(logits[c]) / sum; math.Abs(v-want) > 1e-6 {
					t.Errorf("image %d, class %d: %v, want %v", i, c, v, want)
				}
			}
		}
	}
}

func TestPredictorErrors(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, models.Spec{Model: "linear", Input: []int{3, 2, 1}}, 2)
	_, err := models.NewPredictor(b, net, []float32{1, 2}, []float32{1, 2})
	oneLine(t, err, "2 means")
	p, err := models.NewPredictor(b, net, []float32{1}, []float32{1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Probabilities(make([]uint8, 7))
	oneLine(t, err, "7 pixels")
	b.Write(glyph.Tensor{Buf: net.W.Buf, Off: net.W.Off, Shape: glyph.Shape{1}}, []float32{float32(math.NaN())})
	_, err = p.Probabilities(make([]uint8, 6))
	oneLine(t, err, "not finite")
	if rows, err := p.Probabilities(nil); err != nil || len(rows) != 0 {
		t.Errorf("of nothing: %v %v", rows, err)
	}
}

package study

import (
	"context"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/train"
)

// A trial's network is for the images and the classes of its data, and not for
// KMNIST's alone.
func TestTrialOfOtherData(t *testing.T) {
	const side, classes = 9, 13
	data := train.Data{Classes: classes, Mean: []float32{60}, Scale: []float32{0.01}}
	data.Train.Shape = glyph.Shape{side, side, 1}
	for i := range 3 * classes {
		data.Train.Labels = append(data.Train.Labels, byte(i%classes))
		for p := range side * side {
			data.Train.Images = append(data.Train.Images, byte((p+i%classes)%classes*19))
		}
	}
	data.Test = data.Train
	trial := Trial{Data: "d", Settings: tiny()[0].Fixed.with(func(s *Settings) { s.Model, s.Hidden, s.Images = "linear", nil, 3*classes }).complete(), Rate: 0.1, Seed: 1}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	r, err := do(context.Background(), b, trial, data)
	if want := side*side*classes + classes; err != nil || r.Parameters != want {
		t.Errorf("%d parameters, want %d: %v", r.Parameters, want, err)
	}
}

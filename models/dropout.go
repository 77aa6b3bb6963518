package models

import (
	"fmt"

	"glyph"
)

// Dropout sets elements to zero at random while training and scales the rest
// by 1/(1 - Rate); otherwise it changes nothing (Srivastava et al. 2014).
type Dropout struct{ Rate float32 } // 0 <= Rate < 1

// Kind is "dropout".
func (Dropout) Kind() string { return "dropout" }

func (d Dropout) String() string { return fmt.Sprintf("dropout %v", d.Rate) }

// Output is the input's shape.
func (d Dropout) Output(in glyph.Shape) (glyph.Shape, error) {
	if !(d.Rate >= 0 && d.Rate < 1) {
		return glyph.Shape{}, fmt.Errorf("dropout must be from 0 to below 1, not %v", d.Rate)
	}
	return in, nil
}

// Params is none.
func (Dropout) Params(glyph.Shape) []Param { return nil }

// FLOPs is 0: the work is element-wise.
func (Dropout) FLOPs(glyph.Shape) int { return 0 }

// View is true in evaluation.
func (d Dropout) View(training bool) bool { return !training }

// Forward drops elements of x.
func (d Dropout) Forward(b glyph.Backend, t *Tensors) {
	b.Dropout(t.Y, t.X[0], d.mask(t), t.Clock)
}

// Backward drops the same elements of dy.
func (d Dropout) Backward(b glyph.Backend, t *Tensors) {
	b.Dropout(t.DX, t.DY, d.mask(t), t.Clock)
}

func (d Dropout) mask(t *Tensors) glyph.Mask {
	return glyph.Mask{Rate: d.Rate, Seed: t.Seed, ID: t.Index}
}

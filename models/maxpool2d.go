package models

import (
	"fmt"

	"glyph"
)

// MaxPool2D is the greatest element of each window, channel by channel.
//
//	x (H, W, C)   y (P, Q, C)
type MaxPool2D struct{ Pool glyph.Pool }

// Kind is "maxpool2d".
func (MaxPool2D) Kind() string { return "maxpool2d" }

func (m MaxPool2D) String() string {
	return fmt.Sprintf("maxpool2d %d×%d, stride %d", m.Pool.Size, m.Pool.Size, m.Pool.Stride)
}

// Output is (P, Q, C).
func (m MaxPool2D) Output(in glyph.Shape) (glyph.Shape, error) {
	if in.Rank() != 3 {
		return glyph.Shape{}, fmt.Errorf("the input is %v, not an image (height, width, channels)", in)
	}
	out, err := m.Pool.Shape(in.Batched(1))
	return out.Sample(), err
}

// Params is none.
func (MaxPool2D) Params(glyph.Shape) []Param { return nil }

// FLOPs is 0: comparisons are not arithmetic.
func (MaxPool2D) FLOPs(glyph.Shape) int { return 0 }

// View is false.
func (MaxPool2D) View(bool) bool { return false }

// Forward computes the maxima.
func (m MaxPool2D) Forward(b glyph.Backend, t *Tensors) { b.MaxPool2D(t.Y, t.X[0], m.Pool) }

// Backward routes each dy to the element that was the maximum.
func (m MaxPool2D) Backward(b glyph.Backend, t *Tensors) {
	b.MaxPool2DBackward(t.DX, t.DY, t.Y, t.X[0], m.Pool)
}

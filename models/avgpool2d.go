package models

import (
	"fmt"

	"glyph"
)

// AvgPool2D takes the mean of each window, channel by channel:
// glyph.Backend.AvgPool2D.
//
//	x (H, W, C)   y (P, Q, C)
type AvgPool2D struct{ Pool glyph.Pool }

// Kind is "avgpool2d".
func (AvgPool2D) Kind() string { return "avgpool2d" }

func (a AvgPool2D) String() string {
	return fmt.Sprintf("avgpool2d %d×%d, stride %d", a.Pool.Size, a.Pool.Size, a.Pool.Stride)
}

// Output is (P, Q, C).
func (a AvgPool2D) Output(in glyph.Shape) (glyph.Shape, error) { return MaxPool2D(a).Output(in) }

// Params is none.
func (AvgPool2D) Params(glyph.Shape) []Param { return nil }

// FLOPs is 0: only products count.
func (AvgPool2D) FLOPs(glyph.Shape) int { return 0 }

// View is false.
func (AvgPool2D) View(bool) bool { return false }

// Forward computes the means.
func (a AvgPool2D) Forward(b glyph.Backend, t *Tensors) { b.AvgPool2D(t.Y, t.X[0], a.Pool) }

// Backward spreads each dy over its window.
func (a AvgPool2D) Backward(b glyph.Backend, t *Tensors) { b.AvgPool2DBackward(t.DX, t.DY, a.Pool) }

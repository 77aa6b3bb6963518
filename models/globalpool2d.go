package models

import (
	"fmt"

	"glyph"
)

// GlobalPool2D takes the mean or the maximum of each channel over the whole image
// (Lin, Chen & Yan 2014, §3.2).
//
//	x (H, W, C)   y (C)
type GlobalPool2D struct{ Pool glyph.PoolKind }

// Kind is "globalpool2d".
func (GlobalPool2D) Kind() string { return "globalpool2d" }

func (g GlobalPool2D) String() string { return fmt.Sprintf("globalpool2d %v", g.Pool) }

// Output is (C).
func (GlobalPool2D) Output(in glyph.Shape) (glyph.Shape, error) {
	if in.Rank() != 3 {
		return glyph.Shape{}, fmt.Errorf("the input is %v, not an image (height, width, channels)", in)
	}
	return glyph.Shape{in[2]}, nil
}

// Params is none.
func (GlobalPool2D) Params(glyph.Shape) []Param { return nil }

// FLOPs is 0: only products count.
func (GlobalPool2D) FLOPs(glyph.Shape) int { return 0 }

// View is false.
func (GlobalPool2D) View(bool) bool { return false }

// Forward pools.
func (g GlobalPool2D) Forward(b glyph.Backend, t *Tensors) { b.GlobalPool2D(t.Y, t.X[0], g.Pool) }

// Backward spreads dy over the image, or sends it to the first maximum.
func (g GlobalPool2D) Backward(b glyph.Backend, t *Tensors) {
	b.GlobalPool2DBackward(t.DX, t.DY, t.Y, t.X[0], g.Pool)
}

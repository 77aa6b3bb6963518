package models

import (
	"fmt"

	"glyph"
)

// Conv2D is a convolution with Kernel×Kernel windows.
//
//	x (H, W, C)   y (P, Q, Filters)   weight (Filters, Kernel, Kernel, C)   bias (Filters)
type Conv2D struct {
	Filters    int
	Kernel     int // height and width of a window
	Conv       glyph.Conv
	Activation glyph.Activation
	NoBias     bool // for use before a normalisation, which would subtract a bias again
}

// Kind is "conv2d".
func (Conv2D) Kind() string { return "conv2d" }

func (c Conv2D) String() string {
	bias := ""
	if c.NoBias {
		bias = ", no bias"
	}
	return fmt.Sprintf("conv2d %d×%d, %d, stride %d, pad %d%s%s",
		c.Kernel, c.Kernel, c.Filters, c.Conv.Stride, c.Conv.Pad, bias, suffix(c.Activation))
}

// Output is (P, Q, Filters).
func (c Conv2D) Output(in glyph.Shape) (glyph.Shape, error) {
	if c.Filters < 1 || c.Kernel < 1 {
		return glyph.Shape{}, fmt.Errorf("filters and kernel must be at least 1, not %d and %d", c.Filters, c.Kernel)
	}
	if in.Rank() != 3 {
		return glyph.Shape{}, fmt.Errorf("the input is %v, not an image (height, width, channels)", in)
	}
	out, err := c.Conv.Shape(in.Batched(1), c.weight(in))
	return out.Sample(), err
}

func (c Conv2D) weight(in glyph.Shape) glyph.Shape {
	return glyph.Shape{c.Filters, c.Kernel, c.Kernel, in[2]}
}

// Params is weight (Filters, Kernel, Kernel, C) and bias (Filters).
func (c Conv2D) Params(in glyph.Shape) []Param {
	window := c.Kernel * c.Kernel
	params := []Param{
		{Name: "weight", Shape: c.weight(in), Start: Random, FanIn: window * in[2], FanOut: window * c.Filters},
		{Name: "bias", Shape: glyph.Shape{c.Filters}, Role: Trained},
	}
	if c.NoBias {
		return params[:1]
	}
	return params
}

// FLOPs is 2·P·Q·Filters·Kernel·Kernel·C, with windows that reach over the
// border counted whole.
func (c Conv2D) FLOPs(in glyph.Shape) int {
	p, q := c.Conv.Output(in[0], c.Kernel), c.Conv.Output(in[1], c.Kernel)
	return 2 * p * q * c.weight(in).Size()
}

// View is false.
func (Conv2D) View(bool) bool { return false }

// Forward computes y = act(conv(x, w) + b).
func (c Conv2D) Forward(b glyph.Backend, t *Tensors) {
	b.Conv2D(t.Y, t.X[0], t.P[0], c.bias(t.P), c.Conv, c.Activation)
}

// Backward computes dx, dw and db.
func (c Conv2D) Backward(b glyph.Backend, t *Tensors) {
	b.Conv2DBackward(t.DX, t.DP[0], c.bias(t.DP), t.DY, t.Y, t.X[0], t.P[0], c.Conv, c.Activation)
}

// bias is the bias of the layer's parameters, or the zero Tensor.
func (c Conv2D) bias(p []glyph.Tensor) glyph.Tensor {
	if c.NoBias {
		return glyph.Tensor{}
	}
	return p[1]
}

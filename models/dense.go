package models

import (
	"fmt"

	"glyph"
)

// Dense is y = act(x·wᵀ + b), fully connected.
//
//	x (In)   y (Units)   weight (Units, In)   bias (Units)
type Dense struct {
	Units      int
	Activation glyph.Activation
}

// Kind is "dense".
func (Dense) Kind() string { return "dense" }

func (d Dense) String() string { return fmt.Sprintf("dense %d%s", d.Units, suffix(d.Activation)) }

// Output is (Units).
func (d Dense) Output(in glyph.Shape) (glyph.Shape, error) {
	if d.Units < 1 {
		return glyph.Shape{}, fmt.Errorf("units must be at least 1, not %d", d.Units)
	}
	if in.Rank() != 1 {
		return glyph.Shape{}, fmt.Errorf("the input is %v: put a flatten layer before a dense one", in)
	}
	return glyph.Shape{d.Units}, nil
}

// Params is weight (Units, In) and bias (Units).
func (d Dense) Params(in glyph.Shape) []Param {
	return []Param{
		{Name: "weight", Shape: glyph.Shape{d.Units, in[0]}, Start: Random, FanIn: in[0], FanOut: d.Units},
		{Name: "bias", Shape: glyph.Shape{d.Units}, Role: Trained},
	}
}

// FLOPs is 2·In·Units.
func (d Dense) FLOPs(in glyph.Shape) int { return 2 * in[0] * d.Units }

// View is false.
func (Dense) View(bool) bool { return false }

// Forward computes y = act(x·wᵀ + b).
func (d Dense) Forward(b glyph.Backend, t *Tensors) {
	b.Dense(t.Y, t.X[0], t.P[0], t.P[1], d.Activation)
}

// Backward computes dx, dw and db.
func (d Dense) Backward(b glyph.Backend, t *Tensors) {
	b.DenseBackward(t.DX, t.DP[0], t.DP[1], t.DY, t.Y, t.X[0], t.P[0], d.Activation)
}

// suffix is an activation at the end of a layer's description.
func suffix(a glyph.Activation) string {
	if a.Kind == glyph.None {
		return ""
	}
	return ", " + a.String()
}

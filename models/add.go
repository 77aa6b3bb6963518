package models

import "glyph"

// Add is y = act(a + b), with two inputs of the same shape: the end of a residual
// block (He, Zhang, Ren & Sun 2016).
type Add struct{ Activation glyph.Activation }

// Kind is "add".
func (Add) Kind() string { return "add" }

func (a Add) String() string { return "add" + suffix(a.Activation) }

// Inputs is 2.
func (Add) Inputs() int { return 2 }

// Passes is true without an activation.
func (a Add) Passes() bool { return a.Activation.Kind == glyph.None }

// Output is the inputs' shape.
func (Add) Output(in glyph.Shape) (glyph.Shape, error) { return in, nil }

// Params is none.
func (Add) Params(glyph.Shape) []Param { return nil }

// FLOPs is 0: the work is element-wise.
func (Add) FLOPs(glyph.Shape) int { return 0 }

// View is false.
func (Add) View(bool) bool { return false }

// Forward adds.
func (a Add) Forward(b glyph.Backend, t *Tensors) { b.Add(t.Y, t.X[0], t.X[1], a.Activation) }

// Backward is the gradient through the activation, the same for both inputs.
func (a Add) Backward(b glyph.Backend, t *Tensors) { b.AddBackward(t.DX, t.DY, t.Y, a.Activation) }

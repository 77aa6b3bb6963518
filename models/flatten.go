package models

import "glyph"

// Flatten turns an image into a vector, row by row with the channels of a
// pixel together. It is a view and costs nothing.
type Flatten struct{}

// Kind is "flatten".
func (Flatten) Kind() string { return "flatten" }

func (Flatten) String() string { return "flatten" }

// Output is one dimension with all elements.
func (Flatten) Output(in glyph.Shape) (glyph.Shape, error) { return glyph.Shape{in.Size()}, nil }

// Params is none.
func (Flatten) Params(glyph.Shape) []Param { return nil }

// FLOPs is 0.
func (Flatten) FLOPs(glyph.Shape) int { return 0 }

// View is true.
func (Flatten) View(bool) bool { return true }

// Forward is never called.
func (Flatten) Forward(glyph.Backend, *Tensors) {}

// Backward is never called.
func (Flatten) Backward(glyph.Backend, *Tensors) {}

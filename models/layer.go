package models

import "glyph"

// Layer is one step of a network. Shapes are those of a single sample, without
// the batch dimension; tensors have it.
type Layer interface {
	// Kind names the operation, as its files are named: "conv2d".
	Kind() string
	// String is the layer with its settings, for a person.
	String() string

	// Output is the shape that comes out where in goes in. Its error is a
	// user's mistake, in one line.
	Output(in glyph.Shape) (glyph.Shape, error)
	// Params is the parameters that the layer needs for the input in, none for
	// most kinds. in is one that Output accepts.
	Params(in glyph.Shape) []Param
	// FLOPs is the floating-point operations of a sample's forward pass, two
	// for a multiply-add. Only products count: bias, activation and what looks
	// at each element once is left out, as is customary.
	FLOPs(in glyph.Shape) int

	// View reports whether the output is the input as it lies in memory, at
	// most under another shape. Then the layer has no buffer of its own and
	// neither Forward nor Backward is called.
	View(training bool) bool
	// Forward computes y from x and the parameters p, which are in the order
	// of Params. It asks for the same operations every time and allocates
	// nothing.
	Forward(b glyph.Backend, y, x glyph.Tensor, p []glyph.Tensor, s State)
	// Backward computes dx = ∂loss/∂x and dp = ∂loss/∂p from dy = ∂loss/∂y and
	// what Forward saw and made. dx is the zero Tensor where nobody needs it,
	// which happens only to a layer with parameters.
	Backward(b glyph.Backend, dx, dy, y, x glyph.Tensor, p, dp []glyph.Tensor, s State)
}

// Param describes a parameter tensor of a layer.
type Param struct {
	Name  string // "weight" or "bias"
	Shape glyph.Shape

	// Weight tells a weight, which is initialised at random and decays, from a
	// bias, which starts at zero and does not.
	Weight bool
	// FanIn and FanOut are how many inputs an output is summed from and how
	// many outputs an input goes into. Initialisers scale weights by them.
	FanIn, FanOut int
}

// State is what a layer may need beside tensors.
type State struct {
	Clock glyph.Ints // of the training; nil where none was set
	Seed  uint64     // of all randomness of the network
	Index uint32     // the layer's place in the network: tells its randomness apart
}

package models

import "glyph"

// Layer is one step of a network. Shapes are those of a single sample, without
// the batch dimension; tensors have it.
type Layer interface {
	// Kind names the operation, as its files are named: "conv2d".
	Kind() string
	// String is the layer with its settings, for display.
	String() string

	// Output is the shape of the output for an input of shape in. Its error says
	// in one line why the layer can't take that input.
	Output(in glyph.Shape) (glyph.Shape, error)
	// Params lists the parameters that the layer needs for an input of shape in,
	// which Output has accepted. Most kinds have none.
	Params(in glyph.Shape) []Param
	// FLOPs is the number of floating-point operations in the forward pass of a
	// sample, two for a multiply-add. Only products count: biases, activations
	// and other element-wise work are left out, as is customary.
	FLOPs(in glyph.Shape) int

	// View reports whether the output is the input's memory, possibly with
	// another shape. Then the layer has no buffer of its own, and
	// neither Forward nor Backward is called.
	View(training bool) bool
	// Forward computes y from x and the parameters p, which are in the order
	// of Params. It asks for the same operations every time and allocates
	// nothing.
	Forward(b glyph.Backend, y, x glyph.Tensor, p []glyph.Tensor, s State)
	// Backward computes dx = ∂loss/∂x and dp = ∂loss/∂p from dy = ∂loss/∂y and
	// the input and output of Forward. dx is the zero Tensor where nothing needs
	// it, which happens only to a layer with parameters.
	Backward(b glyph.Backend, dx, dy, y, x glyph.Tensor, p, dp []glyph.Tensor, s State)
}

// Param describes a parameter tensor of a layer.
type Param struct {
	Name  string // "weight" or "bias"
	Shape glyph.Shape

	// Weight distinguishes a weight, which is initialised at random and decays,
	// from a bias, which starts at zero and doesn't.
	Weight bool
	// FanIn is the number of inputs that each output sums over, FanOut the number
	// of outputs that each input contributes to. Initialisers scale weights by them.
	FanIn, FanOut int
}

// State is what a layer may need besides tensors.
type State struct {
	Clock glyph.Ints // of the training; nil where none was set
	Seed  uint64     // of all randomness of the network
	Index uint32     // the layer's place in the network, so that each layer has its own random numbers
}

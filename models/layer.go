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
	// Params lists the parameters and the state that the layer needs for an input of
	// shape in, which Output has accepted. Most kinds have none.
	Params(in glyph.Shape) []Param
	// FLOPs is the number of floating-point operations in the forward pass of a
	// sample, two for a multiply-add. Only products count: biases, activations
	// and other element-wise work are left out, as is customary.
	FLOPs(in glyph.Shape) int

	// View reports whether the output is the input's memory, possibly with
	// another shape. Then the layer has no buffer of its own, and
	// neither Forward nor Backward is called.
	View(training bool) bool
	// Forward computes t.Y from t.X and t.P. It asks for the same operations every
	// time and allocates nothing.
	Forward(b glyph.Backend, t *Tensors)
	// Backward computes t.DX and t.DP, whichever are non-zero, from t.DY, after a
	// Forward in training. t.X, t.Y, t.P and t.Kept are as Forward left them.
	Backward(b glyph.Backend, t *Tensors)
}

// Merger is a Layer with several inputs, all of the same shape and with the same
// gradient.
type Merger interface {
	Layer
	// Inputs is the number of inputs.
	Inputs() int
	// Passes reports whether the gradient of the inputs equals that of the output. Then
	// Backward is never called.
	Passes() bool
}

// Keeper is a Layer that keeps more for its backward pass than its input and
// output.
type Keeper interface {
	Layer
	// Keeps lists the shapes of t.Kept for an input of shape in. They don't depend on
	// the size of the batch.
	Keeps(in glyph.Shape) []glyph.Shape
}

// Tensors are the tensors that a layer reads and writes in a step. Those of state and
// parameters are views of the network's arenas.
type Tensors struct {
	X    []glyph.Tensor // inputs: one, but for a Merger
	Y    glyph.Tensor
	P    []glyph.Tensor // in the order of Params
	Kept []glyph.Tensor // of a Keeper, in training; written by Forward

	DY glyph.Tensor   // ∂loss/∂y
	DX glyph.Tensor   // ∂loss/∂x; zero where nothing needs it, which happens only to a layer with parameters
	DP []glyph.Tensor // ∂loss/∂p; zero for state

	Training bool
	Clock    glyph.Ints // of the training; nil where none was set
	Seed     uint64     // of all randomness of the network
	Index    uint32     // the layer's place in the network, so that each layer has its own random numbers
}

// Param describes a parameter tensor of a layer, or a tensor of state that it keeps
// from step to step.
type Param struct {
	Name  string // PyTorch's name, such as "weight", "bias" or "running_mean"
	Shape glyph.Shape

	Start Start
	Role  Role
	// FanIn is the number of inputs that each output sums over, FanOut the number
	// of outputs that each input contributes to. Initialisers scale random values by
	// them.
	FanIn, FanOut int
}

// Start is the initial value of a parameter.
type Start uint8

// The initial values.
const (
	Zero   Start = iota // all 0
	One                 // all 1
	Random              // by the network's Initializer
)

// Role is what training does with a parameter.
type Role uint8

// The roles, in their order in the arena.
const (
	Decays  Role = iota // trained, with weight decay and L2 penalty
	Trained             // trained, without either
	Kept                // not trained: state that layers write in training
	roles
)

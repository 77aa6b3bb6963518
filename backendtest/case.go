package backendtest

import (
	"fmt"
	"hash/fnv"
	"slices"

	"glyph"
)

// Case is one operation on operands of given shapes, with its definition. An
// operand that the case leaves out is passed as the zero Tensor.
type Case struct {
	Op   string // the method of glyph.Backend
	Name string // the rest: shapes, activation, which results
	// Layer marks a layer of a preset, which is benchmarked.
	Layer bool

	Tensors []Operand // results first, in the order of the arguments
	Ints    []IntsOperand
	Bytes   []BytesOperand

	// Call asks the backend for the operation.
	Call func(b glyph.Backend, a Args)
	// Define is the definition. It may be given other inputs than the case's
	// own, as long as the shapes are the same.
	Define func(in Values) Results
	// FLOPs is the arithmetic of the operation, where that is what it costs.
	FLOPs float64
	// Moves is the bytes it has to move besides each tensor once: of operands that are
	// none, and of those that it has to read again.
	Moves int64
	// SignedZeros marks an operation whose zeros have the sign that the definition says.
	SignedZeros bool
}

// Operand is a tensor of a case under its name in the interface.
type Operand struct {
	Name  string
	Shape glyph.Shape
	// Fill makes the values before the operation; nil for a result that holds
	// none.
	Fill Fill
	// Result marks what the operation writes. A result with a Fill is updated
	// in place.
	Result bool
}

// Fill makes the values of an operand, from those of the operands after it if
// need be.
type Fill func(r *glyph.Rand, v []float64, in Values)

// IntsOperand is a block of integers of a case; Result as for Operand.
type IntsOperand struct {
	Name   string
	Values []int32
	Result bool
}

// BytesOperand is a block of N random bytes, each less than Below.
type BytesOperand struct {
	Name     string
	N, Below int
}

// Args is where the operands of a case lie on a backend. A name that is not
// there gives the zero Tensor, which is "not wanted".
type Args struct {
	Tensor map[string]glyph.Tensor
	Ints   map[string]glyph.Ints
	Bytes  map[string]glyph.Bytes
}

// Values is operands on the host.
type Values struct {
	Tensor map[string][]float64
	Ints   map[string][]int32
	Bytes  map[string][]byte
}

// Results is what the definition says of the operands marked Result.
type Results struct {
	Tensor map[string][]Number
	Ints   map[string][]int32
}

// String is the operation and the case, as subtests are called.
func (c *Case) String() string { return c.Op + " " + c.Name }

// seed is the case's own, and does not change when the list does.
func (c *Case) seed() uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, c.String())
	return h.Sum64()
}

// Values makes the inputs of the case. They are float32 numbers, so that every
// backend starts from the same.
func (c *Case) Values() Values { return c.values(c.seed()) }

func (c *Case) values(seed uint64) Values {
	v := Values{map[string][]float64{}, map[string][]int32{}, map[string][]byte{}}
	for _, o := range c.Ints {
		v.Ints[o.Name] = slices.Clone(o.Values)
	}
	for i, o := range c.Bytes {
		r := glyph.NewRand(seed, glyph.StreamTest, uint32(1000+i))
		data := make([]byte, o.N)
		for j := range data {
			data[j] = byte(r.IntN(o.Below))
		}
		v.Bytes[o.Name] = data
	}
	// Last to first: the y of a backward operation stands before the x it may
	// depend on.
	for i, o := range slices.Backward(c.Tensors) {
		if o.Fill == nil {
			continue
		}
		data := make([]float64, o.Shape.Size())
		o.Fill(glyph.NewRand(seed, glyph.StreamTest, uint32(i)), data, v)
		for j, x := range data {
			data[j] = float64(float32(x))
		}
		v.Tensor[o.Name] = data
	}
	return v
}

// elements is the size of all tensors together.
func (c *Case) elements() int {
	n := 0
	for _, o := range c.Tensors {
		n += o.Shape.Size()
	}
	return n
}

// traffic is the bytes that the operation has to move, numbers as float32: each
// operand once, and twice what it updates.
func (c *Case) traffic() int64 {
	n := c.Moves
	for _, o := range c.Tensors {
		n += 4 * int64(o.Shape.Size())
		if o.Result && o.Fill != nil {
			n += 4 * int64(o.Shape.Size())
		}
	}
	return n
}

func result(name string, s glyph.Shape) Operand        { return Operand{Name: name, Shape: s, Result: true} }
func input(name string, s glyph.Shape, f Fill) Operand { return Operand{Name: name, Shape: s, Fill: f} }
func state(name string, s glyph.Shape, f Fill) Operand {
	return Operand{Name: name, Shape: s, Fill: f, Result: true}
}

// normal fills with standard normal numbers times scale: zero-mean, as the
// tolerance supposes.
func normal(scale float64) Fill {
	return func(r *glyph.Rand, v []float64, _ Values) {
		for i := range v {
			v[i] = scale * r.Normal()
		}
	}
}

// uniform fills with numbers between lo and hi.
func uniform(lo, hi float64) Fill {
	return func(r *glyph.Rand, v []float64, _ Values) {
		for i := range v {
			v[i] = lo + (hi-lo)*r.Float64()
		}
	}
}

// these fills with the values given.
func these(values ...float64) Fill {
	return func(_ *glyph.Rand, v []float64, _ Values) {
		if len(v) != len(values) {
			panic("backendtest: these: wrong number of values")
		}
		copy(v, values)
	}
}

func clockAt(step, row int32) []int32 {
	return []int32{glyph.ClockStep: step, glyph.ClockRow: row}
}

// Cases is the whole list, in the order of the interface.
func Cases() []*Case {
	return slices.Concat(
		copyCases(), gatherCases(), augmentCases(), denseCases(), conv2dCases(), maxPool2DCases(),
		avgPool2DCases(), globalPool2DCases(), batchNorm2DCases(), addCases(), dropoutCases(),
		softmaxCases(), l2Cases(), optimizeCases(), averageCases(), advanceCases(), confusionCases(), notFiniteCases(),
	)
}

// Fits reports whether a case belongs to the conformance suite: the definition
// has to be evaluated in plain loops, so the largest layers are for benchmarks
// alone. short asks for a few seconds.
func (c *Case) Fits(short bool) bool {
	if short {
		return c.FLOPs <= 1e6 && c.elements() <= 50_000
	}
	return c.FLOPs <= 4e7 && c.elements() <= 500_000
}

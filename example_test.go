package glyph_test

import (
	"fmt"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// tally is a decorator: a backend that notes the dense layers of a network and
// has another do the work. What it does not name passes by, as it embeds the
// whole Backend. A decorator that may miss no operation embeds glyph.Device
// alone and writes out every method of glyph.Operations, as backendtest.Spy does:
// an operation that is added to the interface then breaks its build.
type tally struct {
	glyph.Backend
	layers []string
}

func (b *tally) Dense(y, x, w, bias glyph.Tensor, act glyph.Activation) {
	b.layers = append(b.layers, fmt.Sprintf("%v to %v, %v", x.Shape, y.Shape, act))
	b.Backend.Dense(y, x, w, bias, act)
}

// Writing a decorator: anything that takes a Backend takes it.
func ExampleBackend_decorator() {
	b := &tally{Backend: cpu.New[float32](1)}
	defer b.Close() //nolint:errcheck // the processor does not fail
	net, err := models.New(b, models.Spec{Model: "mlp", Hidden: []int{32, 16}}, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Forward(4, false)
	for _, l := range b.layers {
		fmt.Println(l)
	}
	// Output:
	// (4, 784) to (4, 32), relu
	// (4, 32) to (4, 16), relu
	// (4, 16) to (4, 10), none
}

// A piece of work that knows nothing of freeing, on a backend that goes on.
func ExampleScope() {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // the processor does not fail
	sum := func(numbers ...float32) float32 {
		s := glyph.NewScope(b)
		defer s.Close() //nolint:errcheck // as above
		n := len(numbers)
		y, x, ones := glyph.NewTensor(s, glyph.Shape{1, 1}), glyph.NewTensor(s, glyph.Shape{1, n}), glyph.NewTensor(s, glyph.Shape{1, n})
		s.Write(x, numbers)
		for i := range numbers {
			numbers[i] = 1
		}
		s.Write(ones, numbers)
		s.Dense(y, x, ones, glyph.Tensor{}, glyph.Activation{})
		var result [1]float32
		s.Read(result[:], y) //nolint:errcheck // as above
		return result[0]
	}
	fmt.Println(sum(1, 2, 3), sum(40, 2))
	// Output: 6 42
}

package backendtest_test

import (
	"fmt"

	"glyph"
	"glyph/backendtest"
	"glyph/cpu"
	"glyph/models"
)

// What a network asks of a backend, operation by operation.
func ExampleNewSpy() {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // the processor does not fail
	spy := backendtest.NewSpy(b, func(c *backendtest.Case, a backendtest.Args) {
		fmt.Printf("%s %s: %.0f FLOP\n", c.Op, c.About(), c.FLOPs)
		c.Call(b, a) // or not
	})
	net, err := models.New(spy, models.Spec{Model: "linear"}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Forward(2, false)
	// Output: Dense 2x784-10 none: 31360 FLOP
}

// Holding a backend to the specification outside of tests: here one case of one
// operation, and a mistake.
func ExampleCheck() {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // as above
	c := backendtest.DenseCase(3, 5, 4, true, glyph.Activation{Kind: glyph.Tanh})
	fmt.Println(len(backendtest.Check(b, c).Failures), "failures")
	fmt.Println(len(backendtest.Check(biasless{b}, c).Failures) > 0)
	// Output:
	// 0 failures
	// true
}

type biasless struct{ glyph.Backend }

func (b biasless) Dense(y, x, w, _ glyph.Tensor, act glyph.Activation) {
	b.Backend.Dense(y, x, w, glyph.Tensor{}, act)
}

package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// odds are numbers that a copy must not change: signed zeros, subnormals, the
// extremes, what is not finite.
var odds = []float64{
	0, math.Copysign(0, -1), 0x1p-149, -0x1.8p-130, 0x1p-126, math.MaxFloat32, -math.MaxFloat32,
	math.Inf(1), math.Inf(-1), math.NaN(), 1, math.Pi,
}

// sprinkled is random numbers with odds among them.
func sprinkled(r *glyph.Rand, v []float64, in Values) {
	normal(1)(r, v, in)
	for i := range v {
		if i%3 == 1 {
			v[i] = odds[i/3%len(odds)]
		}
	}
}

func copyCase(shape glyph.Shape) *Case {
	return &Case{
		Op: "Copy", Name: fmt.Sprint(shape), SignedZeros: true,
		Tensors: []Operand{result("dst", shape), input("src", shape, sprinkled)},
		Call:    func(b glyph.Backend, a Args) { b.Copy(a.Tensor["dst"], a.Tensor["src"]) },
		Define: func(in Values) Results {
			return Results{Tensor: map[string][]Number{"dst": exactly(in.Tensor["src"])}}
		},
	}
}

func copyCases() (cases []*Case) {
	for _, s := range []glyph.Shape{{1}, {2}, {3}, {63}, {8, 8}, {65}, {5, 7, 3, 2}, {1031}, {10_007}} {
		cases = append(cases, copyCase(s))
	}
	// The parameters of the mlp preset, and what batch normalisation reads in vgg's
	// largest layer: the speed of memory beside which its own stands.
	for _, s := range []glyph.Shape{{784*256 + 256 + 256*10 + 10}, {64, 28, 28, 24}} {
		layer := copyCase(s)
		layer.Layer = true
		cases = append(cases, layer)
	}
	return cases
}

package backendtest

import (
	"math"

	"glyph"
)

// activations is every kind, with a slope of its own for LeakyReLU.
var activations = []glyph.Activation{
	{Kind: glyph.None}, {Kind: glyph.ReLU}, glyph.Leaky(0.125), {Kind: glyph.Sigmoid}, {Kind: glyph.Tanh},
}

// activate is y = act(z). The error of z passes through by the Lipschitz
// constant: 1/4 for sigmoid, 1 for the others.
func activate(act glyph.Activation, z Number) Number {
	loose := z.mayBeNaN()
	if z.Error = math.Abs(z.Error); math.IsInf(z.Value, 0) {
		z.Error = 0 // however far off, it is in the limit
	}
	y := Number{act.Value(z.Value), z.Error}
	switch act.Kind {
	case glyph.LeakyReLU:
		if z.Value < z.Error*U32 { // the multiplication by the slope rounds
			y.Error += math.Abs(y.Value)
		}
	case glyph.Sigmoid:
		y.Error = z.Error/4 + sigmoidError
	case glyph.Tanh:
		y.Error += tanhError
	}
	return y.orNaN(loose)
}

// derive is dz = dy·act'(y).
func derive(act glyph.Activation, dy, y float64) Number {
	switch act.Kind {
	case glyph.LeakyReLU:
		if !(y > 0) {
			return mul(exact(dy), exact(float64(act.Slope)))
		}
	case glyph.Sigmoid:
		return mul(exact(dy), mul(exact(y), sub(exact(1), exact(y))))
	case glyph.Tanh:
		return mul(exact(dy), sub(exact(1), mul(exact(y), exact(y))))
	}
	return exact(act.Gradient(dy, y))
}

func deriveAll(act glyph.Activation, dy, y []float64) []Number {
	dz := make([]Number, len(dy))
	for i := range dz {
		dz[i] = derive(act, dy[i], y[i])
	}
	return dz
}

// activated fills v with values that act can have, its limits included: units
// that ReLU has shut off, a sigmoid that has saturated.
func activated(act glyph.Activation) Fill {
	return func(r *glyph.Rand, v []float64, _ Values) {
		for i := range v {
			v[i] = act.Value(1.5 * r.Normal())
			if i%11 == 10 && act.Kind != glyph.None {
				v[i] = act.Value(math.Inf(r.IntN(2)*2 - 1))
				if math.IsInf(v[i], 0) {
					v[i] = 0
				}
			}
		}
	}
}

package cpu

import (
	"math"

	"glyph"
	"glyph/cpu/internal/kernels"
)

// activate replaces pre-activations z by y = act(z).
func activate[T Float](k *kernels.Kernels[T], z []T, act glyph.Activation) {
	if k != nil {
		switch act.Kind {
		case glyph.ReLU:
			k.ReLU(z)
		case glyph.LeakyReLU:
			k.LeakyReLU(z, T(act.Slope))
		case glyph.Sigmoid:
			k.Sigmoid(z)
		case glyph.Tanh:
			k.Tanh(z)
		}
		return
	}
	switch act.Kind {
	case glyph.ReLU:
		for i, v := range z {
			if v < 0 {
				z[i] = 0
			}
		}
	case glyph.LeakyReLU:
		slope := T(act.Slope)
		for i, v := range z {
			if v < 0 {
				z[i] = slope * v
			}
		}
	case glyph.Sigmoid:
		for i, v := range z {
			z[i] = T(1 / (1 + math.Exp(-float64(v))))
		}
	case glyph.Tanh:
		for i, v := range z {
			z[i] = T(math.Tanh(float64(v)))
		}
	}
}

// derive computes dz = dy ⊙ act'(y).
func derive[T Float](k *kernels.Kernels[T], dz, dy, y []T, act glyph.Activation) {
	dy, y = dy[:len(dz)], y[:len(dz)]
	if k != nil && act.Kind != glyph.None {
		switch act.Kind {
		case glyph.ReLU:
			k.ReLUGrad(dz, dy, y)
		case glyph.LeakyReLU:
			k.LeakyReLUGrad(dz, dy, y, T(act.Slope))
		case glyph.Sigmoid:
			k.SigmoidGrad(dz, dy, y)
		case glyph.Tanh:
			k.TanhGrad(dz, dy, y)
		}
		return
	}
	switch act.Kind {
	case glyph.None:
		copy(dz, dy)
	case glyph.ReLU:
		for i, v := range y {
			if v > 0 {
				dz[i] = dy[i]
			} else {
				dz[i] = 0
			}
		}
	case glyph.LeakyReLU:
		slope := T(act.Slope)
		for i, v := range y {
			if v > 0 {
				dz[i] = dy[i]
			} else {
				dz[i] = dy[i] * slope
			}
		}
	case glyph.Sigmoid:
		for i, v := range y {
			dz[i] = dy[i] * (v * (1 - v))
		}
	case glyph.Tanh:
		for i, v := range y {
			dz[i] = dy[i] * (1 - v*v)
		}
	}
}

// elementsPerPart is the grain of element-wise work: about ten microseconds.
const elementsPerPart = 16384

type derivativeTask[T Float] struct {
	kernels   *kernels.Kernels[T]
	dz, dy, y []T
	act       glyph.Activation
}

func (t *derivativeTask[T]) part(_, i int) {
	lo, hi := span(i, elementsPerPart, len(t.dz))
	derive(t.kernels, t.dz[lo:hi], t.dy[lo:hi], t.y[lo:hi], t.act)
}

// preGradient is dz = dy ⊙ act'(y), in scratch memory unless it equals dy.
func (b *Backend[T]) preGradient(dy, y []T, act glyph.Activation) []T {
	if act.Kind == glyph.None {
		return dy
	}
	b.derivative = derivativeTask[T]{b.kernels, grow(&b.dz, len(dy)), dy, y, act}
	b.workers.run(&b.derivative, ceil(len(dy), elementsPerPart))
	return b.dz
}

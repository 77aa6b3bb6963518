package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

type addTask[T Float] struct {
	kernels *kernels.Kernels[T]
	y, x, z []T
	act     glyph.Activation
}

func (t *addTask[T]) part(_, i int) {
	lo, hi := span(i, elementsPerPart, len(t.y))
	y, x, z := t.y[lo:hi], t.x[lo:hi], t.z[lo:hi]
	switch {
	case t.kernels != nil && t.act.Kind == glyph.ReLU:
		t.kernels.PlusReLU(y, x, z)
		return
	case t.kernels != nil:
		t.kernels.Plus(y, x, z)
	default:
		for j := range y {
			y[j] = x[j] + z[j]
		}
	}
	activate(t.kernels, y, t.act)
}

// Add computes y = act(a + b).
func (b *Backend[T]) Add(y, a, c glyph.Tensor, act glyph.Activation) {
	glyph.CheckAdd(y, a, c, act)
	b.add = addTask[T]{b.kernels, b.data(y), b.data(a), b.data(c), act}
	b.workers.run(&b.add, ceil(y.Size(), elementsPerPart))
}

// AddBackward computes dx = dy ⊙ act'(y).
func (b *Backend[T]) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	glyph.CheckAddBackward(dx, dy, y, act)
	b.derivative = derivativeTask[T]{b.kernels, b.data(dx), b.data(dy), b.data(y), act}
	b.workers.run(&b.derivative, ceil(dx.Size(), elementsPerPart))
}

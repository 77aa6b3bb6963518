package backendtest

import (
	"math"
	"slices"

	"glyph"
)

func randoms(id uint32) *glyph.Rand { return glyph.NewRand(1, glyph.StreamTest, id) }

// mutant is a backend of which one operation is wrong: a field that is set
// stands for that operation. It embeds no Operations, so that one without a
// place for mistakes does not build.
type mutant struct {
	glyph.Device
	Backend        glyph.Backend // which is right
	pending        func()        // what is done when the host waits
	write          func(dst glyph.Tensor, src []float32)
	alloc          func(n int) glyph.Buffer
	repeat         func(n int, step func())
	copy           func(dst, src glyph.Tensor)
	gather         func(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32)
	augment        func(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64)
	dense          func(y, x, w, b glyph.Tensor, act glyph.Activation)
	denseBack      func(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation)
	conv           func(y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation)
	convBack       func(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation)
	pool           func(y, x glyph.Tensor, p glyph.Pool)
	poolBack       func(dx, dy, y, x glyph.Tensor, p glyph.Pool)
	avgPool        func(y, x glyph.Tensor, p glyph.Pool)
	avgPoolBack    func(dx, dy glyph.Tensor, p glyph.Pool)
	globalPool     func(y, x glyph.Tensor, k glyph.PoolKind)
	globalPoolBack func(dx, dy, y, x glyph.Tensor, k glyph.PoolKind)
	norm           func(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation)
	normBack       func(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation)
	normInfer      func(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation)
	add            func(y, a, b glyph.Tensor, act glyph.Activation)
	addBack        func(dx, dy, y glyph.Tensor, act glyph.Activation)
	dropout        func(y, x glyph.Tensor, m glyph.Mask, clock glyph.Ints)
	softmax        func(loss, hits, dlogits, logits, t glyph.Tensor)
	l2             func(penalty, w glyph.Tensor, lambda float32)
	optimize       func(w, m, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer)
	average        func(average, w glyph.Tensor, decay float32, clock glyph.Ints)
	advance        func(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor)
	confusion      func(counts glyph.Ints, logits, t glyph.Tensor)
}

var _ glyph.Backend = (*mutant)(nil)

func newMutant(b glyph.Backend) *mutant { return &mutant{Device: b, Backend: b} }

// or is the mutation where there is one, else the backend's own operation.
func or[F any](mutation, own F, set bool) F {
	if set {
		return mutation
	}
	return own
}

// flush does what is pending.
func (m *mutant) flush() {
	if f := m.pending; f != nil {
		m.pending = nil
		f()
	}
}

func (m *mutant) Read(dst []float32, src glyph.Tensor) error {
	m.flush()
	return m.Backend.Read(dst, src)
}
func (m *mutant) Sync() error {
	m.flush()
	return m.Backend.Sync()
}
func (m *mutant) Write(dst glyph.Tensor, src []float32) {
	or(m.write, m.Backend.Write, m.write != nil)(dst, src)
}
func (m *mutant) Alloc(n int) glyph.Buffer {
	return or(m.alloc, m.Backend.Alloc, m.alloc != nil)(n)
}

// Repeat calls step n times: mistakes read and allocate.
func (m *mutant) Repeat(n int, step func()) {
	loop := func(n int, step func()) {
		for range n {
			step()
		}
	}
	or(m.repeat, loop, m.repeat != nil)(n, step)
}
func (m *mutant) Copy(dst, src glyph.Tensor) {
	or(m.copy, m.Backend.Copy, m.copy != nil)(dst, src)
}
func (m *mutant) Gather(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) {
	or(m.gather, m.Backend.Gather, m.gather != nil)(x, t, set, order, clock, smoothing)
}
func (m *mutant) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	or(m.augment, m.Backend.GatherAugmented, m.augment != nil)(x, t, set, order, clock, smoothing, a, seed)
}
func (m *mutant) Dense(y, x, w, b glyph.Tensor, act glyph.Activation) {
	or(m.dense, m.Backend.Dense, m.dense != nil)(y, x, w, b, act)
}
func (m *mutant) DenseBackward(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
	or(m.denseBack, m.Backend.DenseBackward, m.denseBack != nil)(dx, dw, db, dy, y, x, w, act)
}
func (m *mutant) Conv2D(y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	or(m.conv, m.Backend.Conv2D, m.conv != nil)(y, x, w, b, c, act)
}
func (m *mutant) Conv2DBackward(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	or(m.convBack, m.Backend.Conv2DBackward, m.convBack != nil)(dx, dw, db, dy, y, x, w, c, act)
}
func (m *mutant) MaxPool2D(y, x glyph.Tensor, p glyph.Pool) {
	or(m.pool, m.Backend.MaxPool2D, m.pool != nil)(y, x, p)
}
func (m *mutant) MaxPool2DBackward(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
	or(m.poolBack, m.Backend.MaxPool2DBackward, m.poolBack != nil)(dx, dy, y, x, p)
}
func (m *mutant) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) {
	or(m.avgPool, m.Backend.AvgPool2D, m.avgPool != nil)(y, x, p)
}
func (m *mutant) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	or(m.avgPoolBack, m.Backend.AvgPool2DBackward, m.avgPoolBack != nil)(dx, dy, p)
}
func (m *mutant) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) {
	or(m.globalPool, m.Backend.GlobalPool2D, m.globalPool != nil)(y, x, k)
}
func (m *mutant) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	or(m.globalPoolBack, m.Backend.GlobalPool2DBackward, m.globalPoolBack != nil)(dx, dy, y, x, k)
}
func (m *mutant) Add(y, a, b glyph.Tensor, act glyph.Activation) {
	or(m.add, m.Backend.Add, m.add != nil)(y, a, b, act)
}
func (m *mutant) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	or(m.addBack, m.Backend.AddBackward, m.addBack != nil)(dx, dy, y, act)
}
func (m *mutant) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	or(m.norm, m.Backend.BatchNorm2D, m.norm != nil)(y, kept, mean, variance, x, gamma, beta, n, act)
}
func (m *mutant) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	or(m.normBack, m.Backend.BatchNorm2DBackward, m.normBack != nil)(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
}
func (m *mutant) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	or(m.normInfer, m.Backend.BatchNorm2DInference, m.normInfer != nil)(y, x, gamma, beta, mean, variance, n, act)
}
func (m *mutant) Dropout(y, x glyph.Tensor, mask glyph.Mask, clock glyph.Ints) {
	or(m.dropout, m.Backend.Dropout, m.dropout != nil)(y, x, mask, clock)
}
func (m *mutant) SoftmaxCrossEntropy(loss, hits, dlogits, logits, t glyph.Tensor) {
	or(m.softmax, m.Backend.SoftmaxCrossEntropy, m.softmax != nil)(loss, hits, dlogits, logits, t)
}
func (m *mutant) L2(penalty, w glyph.Tensor, lambda float32) {
	or(m.l2, m.Backend.L2, m.l2 != nil)(penalty, w, lambda)
}
func (m *mutant) Optimize(w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
	or(m.optimize, m.Backend.Optimize, m.optimize != nil)(w, mm, v, g, lr, clock, weights, o)
}
func (m *mutant) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	or(m.average, m.Backend.MovingAverage, m.average != nil)(average, w, decay, clock)
}
func (m *mutant) Advance(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
	or(m.advance, m.Backend.Advance, m.advance != nil)(clock, log, loss, hits, penalty)
}
func (m *mutant) Confusion(counts glyph.Ints, logits, t glyph.Tensor) {
	or(m.confusion, m.Backend.Confusion, m.confusion != nil)(counts, logits, t)
}

// get is the values of a tensor; nil for the zero Tensor.
func (m *mutant) get(t glyph.Tensor) []float32 {
	v := make([]float32, t.Size())
	if !t.IsZero() {
		m.Read(v, t)
	}
	return v
}

// edit changes the values of a tensor where it lies.
func (m *mutant) edit(t glyph.Tensor, f func(v []float32)) {
	if !t.IsZero() {
		v := m.get(t)
		f(v)
		m.Write(t, v)
	}
}

// changed is a copy of a tensor with its values changed.
func (m *mutant) changed(t glyph.Tensor, f func(v []float32)) glyph.Tensor {
	if t.IsZero() {
		return t
	}
	c := glyph.NewTensor(m.Backend, t.Shape)
	m.Backend.Copy(c, t)
	m.edit(c, f)
	return c
}

func (m *mutant) ints(i glyph.Ints) []int32 {
	v := make([]int32, i.Len())
	m.ReadInts(v, i)
	return v
}

// moved is a copy of integers with the values changed.
func (m *mutant) moved(i glyph.Ints, f func(v []int32)) glyph.Ints {
	c, v := m.AllocInts(i.Len()), m.ints(i)
	f(v)
	m.WriteInts(c, v)
	return c
}

// each changes every element.
func each(f func(x float32) float32) func([]float32) {
	return func(v []float32) {
		for i := range v {
			v[i] = f(v[i])
		}
	}
}

// half rounds to 11 bits of mantissa.
func half(x float32) float32 {
	const round = 1 << 12
	return math.Float32frombits((math.Float32bits(x) + round) &^ (2*round - 1))
}

// transpose reads an r×c matrix as c×r without moving it, so that the indices
// are swapped.
func transpose(r, c int) func([]float32) {
	return func(v []float32) {
		old := slices.Clone(v)
		for i := range r {
			for j := range c {
				v[i*c+j] = old[j*r+i]
			}
		}
	}
}

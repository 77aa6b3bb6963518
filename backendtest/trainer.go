package backendtest

import (
	"slices"

	"glyph"
)

// trainer is a small training step with every kind of operation that a
// recorded step has: the batch wraps around the order, the log around its
// rows, and the learning-rate table ends.
type trainer struct {
	b       glyph.Backend
	set     glyph.Dataset
	order   glyph.Ints
	clock   glyph.Ints
	counts  glyph.Ints
	lr, log glyph.Tensor

	params, grads, m, v glyph.Tensor // arenas
	w1, w2, b1, b2      glyph.Tensor
	dw1, dw2, db1, db2  glyph.Tensor
	plain, x, t         glyph.Tensor
	h, dh, d, dd        glyph.Tensor
	logits, dlogits     glyph.Tensor
	loss, hits, penalty glyph.Tensor
	initial, wait       func()
}

const (
	trainerRows, trainerImages, trainerBatch = 5, 10, 4
	trainerHidden, trainerClasses            = 9, 4
)

func newTrainer(b glyph.Backend) *trainer {
	image := glyph.Shape{6, 5, 1}
	r := glyph.NewRand(3, glyph.StreamTest, 0)
	random := func(n, below int) []byte {
		v := make([]byte, n)
		for i := range v {
			v[i] = byte(r.IntN(below))
		}
		return v
	}
	filled := func(v float32, shape glyph.Shape) glyph.Tensor {
		t := glyph.NewTensor(b, shape)
		b.Write(t, slices.Repeat([]float32{v}, shape.Size()))
		return t
	}
	s := &trainer{b: b,
		order: b.AllocInts(trainerImages), clock: b.AllocInts(glyph.ClockLen),
		counts: b.AllocInts(trainerClasses * trainerClasses),
		set: glyph.Dataset{
			Images: b.Upload(random(trainerImages*image.Size(), 256)), Labels: b.Upload(random(trainerImages, trainerClasses)),
			Shape: image.Batched(trainerImages), Mean: filled(120, glyph.Shape{1}), Scale: filled(0.01, glyph.Shape{1}),
		},
	}
	order := make([]int32, trainerImages)
	for i := range order {
		order[i] = int32(i)
	}
	r.Shuffle(order)
	b.WriteInts(s.order, order)

	initial := s.arenas(image.Size(), r)
	tensor := func(shape glyph.Shape) glyph.Tensor { return glyph.NewTensor(b, shape) }
	hidden, scores := glyph.Shape{trainerBatch, trainerHidden}, glyph.Shape{trainerBatch, trainerClasses}
	s.plain, s.x, s.t = tensor(image.Batched(trainerBatch)), tensor(image.Batched(trainerBatch)), tensor(scores)
	s.h, s.dh, s.d, s.dd = tensor(hidden), tensor(hidden), tensor(hidden), tensor(hidden)
	s.logits, s.dlogits = tensor(scores), tensor(scores)
	s.loss, s.hits, s.penalty = tensor(glyph.Shape{trainerBatch}), tensor(glyph.Shape{trainerBatch}), tensor(glyph.Shape{1})
	s.lr, s.log = tensor(glyph.Shape{3}), tensor(glyph.Shape{trainerRows, glyph.LogLen})

	s.initial = func() {
		b.Write(s.params, initial)
		for _, t := range []glyph.Tensor{s.m, s.v, s.grads, s.log} {
			b.Write(t, make([]float32, t.Size()))
		}
		b.Write(s.lr, []float32{0.02, 0.05, 0.01})
		b.WriteInts(s.clock, make([]int32, glyph.ClockLen))
		b.WriteInts(s.counts, make([]int32, s.counts.Len()))
	}
	s.initial()
	return s
}

// arenas places the parameters of a layer of in inputs and the next, with their
// gradients and moments, and draws where they begin.
func (s *trainer) arenas(in int, r *glyph.Rand) (initial []float32) {
	shapes := []glyph.Shape{{trainerHidden, in}, {trainerClasses, trainerHidden}, {trainerHidden}, {trainerClasses}}
	offs, end := make([]int, len(shapes)), 0
	for i, shape := range shapes {
		offs[i] = end
		end = glyph.AlignUp(end + shape.Size())
	}
	arena := func() glyph.Tensor { return glyph.NewTensor(s.b, glyph.Shape{end}) }
	view := func(a glyph.Tensor, i int) glyph.Tensor {
		return glyph.Tensor{Buf: a.Buf, Off: offs[i], Shape: shapes[i]}
	}
	s.params, s.grads, s.m, s.v = arena(), arena(), arena(), arena()
	s.w1, s.w2, s.b1, s.b2 = view(s.params, 0), view(s.params, 1), view(s.params, 2), view(s.params, 3)
	s.dw1, s.dw2, s.db1, s.db2 = view(s.grads, 0), view(s.grads, 1), view(s.grads, 2), view(s.grads, 3)
	initial = make([]float32, end)
	for i, shape := range shapes[:2] {
		for k := range shape.Size() {
			initial[offs[i]+k] = float32(0.3 * r.Normal())
		}
	}
	return initial
}

// step is one training step.
func (s *trainer) step() {
	b, mask := s.b, glyph.Mask{Rate: 0.25, Seed: 8, ID: 1}
	none, relu := glyph.Activation{}, glyph.Activation{Kind: glyph.ReLU}
	rule := glyph.NewOptimizer(glyph.AdamW)
	rule.L2 = 0.01
	weights := s.b1.Off
	flat := s.x.Reshape(glyph.Shape{trainerBatch, s.x.Shape.Sample().Size()})
	decaying := glyph.Tensor{Buf: s.params.Buf, Shape: glyph.Shape{weights}}
	for _, do := range []func(){
		func() { b.Gather(s.plain, s.t, s.set, s.order, s.clock, 0.1) },
		func() { b.GatherAugmented(s.x, s.t, s.set, s.order, s.clock, 0.1, everything, 4) },
		func() { b.Dense(s.h, flat, s.w1, s.b1, relu) },
		func() { b.Dropout(s.d, s.h, mask, s.clock) },
		func() { b.Dense(s.logits, s.d, s.w2, s.b2, none) },
		func() { b.SoftmaxCrossEntropy(s.loss, s.hits, s.dlogits, s.logits, s.t) },
		func() { b.Confusion(s.counts, s.logits, s.t) },
		func() { b.DenseBackward(s.dd, s.dw2, s.db2, s.dlogits, s.logits, s.d, s.w2, none) },
		func() { b.Dropout(s.dh, s.dd, mask, s.clock) },
		func() { b.DenseBackward(glyph.Tensor{}, s.dw1, s.db1, s.dh, s.h, flat, s.w1, relu) },
		func() { b.L2(s.penalty, decaying, rule.L2) },
		func() { b.Optimize(s.params, s.m, s.v, s.grads, s.lr, s.clock, weights, rule) },
		func() { b.Advance(s.clock, s.log, s.loss, s.hits, s.penalty) },
	} {
		do()
		if s.wait != nil {
			s.wait()
		}
	}
}

// state is the bits of all that training leaves behind.
func (s *trainer) state() (bits []uint64) {
	for _, t := range []glyph.Tensor{s.params, s.m, s.v, s.log, s.loss, s.plain} {
		bits = append(bits, bitsOf(read(s.b, t))...)
	}
	for _, i := range []glyph.Ints{s.clock, s.counts} {
		for _, v := range readInts(s.b, i) {
			bits = append(bits, uint64(uint32(v)))
		}
	}
	return bits
}

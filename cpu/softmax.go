package cpu

import (
	"math"

	"glyph"
	"glyph/cpu/internal/kernels"
)

const samplesPerPart = 64

type softmaxTask[T Float] struct {
	kernels                        *kernels.Kernels[T] // or nil
	loss, hits, dlogits, logits, t []T
	exps                           []float64 // exp(z - max)
	tops                           []float64 // max, or NaN where one of the logits is
	n, classes                     int
}

func (s *softmaxTask[T]) part(_, i int) {
	lo, hi := span(i, samplesPerPart, s.n)
	s.exponentials(lo, hi)
	for n := lo; n < hi; n++ {
		z, t, exps := s.logits[n*s.classes:][:s.classes], s.t[n*s.classes:][:s.classes], s.exps[n*s.classes:][:s.classes]
		sum := 0.0
		for _, e := range exps {
			sum += e
		}
		if s.loss != nil {
			// log p = z - max - log Σ exp(z - max): no exponential overflows.
			loss, top, logSum := 0.0, s.tops[n], math.Log(sum)
			for c, v := range z {
				if t[c] != 0 { // 0·(-Inf) is 0 here
					loss -= float64(t[c]) * (float64(v) - top - logSum)
				}
			}
			s.loss[n] = T(loss)
		}
		if s.dlogits != nil {
			d := s.dlogits[n*s.classes:][:s.classes]
			for c, e := range exps {
				d[c] = T((e/sum - float64(t[c])) / float64(s.n))
			}
		}
	}
}

// exponentials computes exp(z - max) of samples lo to hi, and their hits.
func (s *softmaxTask[T]) exponentials(lo, hi int) {
	for n := lo; n < hi; n++ {
		z, t, exps := s.logits[n*s.classes:][:s.classes], s.t[n*s.classes:][:s.classes], s.exps[n*s.classes:][:s.classes]
		best := argmax(z)
		if s.hits != nil {
			s.hits[n] = 0
			if best >= 0 && best == argmax(t) {
				s.hits[n] = 1
			}
		}
		top := math.NaN()
		if best >= 0 {
			top = float64(z[best])
		}
		s.tops[n] = top
		for c, v := range z {
			exps[c] = float64(v) - top
		}
	}
	exps := s.exps[lo*s.classes : hi*s.classes]
	if s.kernels != nil {
		s.kernels.Exp(exps)
		return
	}
	for i, v := range exps {
		exps[i] = math.Exp(v)
	}
}

// argmax is the first greatest of v, or -1 when one is NaN.
func argmax[T Float](v []T) int {
	best := 0
	for i, x := range v {
		if x != x {
			return -1
		}
		if x > v[best] {
			best = i
		}
	}
	return best
}

// SoftmaxCrossEntropy computes the loss of each sample, whether it is
// predicted right, and the gradient of the mean loss.
func (b *Backend[T]) SoftmaxCrossEntropy(loss, hits, dlogits, logits, t glyph.Tensor) {
	glyph.CheckSoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
	memory := grow(&b.exps, logits.Size()+logits.Shape[0])
	b.softmax = softmaxTask[T]{
		kernels: b.kernels,
		loss:    b.data(loss), hits: b.data(hits), dlogits: b.data(dlogits),
		logits: b.data(logits), t: b.data(t), exps: memory[:logits.Size()], tops: memory[logits.Size():],
		n: logits.Shape[0], classes: logits.Shape[1],
	}
	b.workers.run(&b.softmax, ceil(logits.Shape[0], samplesPerPart))
}

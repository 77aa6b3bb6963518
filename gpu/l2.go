//go:build cgo

package gpu

import "glyph"

var l2 = newKernel("l2.comp", "sums w", "n groups factor_bits", "SQUARE")

const (
	l2Threads   = 256
	l2MaxGroups = 256
)

// L2 computes penalty = lambda/2·Σ w², in one dispatch for few weights, else in
// two: the sums of work groups, then the sum of those.
func (b *Backend) L2(penalty, w glyph.Tensor, lambda float32) {
	glyph.CheckL2(penalty, w, lambda)
	b.ask(operation{kind: opL2, t: operands{penalty, w}, f: lambda})
}

func (b *Backend) putL2(o *operation) {
	penalty, w := o.t[0], o.t[1]
	lambda := o.f
	n := w.Size()
	groups := min(ceil(n, 16*l2Threads), l2MaxGroups)
	factor := float32(float64(lambda) / 2)
	if groups == 1 {
		b.sum(penalty, w, 1, factor, true)
		return
	}
	sums := glyph.Tensor{Buf: b.scratchFor(scratchCounters + groups), Off: scratchCounters, Shape: glyph.Shape{groups}}
	b.sum(sums, w, groups, 1, true)
	b.sum(penalty, sums, 1, factor, false)
}

// sum has each of the groups write factor times the sum of its part of w.
func (b *Backend) sum(sums, w glyph.Tensor, groups int, factor float32, square bool) {
	l := b.start(b.program(l2, values{l2Threads, one(square)}))
	b.out(sums)
	b.in(w)
	l.uniform(w.Size())
	l.uniform(groups)
	l.bits(factor)
	b.run(groups, 0)
}

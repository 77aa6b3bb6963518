//go:build cgo

package gpu

import "glyph"

var denseSoftmax = newKernel("dense_softmax.comp", "dlogits dx x w b t small", "N In Out loss_at hits_at"+maskUniforms+" clock_at",
	"ROWS COLUMNS VEC_IN BIAS CLASSES LOSS HITS DLOGITS DX DROP")

// headClasses is how many logits a work group keeps.
const headClasses = 32

// putDenseSoftmax queues the last layer with its loss, and with what the backward pass
// makes of it.
func (b *Backend) putDenseSoftmax(n *node) {
	o, s := n.op, n.softmax
	x, w, bias, loss, hits, dlogits := o.t[1], o.t[2], o.t[3], s.t[0], s.t[1], s.t[2]
	var dx glyph.Tensor
	if n.back != nil {
		dx = n.back.t[backDX]
	}
	var mask glyph.Mask
	if n.drop != nil {
		dx, mask = n.drop.t[0].Reshape(dx.Shape), n.drop.mask
	}
	batch, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	l := b.start(b.program(denseSoftmax, values{skinnyThreads(in), skinnyRows, skinnyColumns, vec(in, x, w, dx), one(!bias.IsZero()),
		out, one(!loss.IsZero()), one(!hits.IsZero()), one(!dlogits.IsZero()), one(n.back != nil), one(n.drop != nil)}))
	b.out(dlogits)
	b.out(dx)
	b.in(x)
	b.in(w)
	b.in(bias)
	b.in(s.t[4])
	b.small()
	l.uniform(batch)
	l.uniform(in)
	l.uniform(out)
	b.place(loss, true)
	b.place(hits, true)
	l.mask(mask)
	if n.drop != nil {
		b.placeInts(n.drop.clock, false)
	} else {
		l.uniform(0)
	}
	b.run(ceil(batch, skinnyRows), float64(4*skinnyRows*in*out))
}

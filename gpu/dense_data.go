//go:build cgo

package gpu

import "glyph"

var denseData = newKernel("dense_data.comp", "dx dy y w pool_x clock split", denseUniforms+maskUniforms+" pool_h pool_w pool_c split_length splits",
	tileDefines+"VEC_IN VEC_OUT ACT DROP UNPOOL SPLIT")

// putDenseData queues the gradient of a dense layer's input with its ending.
func (b *Backend) putDenseData(o *operation, e ending) {
	dx, dy, y, w := e.gradient(o.t[backDX]), o.t[backDY], o.t[backY], o.t[backW]
	n, in, out := denseShape(o)
	p, _, _ := b.planBoth([3]int{n, in, out}, [3]int{out, in, n})
	v := values{tileValues: vec(in, w, dx, e.poolX()), vec(out, dy, y), int(o.act.Kind), one(e.drop != nil), one(e.pool != nil), one(p.splits > 1)}
	b.fit(denseData, &v, &p, n, in, out, dy, y, w, e.poolX())
	l := b.start(b.program(denseData, v))
	b.out(dx)
	b.in(dy)
	b.inIf(o.act.Kind != glyph.None, y)
	b.in(w)
	b.in(e.poolX())
	b.clockOf(e.drop)
	l.bits(o.act.Slope)
	l.uniform(n)
	l.uniform(in)
	l.uniform(out)
	l.mask(e.mask())
	l.unpool(e)
	channels := in // of a row that is one pixel
	if e.pool != nil {
		channels = e.poolX().Shape[3]
	}
	l.uniform(channels)
	b.runParts(p, p.groups(n, in))
}

//go:build cgo

package gpu

import "glyph"

const convDefines = tileDefines + "H W C P Q K R S STRIDE PAD VEC_C VEC_K BIAS ACT"

var (
	conv2d                = newKernel("conv2d.comp", convDefines)
	conv2dBackwardData    = newKernel("conv2d_backward_data.comp", convDefines)
	conv2dBackwardWeights = newKernel("conv2d_backward_weights.comp", convDefines+" WEIGHTS SPLIT")
)

// convGeometry is the part of a convolution's #defines that its shapes give.
func convGeometry(p plan, y, x, w glyph.Tensor, c glyph.Conv, bias bool, act glyph.Activation) values {
	v := values{6: x.Shape[1], x.Shape[2], x.Shape[3], y.Shape[1], y.Shape[2], w.Shape[0], w.Shape[1], w.Shape[2],
		c.Stride, c.Pad, 18: one(bias), int(act.Kind)}
	p.put(&v)
	return v
}

// Places of VEC_C, VEC_K, WEIGHTS and SPLIT in the values.
const vecC, vecK, convWeights, convSplit = 16, 17, 20, 21

// Conv2D computes cross-correlation as the product of patches (N·P·Q, R·S·C),
// which are never written out, and wᵀ.
func (b *Backend) Conv2D(y, x, w, bias glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2D(y, x, w, bias, c, act)
	outputs := y.Shape[0] * y.Shape[1] * y.Shape[2]
	rsc, k := w.Shape.Sample().Size(), w.Shape[0]
	p := b.plan(outputs, k, rsc, false)
	v := convGeometry(p, y, x, w, c, !bias.IsZero(), act)
	v[vecC], v[vecK] = vec(x.Shape[3], x, w), vec(k, y, bias)
	l := b.start(b.program(conv2d, v))
	b.out(0, y)
	b.in(1, x)
	b.in(2, w)
	b.in(3, bias)
	l.bits(9, act.Slope)
	l.uniform(10, x.Shape[0])
	b.run(p.groups(outputs, k), p.flops(rsc))
}

// Conv2DBackward computes those that are wanted of dx, dw and db. The sums of
// dw and db run over all outputs of the batch and are split.
func (b *Backend) Conv2DBackward(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2DBackward(dx, dw, db, dy, y, x, w, c, act)
	if !dw.IsZero() || !db.IsZero() {
		b.conv2dWeights(dw, db, dy, y, x, w, c, act)
	}
	if !dx.IsZero() {
		b.conv2dData(dx, dy, y, x, w, c, act)
	}
}

// conv2dWeights computes dw and db as the product of dzᵀ (K, N·P·Q) and patches
// (N·P·Q, R·S·C).
func (b *Backend) conv2dWeights(dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	outputs := y.Shape[0] * y.Shape[1] * y.Shape[2]
	rsc, k := w.Shape.Sample().Size(), w.Shape[0]
	p := b.plan(k, rsc, outputs, true)
	v := convGeometry(p, y, x, w, c, !db.IsZero(), act)
	v[vecC], v[vecK] = vec(x.Shape[3], x, dw), vec(k, dy, y)
	v[convWeights], v[convSplit] = one(!dw.IsZero()), one(p.splits > 1)
	l := b.start(b.program(conv2dBackwardWeights, v))
	groups := p.groups(k, rsc)
	b.bindSplit(p, groups)
	b.out(0, dw)
	b.out(1, db)
	b.in(2, dy)
	if act.Kind != glyph.None {
		b.in(3, y)
	}
	b.in(4, x)
	l.bits(9, act.Slope)
	l.uniform(10, x.Shape[0])
	l.uniform(11, p.length)
	b.run(groups*p.splits, p.flops(p.length))
}

// conv2dData computes dx as the product of the outputs that each input reached
// (N·H·W, R·S·K) and the weights (R·S·K, C).
func (b *Backend) conv2dData(dx, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	inputs, channels := x.Shape[0]*x.Shape[1]*x.Shape[2], x.Shape[3]
	rsk := w.Shape[1] * w.Shape[2] * w.Shape[0]
	p := b.plan(inputs, channels, rsk, false)
	v := convGeometry(p, y, x, w, c, false, act)
	v[vecC], v[vecK] = vec(channels, dx, w), vec(w.Shape[0], dy, y)
	l := b.start(b.program(conv2dBackwardData, v))
	b.out(0, dx)
	b.in(1, dy)
	if act.Kind != glyph.None {
		b.in(2, y)
	}
	b.in(3, w)
	l.bits(9, act.Slope)
	l.uniform(10, x.Shape[0])
	b.run(p.groups(inputs, channels), p.flops(rsk))
}

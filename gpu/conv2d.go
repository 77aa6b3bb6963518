//go:build cgo

package gpu

import "glyph"

const (
	convDefines  = tileDefines + "FIXED FIXED_H FIXED_W FIXED_C FIXED_P FIXED_Q FIXED_K FIXED_R FIXED_S FIXED_STRIDE FIXED_PAD VEC_C VEC_K BIAS ACT"
	convUniforms = "slope_bits N terms H W C P Q K R S STRIDE PAD"
)

var (
	conv2d                = newKernel("conv2d.comp", "y x w b pooled drops clock split", convUniforms+maskUniforms+" split_length splits", convDefines+" POOL KEEP_Y KEEP_POOLED DROP SPLIT")
	conv2dBackwardData    = newKernel("conv2d_backward_data.comp", "dx dy y w pool_x clock split", convUniforms+maskUniforms+" pool_h pool_w split_length splits", convDefines+" DROP UNPOOL SPLIT")
	conv2dUpdate          = newKernel("conv2d_update.comp", "dy y x split"+storeOperands, convUniforms+" split_length splits w_at w_end b_at b_end"+storeUniforms, convDefines+" SPLIT VEC_W KIND ADVANCE")
	conv2dBackwardWeights = newKernel("conv2d_backward_weights.comp", "dw db dy y x split", convUniforms+" split_length splits", convDefines+" WEIGHTS SPLIT")
)

// Places in the values of what convGeometry leaves to the kernels.
const (
	convFixed = tileValues
	convVecC  = convFixed + 1 + len(geometry{}) + iota - 1
	convVecK
	convBias
	convAct
	convEnd // where a kernel's own #defines begin
)

// geometry is the shapes of a convolution, in the order of conv2d.glsl.
type geometry [10]int

func geometryOf(y, x, w glyph.Tensor, c glyph.Conv) geometry {
	return geometry{x.Shape[1], x.Shape[2], x.Shape[3], y.Shape[1], y.Shape[2], w.Shape[0], w.Shape[1], w.Shape[2], c.Stride, c.Pad}
}

// sharedFLOPs is up to how much arithmetic an image costs in a convolution that
// is not worth a program of its own on a device that computes on the CPU: there
// compiling takes longer than the divisions by numbers that are not constants.
const sharedFLOPs = 700_000

// fixed reports whether a convolution's geometry is compiled into its program, or
// passed as uniforms to a program for any geometry. It doesn't depend on the batch:
// a short last batch uses the same program.
func (b *Backend) fixed(g geometry) bool {
	if b.forceFixed != nil {
		return *b.forceFixed
	}
	c, p, q, k, r, s := g[2], g[3], g[4], g[5], g[6], g[7]
	return !b.device.Software || 2*p*q*k*r*s*c > sharedFLOPs
}

// convValues is the part of a convolution's #defines that its shapes and its
// activation give.
func (b *Backend) convValues(g geometry, bias bool, act glyph.Activation) (v values) {
	if b.fixed(g) {
		v[convFixed] = 1
		copy(v[convFixed+1:], g[:])
	}
	v[convBias], v[convAct] = one(bias), int(act.Kind)
	return v
}

// convUniforms gives the uniforms that convolutions have in common.
func (l *launch) convUniforms(act glyph.Activation, n, terms int, g geometry) {
	l.bits(act.Slope)
	l.uniform(n)
	l.uniform(terms)
	for _, v := range g {
		l.uniform(v)
	}
}

// Conv2D computes cross-correlation as the product of patches (N·P·Q, R·S·C),
// which are never written out, and wᵀ.
func (b *Backend) Conv2D(y, x, w, bias glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2D(y, x, w, bias, c, act)
	b.ask(operation{kind: opConv2D, t: operands{y, x, w, bias}, conv: c, act: act})
}

// putConv2D queues a convolution with its ending.
func (b *Backend) putConv2D(o *operation, e ending) {
	y, x, w, bias := o.t[0], o.t[1], o.t[2], o.t[3]
	c, act := o.conv, o.act
	if f, ok := b.firstForward(o, e); ok {
		b.putConv2DFirst(f, o, e, nil)
		return
	}
	outputs := y.Shape[0] * y.Shape[1] * y.Shape[2]
	rsc, k := w.Shape.Sample().Size(), w.Shape[0]
	p := b.plan(forward, outputs, k, rsc)
	g := geometryOf(y, x, w, c)
	v := b.convValues(g, !bias.IsZero(), act)
	v[convVecC], v[convVecK] = vec(x.Shape[3], x, w), vec(k, y, bias, e.pooled(), e.dropped())
	v[convEnd], v[convEnd+1], v[convEnd+2], v[convEnd+3] = one(e.pool != nil), one(!e.unread), one(e.pool != nil && !e.poolUnread), one(e.drop != nil)
	v[convEnd+4] = one(p.splits > 1)
	b.fit(conv2d, &v, &p, outputs, k, rsc, x, w, bias)
	l := b.start(b.program(conv2d, v))
	b.tensorIf(!e.unread, y, true)
	b.in(x)
	b.in(w)
	b.in(bias)
	b.tensorIf(!e.poolUnread, e.pooled(), true)
	b.out(e.dropped())
	b.clockOf(e.drop)
	l.convUniforms(act, x.Shape[0], rsc, g)
	l.mask(e.mask())
	if e.pool != nil && e.unread {
		outputs = 4 * e.pooled().Size() / k // what is in no window is not needed
	}
	b.runParts(p, p.groups(outputs, k))
}

// Conv2DBackward computes whichever are non-zero of dx, dw and db. The sums of
// dw and db run over all outputs of the batch and are split.
func (b *Backend) Conv2DBackward(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2DBackward(dx, dw, db, dy, y, x, w, c, act)
	b.ask(operation{kind: opConv2DBackward, t: operands{dx, dw, db, dy, y, x, w}, conv: c, act: act})
}

func (b *Backend) putConv2DBackward(o *operation) {
	dx, dw, db, dy, y, x, w := o.t[0], o.t[1], o.t[2], o.t[3], o.t[4], o.t[5], o.t[6]
	c, act := o.conv, o.act
	if !dw.IsZero() || !db.IsZero() {
		b.conv2dWeights(dw, db, dy, y, x, w, c, act)
	}
	if !dx.IsZero() {
		b.conv2dData(o, ending{})
	}
}

// conv2dWeights computes dw and db as the product of dzᵀ (K, N·P·Q) and patches
// (N·P·Q, R·S·C).
func (b *Backend) conv2dWeights(dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	if f, ok := b.firstWeights(dy, y, x, w, c); ok {
		b.putConv2DFirstWeights(f, dw, db, dy, y, x, w, c, act, nil)
		return
	}
	outputs := y.Shape[0] * y.Shape[1] * y.Shape[2]
	rsc, k := w.Shape.Sample().Size(), w.Shape[0]
	p := b.plan(paramGradient, k, rsc, outputs)
	g := geometryOf(y, x, w, c)
	v := b.convValues(g, !db.IsZero(), act)
	v[convVecC], v[convVecK] = vec(x.Shape[3], x, dw), vec(k, dy, y)
	v[convEnd], v[convEnd+1] = one(!dw.IsZero()), one(p.splits > 1)
	b.fit(conv2dBackwardWeights, &v, &p, k, rsc, outputs, dy, y, x)
	l := b.start(b.program(conv2dBackwardWeights, v))
	groups := p.groups(k, rsc)
	b.out(dw)
	b.out(db)
	b.in(dy)
	b.inIf(act.Kind != glyph.None, y)
	b.in(x)
	b.split(p, groups)
	l.convUniforms(act, x.Shape[0], outputs, g)
	l.uniform(p.length)
	l.uniform(p.splits)
	b.run(groups*p.splits, p.flops(p.length))
}

// conv2dData computes dx as the product of the outputs that each input reached
// (N·H·W, R·S·K) and the weights (R·S·K, C), with its ending.
func (b *Backend) conv2dData(o *operation, e ending) {
	dx, dy, y, x, w := o.t[backDX], o.t[backDY], o.t[backY], o.t[backX], o.t[backW]
	inputs, channels := x.Shape[0]*x.Shape[1]*x.Shape[2], x.Shape[3]
	rsk := w.Shape[1] * w.Shape[2] * w.Shape[0]
	p := b.plan(dataGradient, inputs, channels, rsk)
	g := geometryOf(y, x, w, o.conv)
	v := b.convValues(g, false, o.act)
	dx = e.gradient(dx)
	v[convVecC], v[convVecK] = vec(channels, dx, w, e.poolX()), vec(w.Shape[0], dy, y)
	v[convEnd], v[convEnd+1], v[convEnd+2] = one(e.drop != nil), one(e.pool != nil), one(p.splits > 1)
	b.fit(conv2dBackwardData, &v, &p, inputs, channels, rsk, dy, y, w, e.poolX())
	l := b.start(b.program(conv2dBackwardData, v))
	b.out(dx)
	b.in(dy)
	b.inIf(o.act.Kind != glyph.None, y)
	b.in(w)
	b.in(e.poolX())
	b.clockOf(e.drop)
	l.convUniforms(o.act, x.Shape[0], rsk, g)
	l.mask(e.mask())
	l.unpool(e)
	b.runParts(p, p.groups(inputs, channels))
}

// putConv2DUpdate queues the update of a convolution's parameters: conv2dWeights with
// another end.
func (b *Backend) putConv2DUpdate(n *node) {
	o := n.op
	dy, y, x, w := o.t[backDY], o.t[backY], o.t[backX], o.t[backW]
	if f, ok := b.firstWeights(dy, y, x, w, o.conv); ok {
		b.putConv2DFirstUpdate(f, n)
		return
	}
	rsc, k := w.Shape.Sample().Size(), w.Shape[0]
	p := b.convWeightsPlan(o)
	g := geometryOf(y, x, w, o.conv)
	v := b.convValues(g, false, o.act)
	v[convVecC], v[convVecK] = vec(x.Shape[3], x), vec(k, dy, y)
	v[convEnd], v[convEnd+1], v[convEnd+2], v[convEnd+3] = one(p.splits > 1), vecUpdate(n, rsc, n.at), int(n.update.rule.Kind), one(n.advance != nil)
	b.fit(conv2dUpdate, &v, &p, k, rsc, y.Shape[0]*y.Shape[1]*y.Shape[2], dy, y, x)
	l := b.start(b.program(conv2dUpdate, v))
	groups := p.groups(k, rsc)
	b.in(dy)
	b.inIf(o.act.Kind != glyph.None, y)
	b.in(x)
	b.split(p, groups)
	b.updating(n)
	l.convUniforms(o.act, x.Shape[0], y.Shape[0]*y.Shape[1]*y.Shape[2], g)
	l.uniform(p.length)
	l.uniform(p.splits)
	l.params(n.at)
	b.updatingBy(n, groups*p.splits)
	b.run(groups*p.splits, p.flops(p.length))
}

// convWeightsPlan is how the gradients of a convolution's parameters are summed.
func (b *Backend) convWeightsPlan(o *operation) plan {
	y, w := o.t[backY].Shape, o.t[backW].Shape
	return b.plan(paramGradient, w[0], w.Sample().Size(), y[0]*y[1]*y[2])
}

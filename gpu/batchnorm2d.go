//go:build cgo

package gpu

import "glyph"

const normUniforms = "pixels C span fours tiles"

var (
	normSums         = newKernel("batchnorm2d_sums.comp", "partial x", normUniforms, "VEC_C")
	normStatistics   = newKernel("batchnorm2d_statistics.comp", "kept mean variance partial", "pixels C span groups eps_bits momentum_bits", "")
	batchNorm2D      = newKernel("batchnorm2d.comp", "y x gamma beta mean spread", normUniforms+" slope_bits eps_bits", "VEC_C ACT INVERTED")
	normBackwardSums = newKernel("batchnorm2d_backward_sums.comp", "partial dy y x mean", normUniforms+" slope_bits", "VEC_C ACT")
	normWeights      = newKernel("batchnorm2d_backward_weights.comp", "means dgamma dbeta partial inverse", "pixels C groups", "DGAMMA DBETA")
	normBackward     = newKernel("batchnorm2d_backward.comp", "dx dy y x gamma mean inverse means", normUniforms+" slope_bits", "VEC_C ACT")
)

const (
	normThreads   = 256
	normMaxFours  = 32  // of a tile: 512 bytes side by side, and eight pixels at once
	normMaxGroups = 256 // whose sums the second pass adds up
	normAtOnce    = 8   // pixels an invocation, at least
	joinThreads   = 64  // of the second pass
)

// normPlan is how a tensor (pixels, c) is divided among work groups for batch
// normalisation: see shaders/batchnorm2d.glsl. It depends on the shape alone.
type normPlan struct {
	pixels, c     int
	fours, tiles  int
	sums, sumSpan int // groups of a tile for the sums, and the pixels of each
	rows, rowSpan int // the same for the last pass
}

func planNorm(x glyph.Tensor) (p normPlan) {
	p.c = x.Shape[3]
	p.pixels = x.Size() / p.c
	p.fours = min(ceil(p.c, 4), normMaxFours)
	p.tiles = ceil(ceil(p.c, 4), p.fours)
	shares := normThreads / p.fours
	p.sumSpan = max(normAtOnce*shares, ceil(p.pixels, normMaxGroups))
	p.sums = ceil(p.pixels, p.sumSpan)
	p.rowSpan = normAtOnce * shares
	p.rows = ceil(p.pixels, p.rowSpan)
	return p
}

// partial and means are scratch memory: the sums of all groups, and the means over the
// batch that the last pass of the gradient reads.
func (b *Backend) normScratch(p normPlan) (partial, means glyph.Tensor) {
	row := ceil(p.c, 4) * 4
	n := glyph.AlignUp(p.sums * 2 * row)
	memory := b.scratchFor(scratchCounters + n + 2*row)
	return glyph.Tensor{Buf: memory, Off: scratchCounters, Shape: glyph.Shape{n}},
		glyph.Tensor{Buf: memory, Off: scratchCounters + n, Shape: glyph.Shape{2 * row}}
}

// shape gives the uniforms of a pass over all pixels.
func (p normPlan) shape(l *launch, span int) {
	l.uniform(p.pixels)
	l.uniform(p.c)
	l.uniform(span)
	l.uniform(p.fours)
	l.uniform(p.tiles)
}

// BatchNorm2D computes the moments of groups of pixels, joins them, and normalises.
func (b *Backend) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
	b.ask(operation{kind: opBatchNorm2D, t: operands{y, kept, mean, variance, x, gamma, beta}, norm: n, act: act})
}

func (b *Backend) putBatchNorm2D(o *operation) {
	y, kept, mean, variance, x, gamma, beta := o.t[0], o.t[1], o.t[2], o.t[3], o.t[4], o.t[5], o.t[6]
	n, act := o.norm, o.act
	p := planNorm(x)
	partial, _ := b.normScratch(p)
	l := b.start(b.program(normSums, values{normThreads, vec(p.c, x)}))
	b.out(partial)
	b.in(x)
	p.shape(l, p.sumSpan)
	b.run(p.sums*p.tiles, 0)

	l = b.start(b.program(normStatistics, values{joinThreads}))
	b.out(kept)
	b.out(mean)
	b.out(variance)
	b.in(partial)
	l.uniform(p.pixels)
	l.uniform(p.c)
	l.uniform(p.sumSpan)
	l.uniform(p.sums)
	l.bits(n.Eps)
	l.bits(n.Momentum)
	b.run(ceil(p.c, 4), 0)

	mu, inverse := keptRows(kept)
	b.applyNorm(p, y, x, gamma, beta, mu, inverse, n, act, true)
}

// keptRows is the means and the inverses that a forward pass kept.
func keptRows(kept glyph.Tensor) (mean, inverse glyph.Tensor) {
	row := func(i int) glyph.Tensor {
		return glyph.Tensor{Buf: kept.Buf, Off: kept.Off + i*kept.Shape[1], Shape: glyph.Shape{kept.Shape[1]}}
	}
	return row(glyph.KeptMean), row(glyph.KeptInverse)
}

// BatchNorm2DInference normalises by the running statistics, in one dispatch.
func (b *Backend) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
	b.ask(operation{kind: opBatchNorm2DInference, t: operands{y, x, gamma, beta, mean, variance}, norm: n, act: act})
}

func (b *Backend) putBatchNorm2DInference(o *operation) {
	y, x, gamma, beta, mean, variance := o.t[0], o.t[1], o.t[2], o.t[3], o.t[4], o.t[5]
	n, act := o.norm, o.act
	b.applyNorm(planNorm(x), y, x, gamma, beta, mean, variance, n, act, false)
}

// applyNorm computes y. inverted says that spread is 1/√(σ² + ε) and not σ².
func (b *Backend) applyNorm(p normPlan, y, x, gamma, beta, mean, spread glyph.Tensor, n glyph.BatchNorm, act glyph.Activation, inverted bool) {
	l := b.start(b.program(batchNorm2D, values{normThreads, vec(p.c, y, x, gamma, beta, mean, spread), int(act.Kind), one(inverted)}))
	b.out(y)
	b.in(x)
	b.in(gamma)
	b.in(beta)
	b.in(mean)
	b.in(spread)
	p.shape(l, p.rowSpan)
	l.bits(act.Slope)
	l.bits(n.Eps)
	b.run(p.rows*p.tiles, 0)
}

// BatchNorm2DBackward sums over groups of pixels, adds those up, and computes dx.
func (b *Backend) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	glyph.CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
	b.ask(operation{kind: opBatchNorm2DBackward, t: operands{dx, dgamma, dbeta, dy, y, x, gamma, kept}, act: act})
}

func (b *Backend) putBatchNorm2DBackward(o *operation) {
	dx, dgamma, dbeta, dy, y, x, gamma, kept := o.t[0], o.t[1], o.t[2], o.t[3], o.t[4], o.t[5], o.t[6], o.t[7]
	act := o.act
	if dx.IsZero() && dgamma.IsZero() && dbeta.IsZero() {
		return
	}
	p := planNorm(x)
	partial, means := b.normScratch(p)
	mu, inverse := keptRows(kept)
	active := act.Kind != glyph.None
	l := b.start(b.program(normBackwardSums, values{normThreads, vec(p.c, dy, y, x, mu), int(act.Kind)}))
	b.out(partial)
	b.in(dy)
	b.inIf(active, y)
	b.in(x)
	b.in(mu)
	p.shape(l, p.sumSpan)
	l.bits(act.Slope)
	b.run(p.sums*p.tiles, 0)

	l = b.start(b.program(normWeights, values{joinThreads, one(!dgamma.IsZero()), one(!dbeta.IsZero())}))
	b.out(means)
	b.out(dgamma)
	b.out(dbeta)
	b.in(partial)
	b.in(inverse)
	l.uniform(p.pixels)
	l.uniform(p.c)
	l.uniform(p.sums)
	b.run(ceil(p.c, 4), 0)
	if dx.IsZero() {
		return
	}

	l = b.start(b.program(normBackward, values{normThreads, vec(p.c, dx, dy, y, x, gamma, mu, inverse), int(act.Kind)}))
	b.out(dx)
	b.in(dy)
	b.inIf(active, y)
	b.in(x)
	b.in(gamma)
	b.in(mu)
	b.in(inverse)
	b.in(means)
	p.shape(l, p.rowSpan)
	l.bits(act.Slope)
	b.run(p.rows*p.tiles, 0)
}

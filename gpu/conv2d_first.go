//go:build cgo

package gpu

import "glyph"

// Convolutions of one input channel, usually a network's first, have kernels of their own:
// see shaders/conv2d_first.glsl.
const (
	firstShape   = "N H W P Q K PAD bands band rows pitch "
	firstDefines = "TEXELS PLAIN R S STRIDE FOURS PIXELS ACT GATHER "
	firstSums    = " splits"
)

var (
	conv2dFirst = newKernel("conv2d_first.comp", "y x w b pooled drops clock small", "slope_bits "+firstShape+firstGather+" clock_at across"+targetUniforms+maskUniforms,
		firstDefines+"BIAS HOLD POOL KEEP_Y KEEP_POOLED DROP")
	conv2dFirstBackward = newKernel("conv2d_first_backward.comp", "dw db dy y x split small", "slope_bits "+firstShape+firstGather+" clock_at"+firstSums,
		firstDefines+"MEMBERS SPLIT HALVES BIAS WEIGHTS VEC_W")
	conv2dFirstUpdate = newKernel("conv2d_first_update.comp", "dy y x split"+storeOperands,
		"slope_bits "+firstShape+firstGather+firstSums+" w_at w_end b_at b_end"+storeUniforms, firstDefines+"MEMBERS SPLIT HALVES VEC_W KIND ADVANCE")
)

const (
	firstThreads, firstSumThreads = 128, 256
	// firstPixels is how many pixels a work group keeps in shared memory at most.
	firstPixels = 1536
	// firstTaps is the largest R·S for which an invocation has registers for a sum at each tap.
	firstTaps = 25
	// firstOutputs is the least number of outputs that the weight gradient adds up as one
	// band, and firstParts how many bands a batch should have there.
	firstOutputs, firstParts = 112, 128
)

// first is how a convolution of one channel is run.
type first struct {
	fours       int // filters of a work group, in fours
	blocks      int // of filters
	band, bands int // rows of outputs together, and how often an image has as many
	rows, pitch int // of x that a band needs
	across      int // units in a row of outputs
}

// isFirst reports whether a convolution has one channel and suits these kernels;
// outputs are tensors of y's shape.
func (b *Backend) isFirst(x, w glyph.Tensor, outputs ...glyph.Tensor) bool {
	k, r, s := w.Shape[0], w.Shape[1], w.Shape[2]
	return x.Shape[3] == 1 && r*s <= firstTaps && vec(k, outputs...) == 1 && !b.noFirst
}

// firstOf is what forward and backward have in common, with bands of at most band rows,
// in multiples of unit, whose pixels fit shared memory; ok is false if none do.
func firstOf(y, x, w glyph.Tensor, c glyph.Conv, band, unit int) (f first, ok bool) {
	p, q := y.Shape[1], y.Shape[2]
	f.fours = firstFours(w)
	f.blocks = ceil(w.Shape[0], 4*f.fours)
	f.across = ceil(q, unit)
	f.pitch = (f.across*unit-1)*c.Stride + w.Shape[2]
	for band = min(ceil(p, unit)*unit, band); band > 0; band -= unit {
		if f.rows = (band-1)*c.Stride + w.Shape[1]; f.rows*f.pitch <= firstPixels {
			break
		}
	}
	if band <= 0 {
		return f, false
	}
	f.bands = ceil(p, band)
	f.band = ceil(ceil(p, f.bands), unit) * unit
	f.rows = (f.band-1)*c.Stride + w.Shape[1]
	return f, true
}

// firstFours is how many filters a work group has, in fours: a power of two.
func firstFours(w glyph.Tensor) int {
	most, fours := 16, 1
	if w.Shape[1]*w.Shape[2] > 9 {
		most = 8 // so that the sums fit shared memory
	}
	for fours < most && 4*fours < w.Shape[0] {
		fours *= 2
	}
	return fours
}

// firstForward is how y is computed, if these kernels can: in units of 2×2 outputs.
func (b *Backend) firstForward(o *operation, e ending) (f first, ok bool) {
	y, x, w, bias := o.t[0], o.t[1], o.t[2], o.t[3]
	if !b.isFirst(x, w, y, bias, e.pooled(), e.dropped()) {
		return f, false
	}
	rows := firstPixels // all
	if !b.device.Software {
		units := 2 * firstThreads / firstFours(w) // two for each invocation
		rows = firstUnit * max(1, units/ceil(y.Shape[2], firstUnit))
	}
	return firstOf(y, x, w, o.conv, rows, firstUnit)
}

const firstUnit = 2

// firstWeights is how dw and db are computed, if these kernels can. It follows from the
// shapes alone, since the order of the sums is in the bits.
func (b *Backend) firstWeights(dy, y, x, w glyph.Tensor, c glyph.Conv) (f first, ok bool) {
	if !b.isFirst(x, w, dy, y) {
		return f, false
	}
	p, q := y.Shape[1], y.Shape[2]
	bands := min(ceil(firstParts, y.Shape[0]), ceil(p*q, firstOutputs), p)
	f, ok = firstOf(y, x, w, c, ceil(p, bands), 1)
	return f, ok && f.blocks <= scratchCounters
}

// values are the #defines that all of these kernels have.
func (f *first) values(threads, texels int, w glyph.Tensor, c glyph.Conv, act glyph.Activation, gather *operation) values {
	return values{threads, texels, 0, w.Shape[1], w.Shape[2], c.Stride, f.fours, min(ceil(f.rows*f.pitch, 512)*512, firstPixels), int(act.Kind), gatherDefine(gather)}
}

const firstValues = 10

// first sets the uniforms that all of these kernels have.
func (b *Backend) first(f *first, act glyph.Activation, y, x glyph.Tensor, c glyph.Conv, gather *operation) {
	l := &b.launch
	l.bits(act.Slope)
	for _, v := range [...]int{x.Shape[0], x.Shape[1], x.Shape[2], y.Shape[1], y.Shape[2], y.Shape[3], c.Pad, f.bands, f.band, f.rows, f.pitch} {
		l.uniform(v)
	}
	b.gathered(gather)
}

// putConv2DFirst queues a forward pass with its ending, and with a Gather if one is given.
func (b *Backend) putConv2DFirst(f first, o *operation, e ending, gather *operation) {
	y, x, w, bias := o.t[0], o.t[1], o.t[2], o.t[3]
	v := f.values(firstThreads, b.textured(x, w, bias), w, o.conv, o.act, gather)
	for i, yes := range [...]bool{!bias.IsZero(), b.device.Software, e.pool != nil, !e.unread, e.pool != nil && !e.poolUnread, e.drop != nil} {
		v[firstValues+i] = one(yes)
	}
	l := b.start(b.program(conv2dFirst, v))
	b.tensorIf(!e.unread, y, true)
	b.gatherFrom(gather, x)
	b.in(w)
	b.in(bias)
	b.tensorIf(!e.poolUnread, e.pooled(), true)
	b.out(e.dropped())
	b.clockOf(e.drop)
	b.smallIf(gather != nil)
	b.first(&f, o.act, y, x, o.conv, gather)
	b.gatherClock(gather)
	l.uniform(f.across)
	b.targets(gather)
	l.mask(e.mask())
	b.run(x.Shape[0]*f.bands*f.blocks, f.flops(4*ceil(f.band, 2)*f.across, w))
}

// flops is the arithmetic of a work group that computes that many outputs.
func (f *first) flops(outputs int, w glyph.Tensor) float64 {
	return 2 * float64(outputs*4*f.fours*w.Shape[1]*w.Shape[2])
}

// firstSplit binds the scratch memory of the sums over a batch.
func (b *Backend) firstSplit(f *first, parts int, w glyph.Tensor) {
	if parts < 2 {
		b.in(glyph.Tensor{})
		return
	}
	size := scratchCounters + parts*f.blocks*4*f.fours*(w.Shape[1]*w.Shape[2]+1)
	b.bind(b.scratchFor(size), 0, 4*int64(size), true)
}

// firstSumValues are the #defines that the kernels of the weight gradient share, and how
// many bands the batch has. A device that computes on the CPU gets one vector of invocations.
func (b *Backend) firstSumValues(f *first, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation, gather *operation) (v values, parts int) {
	threads := firstSumThreads
	if b.device.Software {
		threads = max(8, f.fours)
	}
	parts = y.Shape[0] * f.bands
	v = f.values(threads, b.textured(dy, y, x), w, c, act, gather)
	v[firstValues], v[firstValues+1] = firstSumThreads/threads, one(parts > 1)
	v[firstValues+2] = one(b.device.intel() && w.Shape[1]*w.Shape[2] >= firstHalf)
	return v, parts
}

const firstSumValues = firstValues + 3

// firstHalf is HALF in conv2d_first_sums.glsl.
const firstHalf = 16

// putConv2DFirstWeights queues dw and db.
func (b *Backend) putConv2DFirstWeights(f first, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation, gather *operation) {
	v, parts := b.firstSumValues(&f, dy, y, x, w, c, act, gather)
	rs := w.Shape[1] * w.Shape[2]
	v[firstSumValues], v[firstSumValues+1], v[firstSumValues+2] = one(!db.IsZero()), one(!dw.IsZero()), vec(4*rs, dw)
	l := b.start(b.program(conv2dFirstBackward, v))
	b.out(dw)
	b.out(db)
	b.in(dy)
	b.inIf(act.Kind != glyph.None, y)
	b.gatherFrom(gather, x)
	b.firstSplit(&f, parts, w)
	b.smallIf(gather != nil)
	b.first(&f, act, y, x, c, gather)
	b.gatherClock(gather)
	l.uniform(parts)
	b.run(parts*f.blocks, f.flops(f.band*y.Shape[2], w))
}

// putConv2DFirstUpdate queues the update of the parameters.
func (b *Backend) putConv2DFirstUpdate(f first, n *node) {
	o := n.op
	dy, y, x, w := o.t[backDY], o.t[backY], o.t[backX], o.t[backW]
	v, parts := b.firstSumValues(&f, dy, y, x, w, o.conv, o.act, n.gather)
	v[firstSumValues] = vecUpdate(n, 4*w.Shape[1]*w.Shape[2], n.at)
	v[firstSumValues+1], v[firstSumValues+2] = int(n.update.rule.Kind), one(n.advance != nil)
	l := b.start(b.program(conv2dFirstUpdate, v))
	b.in(dy)
	b.inIf(o.act.Kind != glyph.None, y)
	b.gatherFrom(n.gather, x)
	b.firstSplit(&f, parts, w)
	b.updating(n)
	b.first(&f, o.act, y, x, o.conv, n.gather)
	l.uniform(parts)
	l.params(n.at)
	b.updatingBy(n, parts*f.blocks)
	b.run(parts*f.blocks, f.flops(f.band*y.Shape[2], w))
}

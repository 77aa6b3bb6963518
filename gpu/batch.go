//go:build cgo

package gpu

import "glyph"

// What kernels that gather have in common: see shaders/batch.glsl.
const (
	gatherOperands = "x t images labels mean scale order clock"
	gatherUniforms = "N Pixels Classes orders x_groups on_bits off_bits "
)

var gather = newKernel("batch.comp", gatherOperands, gatherUniforms, "VEC VEC_MEAN PER_PIXEL")

// Gather makes the batch that the clock points at.
func (b *Backend) Gather(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) {
	glyph.CheckGather(x, t, set, order, clock, smoothing)
	b.ask(operation{kind: opGather, t: operands{x, t}, set: set, order: order, clock: clock, f: smoothing})
}

func (b *Backend) putGather(o *operation) {
	x, t := o.t[0], o.t[1]
	set, order, clock, smoothing := o.set, o.order, o.clock, o.f
	const threads = 128
	perPixel := set.Mean.Size() > 1
	pixels := set.Shape.Sample().Size()
	b.start(b.program(gather, values{threads, vec(pixels, x), vec(set.Mean.Size(), set.Mean, set.Scale), one(perPixel)}))
	groups := ceil(x.Shape[0]*ceil(pixels, 4), threads)
	b.gathering(x, t, set, order, clock, smoothing, groups)
	b.run(groups+ceil(t.Size(), threads), 0)
}

// gathering gives a kernel that gathers its operands and uniforms; xGroups work
// groups write x, and the others t.
func (b *Backend) gathering(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, xGroups int) {
	l := &b.launch
	b.out(x)
	b.out(t)
	b.all(set.Images, false)
	b.all(set.Labels, false)
	b.in(set.Mean)
	b.in(set.Scale)
	b.all(order, false)
	b.all(clock, false)
	classes := t.Shape[1]
	on, off := labelBits(classes, smoothing)
	for _, v := range [...]int{x.Shape[0], set.Shape.Sample().Size(), classes, order.Len(), xGroups} {
		l.uniform(v)
	}
	l.bits(on)
	l.bits(off)
}

// labelBits is t of the label and of the others.
func labelBits(classes int, smoothing float32) (on, off float32) {
	share := float64(smoothing) / float64(classes)
	return float32(1 - float64(smoothing) + share), float32(share)
}

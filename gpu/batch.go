//go:build cgo

package gpu

import "glyph"

var gather = newKernel("batch.comp", "VEC VEC_MEAN PER_PIXEL")

// Gather makes the batch that the clock points at.
func (b *Backend) Gather(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) {
	glyph.CheckGather(x, t, set, order, clock, smoothing)
	const threads = 128
	perPixel := set.Mean.Size() > 1
	pixels := set.Shape.Sample().Size()
	b.start(b.program(gather, values{threads, vec(pixels, x), vec(set.Mean.Size(), set.Mean, set.Scale), one(perPixel)}))
	b.gathering(x, t, set, order, clock, smoothing, ceil(x.Shape[0]*ceil(pixels, 4), threads))
}

// gathering gives a kernel that gathers its operands and runs it; xGroups work
// groups write x.
func (b *Backend) gathering(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, xGroups int) {
	l := &b.launch
	b.out(0, x)
	b.out(1, t)
	b.all(2, set.Images, false)
	b.all(3, set.Labels, false)
	b.in(4, set.Mean)
	b.in(5, set.Scale)
	b.all(6, order, false)
	b.all(7, clock, false)
	classes := t.Shape[1]
	off := float64(smoothing) / float64(classes)
	l.uniform(9, x.Shape[0])
	l.uniform(10, set.Shape.Sample().Size())
	l.uniform(11, classes)
	l.uniform(12, order.Len())
	l.uniform(13, xGroups)
	l.bits(14, float32(1-float64(smoothing)+off))
	l.bits(15, float32(off))
	b.run(xGroups+ceil(t.Size(), l.program.threads), 0)
}

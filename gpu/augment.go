//go:build cgo

package gpu

import "glyph"

var augment = newKernel("augment.comp", gatherOperands,
	gatherUniforms+"key_low key_high shift_limit rotation_limit scale_limit shear_limit elastic_limit stroke_limit cutout",
	"VEC VEC_MEAN PER_PIXEL HEIGHT WIDTH CHANNELS STREAM")

// GatherAugmented makes the batch that the clock points at, of moved images.
func (b *Backend) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	glyph.CheckGatherAugmented(x, t, set, order, clock, smoothing, a)
	b.ask(operation{kind: opGatherAugmented, t: operands{x, t}, set: set, order: order, clock: clock, f: smoothing, augment: a, seed: seed})
}

func (b *Backend) putGatherAugmented(o *operation) {
	x, t := o.t[0], o.t[1]
	set, order, clock, smoothing, a, seed := o.set, o.order, o.clock, o.f, o.augment, o.seed
	const threads = 128
	image := set.Shape.Sample()
	pixels := image.Size()
	l := b.start(b.program(augment, values{
		threads, vec(pixels, x), vec(set.Mean.Size(), set.Mean, set.Scale), one(set.Mean.Size() > 1),
		image[0], image[1], image[2], int(glyph.StreamAugment),
	}))
	groups := x.Shape[0] * ceil(pixels, 4*threads)
	b.gathering(x, t, set, order, clock, smoothing, groups)
	key, limits := glyph.Key(seed), a.Limits()
	for _, v := range [...]int32{int32(key[0]), int32(key[1]), limits.Shift, limits.Rotation, limits.Scale, limits.Shear, limits.Elastic, limits.Stroke, int32(a.Cutout)} {
		l.uniform(int(v))
	}
	b.run(groups+ceil(t.Size(), threads), 0)
}

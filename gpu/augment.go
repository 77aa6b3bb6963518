//go:build cgo

package gpu

import "glyph"

var augment = newKernel("augment.comp", "VEC VEC_MEAN PER_PIXEL HEIGHT WIDTH CHANNELS STREAM")

// GatherAugmented makes the batch that the clock points at, of moved images.
func (b *Backend) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	glyph.CheckGatherAugmented(x, t, set, order, clock, smoothing, a)
	const threads = 128
	image := set.Shape.Sample()
	pixels := image.Size()
	l := b.start(b.program(augment, values{
		threads, vec(pixels, x), vec(set.Mean.Size(), set.Mean, set.Scale), one(set.Mean.Size() > 1),
		image[0], image[1], image[2], int(glyph.StreamAugment),
	}))
	key, limits := glyph.Key(seed), a.Limits()
	l.uniform(16, int(int32(key[0])))
	l.uniform(17, int(int32(key[1])))
	l.uniform(18, int(limits.Shift))
	l.uniform(19, int(limits.Rotation))
	l.uniform(20, int(limits.Scale))
	l.uniform(21, int(limits.Shear))
	b.gathering(x, t, set, order, clock, smoothing, x.Shape[0]*ceil(pixels, 4*threads))
}

package cpu

import "glyph"

type augmentTask[T Float] struct {
	gatherTask[T]
	h, w, c int
	limits  glyph.Limits
	seed    uint64
	step    int32
}

func (t *augmentTask[T]) part(_, i int) {
	x, pixels := t.sample(i)
	m := t.limits.Draw(t.seed, t.step, i).Affine(t.h, t.w)
	k := 0
	for h := range t.h {
		for w := range t.w {
			py, px := m.Position(h, w)
			t.interpolate(x[k:][:t.c], pixels, py, px)
			k += t.c
		}
	}
	if len(t.mean) == 1 {
		mean, scale := t.mean[0], t.scale[0]
		for k, v := range x {
			x[k] = (v - mean) * scale
		}
		return
	}
	for k, v := range x {
		x[k] = (v - t.mean[k]) * t.scale[k]
	}
}

// interpolate sets x, a pixel's channels, to the image at a position in 2⁻⁸
// pixel. The weighted sum is an integer below 2²⁴, so x is exact.
func (t *augmentTask[T]) interpolate(x []T, pixels []byte, py, px int32) {
	top, left := int(py>>8), int(px>>8)
	down, right := uint32(py&255), uint32(px&255)
	const whole = 1.0 / (1 << 16)
	if uint(top) < uint(t.h-1) && uint(left) < uint(t.w-1) { // all four are inside
		row := t.w * t.c
		at := pixels[top*row+left*t.c:][:row+2*t.c]
		for c := range x {
			above := (256-right)*uint32(at[c]) + right*uint32(at[c+t.c])
			below := (256-right)*uint32(at[row+c]) + right*uint32(at[row+c+t.c])
			x[c] = T((256-down)*above+down*below) * whole
		}
		return
	}
	for c := range x {
		sum := uint32(0)
		for i := range 4 {
			y, weight := top, 256-down
			if i > 1 {
				y, weight = top+1, down
			}
			z, by := left, 256-right
			if i%2 == 1 {
				z, by = left+1, right
			}
			if uint(y) < uint(t.h) && uint(z) < uint(t.w) {
				sum += weight * by * uint32(pixels[(y*t.w+z)*t.c+c])
			}
		}
		x[c] = T(sum) * whole
	}
}

// GatherAugmented makes the batch that the clock points at, of moved images.
func (b *Backend[T]) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	glyph.CheckGatherAugmented(x, t, set, order, clock, smoothing, a)
	b.augment = augmentTask[T]{
		gatherTask: b.gathering(x, t, set, order, clock, smoothing),
		h:          set.Shape[1], w: set.Shape[2], c: set.Shape[3],
		limits: a.Limits(), seed: seed, step: b.ints(clock)[glyph.ClockStep],
	}
	b.workers.run(&b.augment, x.Shape[0])
}

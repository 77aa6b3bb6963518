package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

type gatherTask[T Float] struct {
	kernels        *kernels.Kernels[T]
	x, t           []T
	images, labels []byte
	mean, scale    []T
	order          []int32
	row            int
	pixels         int
	classes        int
	smoothing      float64
}

func (g *gatherTask[T]) part(_, i int) {
	x, pixels := g.sample(i)
	switch {
	case len(g.mean) == 1 && g.kernels != nil:
		g.kernels.Normalise(x, pixels, g.mean[0], g.scale[0])
	case len(g.mean) == 1:
		mean, scale := g.mean[0], g.scale[0]
		for k, v := range pixels {
			x[k] = (T(v) - mean) * scale
		}
	default:
		for k, v := range pixels {
			x[k] = (T(v) - g.mean[k]) * g.scale[k]
		}
	}
}

// sample writes the targets of sample i, and returns where its image goes and
// the pixels to take.
func (g *gatherTask[T]) sample(i int) (x []T, pixels []byte) {
	j := int(g.order[int(uint32(g.row+i))%len(g.order)])
	t := g.t[i*g.classes:][:g.classes]
	for c := range t {
		t[c] = T(g.smoothing / float64(g.classes))
	}
	t[g.labels[j]] = T(1 - g.smoothing + g.smoothing/float64(g.classes))
	return g.x[i*g.pixels:][:g.pixels], g.images[j*g.pixels:][:g.pixels]
}

// Gather makes the batch that the clock points at.
func (b *Backend[T]) Gather(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) {
	glyph.CheckGather(x, t, set, order, clock, smoothing)
	b.gather = b.gathering(x, t, set, order, clock, smoothing)
	b.workers.run(&b.gather, x.Shape[0])
}

func (b *Backend[T]) gathering(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) gatherTask[T] {
	return gatherTask[T]{
		kernels: b.kernels,
		x:       b.data(x), t: b.data(t),
		images: b.bytes(set.Images), labels: b.bytes(set.Labels),
		mean: b.data(set.Mean), scale: b.data(set.Scale),
		order: b.ints(order), row: int(b.ints(clock)[glyph.ClockRow]),
		pixels: set.Shape.Sample().Size(), classes: t.Shape[1],
		smoothing: float64(smoothing),
	}
}

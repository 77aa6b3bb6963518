package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// Convolution on the vector kernels multiplies patches where they lie in the
// image: row r of a patch is S·C consecutive numbers, so a tile reduces over R
// segments of an image that has its padding around it. No matrix of patches
// exists (implicit GEMM; Chetlur et al. 2014, "cuDNN", §3).

// flopsPerConvPart is how much work a part of a convolution is at least: tens of
// microseconds.
const flopsPerConvPart = 1 << 22

// correlation is cross-correlation of one padded image at a time with packed
// weights: convolution forward, or its data gradient.
type correlation[T Float] struct {
	kernels *kernels.Kernels[T]
	offsets []int // of the patch at each output position in the padded image
	packed  []T   // weights: panels of (R·S·C, Width)
	rows    int   // R
	row     int   // S·C
	line    int   // elements of a line of the padded image
	outputs int   // K
}

// panel is where the weights of the outputs from lo on lie.
func (f *correlation[T]) panel(lo int) []T {
	return f.packed[lo*f.rows*f.row:][:f.rows*f.row*f.kernels.Width]
}

// image computes all outputs of one image.
func (f *correlation[T]) image(t *kernels.Tile[T], y, image, bias []T, relu bool) {
	width := f.kernels.Width
	*t = kernels.Tile[T]{
		Segs: f.rows, K: f.row, KS: 1, ASeg: f.line, LDB: width, BSeg: f.row * width, LDC: f.outputs, ReLU: relu,
	}
	for k := 0; k < f.outputs; k += width {
		t.N = min(width, f.outputs-k)
		t.A, t.Rows, t.B, t.C = &image[0], &f.offsets[0], &f.panel(k)[0], &y[k]
		if bias != nil {
			t.Init = &bias[k]
		}
		f.kernels.Tile(t, len(f.offsets))
	}
}

// gridOffsets is where positions of a grid lie that are down and across apart.
func gridOffsets(memory *[]int, rows, cols, down, across int) []int {
	offsets := grow(memory, rows*cols)
	for i := range offsets {
		offsets[i] = i/cols*down + i%cols*across
	}
	return offsets
}

// packedLen is the memory of weights packed for a correlation.
func packedLen(outputs, width, patch int) int { return ceil(outputs, width) * width * patch }

// fastConvTask is the forward convolution. A part is a few images, or a panel
// of weights to pack.
type fastConvTask[T Float] struct {
	geometry
	correlation[T]
	scratch       []*scratch[T]
	y, x, w, bias []T
	act           glyph.Activation
	images        int // of a part
	packing       bool
}

func (t *fastConvTask[T]) part(worker, i int) {
	if t.packing {
		lo, hi := span(i, t.kernels.Width, t.k)
		panel := t.panel(lo)
		if hi-lo < t.kernels.Width {
			clear(panel)
		}
		t.kernels.Transpose(panel, t.w[lo*t.patch():], t.patch(), hi-lo, t.patch(), t.kernels.Width)
		return
	}
	s := t.scratch[worker]
	first, last := span(i, t.images, t.n)
	for n := first; n < last; n++ {
		image := padded(t.kernels, s, &t.geometry, t.x[n*t.pixels():][:t.pixels()])
		y := t.y[n*t.positions()*t.k:][:t.positions()*t.k]
		t.image(&s.tile, y, image, t.bias, t.act.Kind == glyph.ReLU)
		if t.act.Kind != glyph.ReLU {
			activate(t.kernels, y, t.act)
		}
	}
}

// padded is the image with its padding around it.
func padded[T Float](k *kernels.Kernels[T], s *scratch[T], g *geometry, image []T) []T {
	if g.Pad == 0 {
		return image
	}
	line := g.paddedLine()
	dst := grow(&s.image, (g.h+2*g.Pad)*line)
	frame(dst, g.h, g.w*g.c, line, g.Pad, g.Pad*g.c)
	k.Rows(dst[g.Pad*line+g.Pad*g.c:], image, g.w*g.c, g.h, line, g.w*g.c)
	return dst
}

// frame clears what is around rows of n numbers in dst, whose lines are so long:
// top lines and left numbers before it, and all that comes after.
func frame[T Float](dst []T, rows, n, line, top, left int) {
	at := top*line + left
	clear(dst[:at])
	for range rows - 1 {
		clear(dst[at+n:][:line-n])
		at += line
	}
	clear(dst[at+n:])
}

// paddedLine is the elements of a line of the padded image.
func (g *geometry) paddedLine() int { return (g.w + 2*g.Pad) * g.c }

// nine reports whether it has kernels of its own: one channel, and nine taps.
func (g *geometry) nine() bool { return g.c == 1 && g.r == 3 && g.s == 3 }

// imagesPerPart is how many images make a part worth starting.
func (g *geometry) imagesPerPart() int {
	return min(max(flopsPerConvPart/(2*g.positions()*g.k*g.patch()), 1), g.n)
}

// fastConv2D is Conv2D on the vector kernels.
func (b *Backend[T]) fastConv2D(g geometry, y, x, w, bias []T, act glyph.Activation) {
	t := &b.fastConv
	*t = fastConvTask[T]{
		geometry: g, scratch: b.scratch, y: y, x: x, w: w, bias: bias, act: act,
		images: g.imagesPerPart(), packing: true,
		correlation: correlation[T]{
			kernels: b.kernels,
			offsets: gridOffsets(&b.offsets, g.p, g.q, g.Stride*g.paddedLine(), g.Stride*g.c),
			packed:  grow(&b.packs[0].b, packedLen(g.k, b.kernels.Width, g.patch())),
			rows:    g.r, row: g.s * g.c, line: g.paddedLine(), outputs: g.k,
		},
	}
	b.workers.run(t, ceil(g.k, b.kernels.Width))
	t.packing = false
	b.workers.run(t, ceil(g.n, t.images))
}

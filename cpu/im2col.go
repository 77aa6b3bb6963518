package cpu

import "glyph"

// geometry is the sizes of a convolution in the letters of package glyph.
type geometry struct {
	n, h, w, c int
	k, r, s    int
	p, q       int
	glyph.Conv
}

func newGeometry(x, w, y glyph.Shape, c glyph.Conv) geometry {
	return geometry{
		n: x[0], h: x[1], w: x[2], c: x[3],
		k: w[0], r: w[1], s: w[2],
		p: y[1], q: y[2], Conv: c,
	}
}

// patch is the length of a patch, R·S·C; positions the output positions of an
// image, P·Q; pixels the elements of an image.
func (g *geometry) patch() int     { return g.r * g.s * g.c }
func (g *geometry) positions() int { return g.p * g.q }
func (g *geometry) pixels() int    { return g.h * g.w * g.c }

// rowsPerPatchBlock is how many patches are laid out at a time: enough to
// occupy a product, few enough to stay in the second-level cache.
const rowsPerPatchBlock = 192

// segment is the part of row r of the patch at output position (p, q) that lies
// in the image: n elements from column lo of the patch row on, which begin at
// element at of the image. n is 0 if the row is in the padding.
func (g *geometry) segment(pos, r int) (lo, n, at int) {
	h := pos/g.q*g.Stride - g.Pad + r
	if h < 0 || h >= g.h {
		return 0, 0, 0
	}
	w := pos%g.q*g.Stride - g.Pad
	first, last := max(0, -w), min(g.s, g.w-w)
	if first >= last {
		return 0, 0, 0
	}
	return first * g.c, (last - first) * g.c, (h*g.w + w + first) * g.c
}

// im2col lays out the patches of output positions lo to hi of one image as the
// rows of a matrix (hi-lo, R·S·C) (Chellapilla, Puri & Simard 2006, §3).
func im2col[T Float](g *geometry, patches, image []T, lo, hi int) {
	row := g.s * g.c
	for pos := lo; pos < hi; pos++ {
		for r := range g.r {
			dst := patches[:row]
			patches = patches[row:]
			from, n, at := g.segment(pos, r)
			if n < row {
				clear(dst)
			}
			copy(dst[from:from+n], image[at:at+n])
		}
	}
}

// col2im adds the rows of a matrix of patches back to the image: the transpose
// of im2col.
func col2im[T Float](g *geometry, image, patches []T, lo, hi int) {
	row := g.s * g.c
	for pos := lo; pos < hi; pos++ {
		for r := range g.r {
			from, n, at := g.segment(pos, r)
			addTo(image[at:at+n], patches[from:from+n])
			patches = patches[row:]
		}
	}
}

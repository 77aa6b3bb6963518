package ink

import (
	"image"
	"math"

	"golang.org/x/image/draw"
)

// working is the longest side of what is looked at; larger pictures are scaled
// down to it first, so that neither time nor memory grows with them.
const working = 512

// area averages the source pixels that fall into each pixel of the result.
var area = &draw.Kernel{Support: 0.5, At: func(float64) float64 { return 1 }}

// colours is a picture of at most working × working, with straight channels
// from 0 to 1, and no transparency left.
type colours struct {
	w, h int
	c    [][3]float64
	cut  bool // the paper was transparent: nothing in the picture but the ink
}

// flatten scales a picture down and puts it on paper where it is transparent:
// white under dark ink and black under light ink.
func flatten(img image.Image) colours {
	size := img.Bounds().Size()
	w, h := size.X, size.Y
	if most := max(w, h); most > working {
		w, h = max(1, w*working/most), max(1, h*working/most)
	}
	small := image.NewRGBA64(image.Rect(0, 0, w, h))
	if img = halved(img, w, h); img.Bounds().Size() == image.Pt(w, h) {
		draw.Draw(small, small.Rect, img, img.Bounds().Min, draw.Src)
	} else {
		area.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	}

	p := colours{w: w, h: h, c: make([][3]float64, w*h)}
	alpha := make([]float64, w*h)
	light, opaque := 0.0, 0.0
	for i := range p.c {
		at := small.RGBA64At(i%w, i/w) // premultiplied
		p.c[i] = [3]float64{float64(at.R) / 0xffff, float64(at.G) / 0xffff, float64(at.B) / 0xffff}
		alpha[i] = float64(at.A) / 0xffff
		light += luma(p.c[i])
		opaque += alpha[i]
	}
	paper := 0.0
	if light < opaque/2 {
		paper = 1
	}
	for i := range p.c {
		for k := range p.c[i] {
			p.c[i][k] += (1 - alpha[i]) * paper
		}
	}
	p.cut = opaque < 0.75*float64(w*h)
	return p
}

// halved averages rectangles of whole pixels, so that a large picture becomes
// one of less than twice w×h. The scaler after it takes memory by the height of
// what it is given; this takes that of its result.
func halved(img image.Image, w, h int) image.Image {
	from := img.Bounds()
	nx, ny := from.Dx()/w, from.Dy()/h
	pixels, direct := img.(image.RGBA64Image)
	if max(nx, ny) < 2 || !direct {
		return img
	}
	out := image.NewRGBA64(image.Rect(0, 0, from.Dx()/nx, from.Dy()/ny))
	for y := range out.Rect.Max.Y {
		for x := range out.Rect.Max.X {
			var sum [4]uint64
			for v := range ny {
				for u := range nx {
					c := pixels.RGBA64At(from.Min.X+x*nx+u, from.Min.Y+y*ny+v)
					sum[0] += uint64(c.R)
					sum[1] += uint64(c.G)
					sum[2] += uint64(c.B)
					sum[3] += uint64(c.A)
				}
			}
			for k, s := range sum {
				s /= uint64(nx * ny)
				i := out.PixOffset(x, y) + 2*k
				out.Pix[i], out.Pix[i+1] = uint8(s>>8), uint8(s)
			}
		}
	}
	return out
}

// luma is BT.601's, as image/color has it.
func luma(c [3]float64) float64 { return 0.299*c[0] + 0.587*c[1] + 0.114*c[2] }

// axis is the direction in which colours differ most from one place to the next,
// as a vector of length 1: from black to white in most pictures, and from paper
// to ink where these are of one brightness. Light that changes slowly has no
// part in it. It leads to what is lighter. ok is false where nothing differs.
func (p colours) axis() (a [3]float64, ok bool) {
	var m [3][3]float64
	for y := range p.h {
		for x := range p.w {
			i := y*p.w + x
			if x+2 < p.w {
				spread(&m, p.c[i], p.c[i+2])
			}
			if y+2 < p.h {
				spread(&m, p.c[i], p.c[i+2*p.w])
			}
		}
	}
	// The eigenvector of the largest eigenvalue, by power iteration from the
	// column of the channel that varies most.
	most := 0
	for k := range m {
		if m[k][k] > m[most][most] {
			most = k
		}
	}
	if !(m[most][most] > 0) {
		return a, false
	}
	a = m[most]
	for range 50 {
		var next [3]float64
		for j := range a {
			for k := range a {
				next[j] += m[j][k] * a[k]
			}
		}
		length := math.Sqrt(next[0]*next[0] + next[1]*next[1] + next[2]*next[2])
		for k := range a {
			a[k] = next[k] / length
		}
	}
	if luma(a) < 0 {
		for k := range a {
			a[k] = -a[k]
		}
	}
	return a, true
}

// spread adds a difference of colours to their second moments, by its square so
// that edges outweigh noise.
func spread(m *[3][3]float64, c, d [3]float64) {
	weight := 0.0
	for k := range c {
		c[k] -= d[k]
		weight += c[k] * c[k]
	}
	for j := range c {
		for k := range c {
			m[j][k] += weight * c[j] * c[k]
		}
	}
}

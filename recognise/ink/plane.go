package ink

import (
	"image"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// working is the longest side of what is looked at; larger pictures are scaled
// down to it first, so that the work does not grow with them.
const working = 512

// area averages the source pixels that fall into each pixel of the result.
var area = &draw.Kernel{Support: 0.5, At: func(float64) float64 { return 1 }}

// colours is a picture of at most working × working, with straight channels
// from 0 to 1, and no transparency left.
type colours struct {
	w, h int
	c    [][3]float64
}

// flatten scales a picture down and puts it on paper where it is transparent:
// white under dark ink and black under light ink.
func flatten(img image.Image) colours {
	size := img.Bounds().Size()
	w, h := size.X, size.Y
	if most := max(w, h); most > working {
		w, h = max(1, w*working/most), max(1, h*working/most)
	}
	at := func(x, y int) (r, g, b, a uint32) { return img.At(img.Bounds().Min.X+x, img.Bounds().Min.Y+y).RGBA() }
	if size != image.Pt(w, h) {
		small := image.NewRGBA64(image.Rect(0, 0, w, h))
		area.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
		at = func(x, y int) (r, g, b, a uint32) { return small.RGBA64At(x, y).RGBA() }
	}

	p := colours{w: w, h: h, c: make([][3]float64, w*h)}
	alpha := make([]float64, w*h)
	light, opaque := 0.0, 0.0
	for i := range p.c {
		r, g, b, a := at(i%w, i/w) // premultiplied
		p.c[i] = [3]float64{float64(r) / 0xffff, float64(g) / 0xffff, float64(b) / 0xffff}
		alpha[i] = float64(a) / 0xffff
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
	return p
}

// luma is BT.601's, as image/color has it.
func luma(c [3]float64) float64 { return 0.299*c[0] + 0.587*c[1] + 0.114*c[2] }

// border is the places along the edge.
func border(w, h int) (places []int) {
	for i := range w * h {
		if x, y := i%w, i/w; x == 0 || y == 0 || x == w-1 || y == h-1 {
			places = append(places, i)
		}
	}
	return places
}

// plane is how much ink there is, from 0 to 1 and more.
type plane struct {
	w, h int
	v    []float64
}

// minContrast is the least distance, of √3 between black and white, that ink
// must have from the paper.
const minContrast = 0.15

// separate tells ink from paper, whatever their colours. The paper's is the
// median along the border. The ink's is the mean of the others, weighted by
// their squared distance from it, so that the strokes outweigh what is between.
// Every pixel then counts by how far it lies on the way from paper to ink, which
// is linear in how much of it is covered.
func (p colours) separate() (ink plane, dark bool, err error) {
	paper := p.median(border(p.w, p.h))
	var sum [3]float64
	weight, furthest := 0.0, 0.0
	for _, c := range p.c {
		d2 := 0.0
		for k := range c {
			d2 += (c[k] - paper[k]) * (c[k] - paper[k])
		}
		for k := range c {
			sum[k] += d2 * (c[k] - paper[k])
		}
		weight += d2
		furthest = max(furthest, math.Sqrt(d2))
	}
	if furthest < minContrast {
		return plane{}, false, ErrBlank
	}
	var way [3]float64
	length2 := 0.0
	for k := range way {
		way[k] = sum[k] / weight
		length2 += way[k] * way[k]
	}
	// Less than that is specks of all colours that cancel each other.
	if length2 < minContrast*minContrast/4 {
		return plane{}, false, ErrBlank
	}
	ink = plane{p.w, p.h, make([]float64, len(p.c))}
	for i, c := range p.c {
		for k := range c {
			ink.v[i] += (c[k] - paper[k]) * way[k] / length2
		}
		ink.v[i] = max(ink.v[i], 0)
	}
	return ink, luma(way) < 0, nil
}

// median is that of each channel.
func (p colours) median(places []int) (m [3]float64) {
	values := make([]float64, len(places))
	for k := range m {
		for i, at := range places {
			values[i] = p.c[at][k]
		}
		slices.Sort(values)
		m[k] = values[len(values)/2]
	}
	return m
}

// clean takes away what the paper has of itself, three deviations of the border
// without the ink that crosses it.
func (p plane) clean() {
	var still []float64
	for _, i := range border(p.w, p.h) {
		if p.v[i] < 0.5 {
			still = append(still, p.v[i])
		}
	}
	if len(still) == 0 {
		return
	}
	slices.Sort(still)
	// Noise below the paper's colour is 0 already, so that the third quartile is
	// the median of the noise's magnitude, 1/1.4826 of its deviation.
	noise := min(3*1.4826*still[len(still)*3/4], 0.5)
	for i := range p.v {
		p.v[i] = max(0, p.v[i]-noise) / (1 - noise)
	}
}

package ink

import (
	"image"
	"slices"
)

// lift separates ink from paper in a photograph, whose paper is unevenly lit and may
// end inside the picture. It is like separate, which holds for paper of one
// colour.
//
// The paper under the strokes is estimated by closing: what is darker than all
// around it within a square as wide as half the picture is ink. A dark table
// around a sheet continues outside the picture, and so is not ink, whatever its
// shape as long as the sheet is convex; light that falls off slowly is followed.
// Ink then is the share of the light that is missing, which is the same in the
// shade (and, since a camera stores a power of the light, in its numbers too).
//
// If what was found is itself a sheet, such as a note on a large table, it looks
// again at the sheet alone.
func (p colours) lift() (f found, err error) {
	a, ok := p.axis()
	if !ok {
		return found{}, ErrBlank
	}
	levels := plane{p.w, p.h, make([]float64, len(p.c))}
	for i, c := range p.c {
		levels.v[i] = a[0]*c[0] + a[1]*c[1] + a[2]*c[2]
	}
	calm := levels.calmed()
	f.dark = levels.paperIsLight()
	if !f.dark {
		levels.negate()
		calm.negate()
	}
	paper := calm.closing(max(min(p.w, p.h)/4, 1))
	contrast := plane{p.w, p.h, make([]float64, len(p.c))}
	furthest := 0.0
	for i := range contrast.v {
		contrast.v[i] = max(paper.v[i]-levels.v[i], 0)
		furthest = max(furthest, contrast.v[i])
	}
	if furthest < minContrast {
		return found{}, ErrBlank
	}
	f.ink = plane{p.w, p.h, slices.Clone(contrast.v)}
	if f.dark && min(a[0], a[1], a[2]) >= 0 {
		f.ink.shareOf(paper)
	}
	f.table = f.ink.leaveTable(contrast, paper)
	f.ink.scale()
	if box, ok := f.ink.solid(); ok && box.Size() != image.Pt(p.w, p.h) {
		if inner, err := p.crop(box).lift(); err == nil {
			return inner.within(box, p.w, p.h), nil
		}
	}
	f.ink.clean()
	f.lines = f.ink.leaveLines()
	return f, nil
}

// found is the ink in a picture, and what was left out.
type found struct {
	ink   plane
	dark  bool // darker than the paper
	table bool
	lines int
}

// within puts what was found in a part of a picture where that part is.
func (f found) within(box image.Rectangle, w, h int) found {
	whole := plane{w, h, make([]float64, w*h)}
	for y := range f.ink.h {
		copy(whole.v[(box.Min.Y+y)*w+box.Min.X:], f.ink.v[y*f.ink.w:][:f.ink.w])
	}
	f.ink, f.table = whole, true
	return f
}

// crop is a part of the picture.
func (p colours) crop(box image.Rectangle) colours {
	q := colours{w: box.Dx(), h: box.Dy(), cut: p.cut}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		q.c = append(q.c, p.c[y*p.w+box.Min.X:y*p.w+box.Max.X]...)
	}
	return q
}

func (p plane) negate() {
	for i := range p.v {
		p.v[i] = -p.v[i]
	}
}

// shareOf divides by the paper's light. Of what is darker than any shadow on
// paper the differences are not enlarged further.
func (p plane) shareOf(paper plane) {
	brightest := slices.Max(paper.v)
	for i := range p.v {
		p.v[i] /= max(paper.v[i], brightest/2)
	}
}

// scale makes 1 of full ink: the mean of the differences from the paper,
// weighted by their squares, so that the strokes outweigh what is between.
func (p plane) scale() {
	sum, weight := 0.0, 0.0
	for _, v := range p.v {
		sum += v * v * v
		weight += v * v
	}
	for i := range p.v {
		p.v[i] *= weight / sum
	}
}

// paperIsLight looks at the places near which levels differ most, and tells
// whether most of them are on the light side: strokes are narrow, so that there
// is more paper than ink around their edges. The straight edge of a table or a
// frame has as much on either side and does not matter.
func (p plane) paperIsLight() bool {
	reach := max(min(p.w, p.h)/8, 1)
	hi, lo := slices.Clone(p.v), slices.Clone(p.v)
	spare := make([]float64, len(p.v))
	for i := range lo {
		lo[i] = -lo[i]
	}
	widest(hi, spare, p.w, p.h, reach)
	widest(lo, spare, p.w, p.h, reach)
	most := 0.0
	for i := range hi {
		lo[i] = -lo[i]
		most = max(most, hi[i]-lo[i])
	}
	votes := 0
	for i, v := range p.v {
		switch middle := (hi[i] + lo[i]) / 2; {
		case hi[i]-lo[i] < most/2:
		case v > middle:
			votes++
		default:
			votes--
		}
	}
	return votes >= 0
}

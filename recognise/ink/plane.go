package ink

import (
	"math"
	"slices"
)

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

// separate separates ink from paper, whatever their colours. The paper's is the
// median along the border. The ink's is the mean of the others, weighted by
// their squared distance from it, so that the strokes outweigh what is between.
// Every pixel then counts by how far it lies on the way from paper to ink, which
// is linear in how much of it is covered.
func (p colours) separate() (found, error) {
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
		return found{}, ErrBlank
	}
	var way [3]float64
	length2 := 0.0
	for k := range way {
		way[k] = sum[k] / weight
		length2 += way[k] * way[k]
	}
	// Less than that is specks of all colours that cancel each other.
	if length2 < minContrast*minContrast/4 {
		return found{}, ErrBlank
	}
	ink := plane{p.w, p.h, make([]float64, len(p.c))}
	for i, c := range p.c {
		for k := range c {
			ink.v[i] += (c[k] - paper[k]) * way[k] / length2
		}
		ink.v[i] = max(ink.v[i], 0)
	}
	ink.clean()
	return found{ink: ink, dark: luma(way) < 0}, nil
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
	for _, v := range p.v {
		if v < 0.5 {
			still = append(still, v)
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

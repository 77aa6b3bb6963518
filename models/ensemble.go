package models

import (
	"errors"
	"fmt"
	"slices"

	"glyph"
)

// Ensemble classifies images by several networks, from several views of each image:
// its probabilities are the mean of those of every member on every view. Like its
// backends it is used by one goroutine at a time.
type Ensemble struct {
	// Members take images of one shape and have the same classes.
	Members []*Predictor
	// Shift is how many pixels an image is moved by for each of eight more views: up,
	// down, left, right and diagonally, filled with 0. A Shift of 0 adds no views.
	// (This is test-time augmentation; Krizhevsky, Sutskever & Hinton 2012, §4.1, take
	// crops.)
	Shift int
	// Sure is the mean probability of a class in the plain view from which on an image
	// gets no more views. With 1 or more every image gets them.
	Sure float64
}

// DefaultSure saves most of the work of the other views: a good network is that sure
// of most images.
const DefaultSure = 0.98

// MaxViewShift is the largest shift of a view, in pixels.
const MaxViewShift = 8

// Validate returns an error if there is no member, if members don't fit together, or
// if the shift is out of range.
func (e *Ensemble) Validate() error {
	if len(e.Members) == 0 {
		return errors.New("there is no network")
	}
	if e.Shift < 0 || e.Shift > MaxViewShift {
		return fmt.Errorf("a view can be moved by 0 to %d pixels, not %d", MaxViewShift, e.Shift)
	}
	first := e.Members[0].Net
	for _, m := range e.Members[1:] {
		if a, b := first.Input(1).Shape.Sample(), m.Net.Input(1).Shape.Sample(); a != b {
			return fmt.Errorf("one network takes images of %v and another of %v", a, b)
		}
		if a, b := first.Classes(), m.Net.Classes(); a != b {
			return fmt.Errorf("one network has %d classes and another %d", a, b)
		}
	}
	return nil
}

// Probabilities is the mean of the members' probabilities for each image, a row of
// one number per class. pixels holds the images one after the other.
func (e *Ensemble) Probabilities(pixels []uint8) ([][]float64, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	rows, err := e.mean(pixels)
	if err != nil || e.Shift == 0 {
		return rows, err
	}
	image := e.Members[0].Net.Input(1).Shape.Sample()
	size := image.Size()
	var unsure []int
	var moved []uint8
	for i, row := range rows {
		if slices.Max(row) < e.Sure {
			unsure = append(unsure, i)
			for _, by := range directions {
				moved = appendMoved(moved, pixels[i*size:][:size], image, by[0]*e.Shift, by[1]*e.Shift)
			}
		}
	}
	views, err := e.mean(moved)
	if err != nil {
		return nil, err
	}
	for u, i := range unsure {
		row := rows[i]
		for _, view := range views[u*len(directions):][:len(directions)] {
			for c, p := range view {
				row[c] += p
			}
		}
		for c := range row {
			row[c] /= float64(1 + len(directions))
		}
	}
	return rows, nil
}

// directions are the steps to the eight neighbours.
var directions = [...][2]int{{-1, -1}, {-1, 0}, {-1, 1}, {0, -1}, {0, 1}, {1, -1}, {1, 0}, {1, 1}}

// mean is the mean of the members' probabilities.
func (e *Ensemble) mean(pixels []uint8) ([][]float64, error) {
	var sum [][]float64
	for _, m := range e.Members {
		rows, err := m.Probabilities(pixels)
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = rows
			continue
		}
		for i, row := range rows {
			for c, p := range row {
				sum[i][c] += p
			}
		}
	}
	for _, row := range sum {
		for c := range row {
			row[c] /= float64(len(e.Members))
		}
	}
	return sum, nil
}

// appendMoved appends an image moved down and to the right.
func appendMoved(to, pixels []uint8, image glyph.Shape, down, right int) []uint8 {
	h, w, c := image[0], image[1], image[2]
	at := len(to)
	to = append(to, make([]uint8, len(pixels))...)
	for y := max(0, down); y < min(h, h+down); y++ {
		from, columns := max(0, -right), w-max(right, -right)
		if columns <= 0 {
			continue
		}
		copy(to[at+(y*w+from+right)*c:][:columns*c], pixels[((y-down)*w+from)*c:])
	}
	return to
}

package page

import (
	"fmt"
	"image"
	"math"
	"net/http"
	"strconv"

	"glyph/recognise/ink"
)

// question is what a request asks beside its picture.
type question struct {
	label int // the class to explain; -1 is the most probable
	place *image.Point
}

// questionOf reads ?label=, and ?x= and ?y=.
func questionOf(r *http.Request, classes int) (q question, err error) {
	values := r.URL.Query()
	q.label = -1
	number := func(name string, into *int, most int) {
		text := values.Get(name)
		if text == "" || err != nil {
			return
		}
		n, wrong := strconv.Atoi(text)
		if wrong != nil || n < 0 || n > most {
			err = fmt.Errorf("?%s= must be a whole number from 0 to %d", name, most)
			return
		}
		*into = n
	}
	number("label", &q.label, classes-1)
	if values.Has("x") || values.Has("y") {
		q.place = &image.Point{}
		number("x", &q.place.X, math.MaxInt32)
		number("y", &q.place.Y, math.MaxInt32)
	}
	return q, err
}

// nearest is the character that is nearest to the place that was asked for, or the
// largest.
func (q question) nearest(glyphs []ink.Glyph, largest int) int {
	if q.place == nil {
		return largest
	}
	away := func(g ink.Glyph) float64 {
		dx := max(g.Ink.Min.X-q.place.X, q.place.X-g.Ink.Max.X, 0)
		dy := max(g.Ink.Min.Y-q.place.Y, q.place.Y-g.Ink.Max.Y, 0)
		return math.Hypot(float64(dx), float64(dy))
	}
	best := 0
	for i, g := range glyphs {
		if away(g) < away(glyphs[best]) {
			best = i
		}
	}
	return best
}

package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"glyph/internal/message"
)

// drawable is the labels as the font can draw them: a class whose name it lacks
// characters for, such as one in kana, is labelled by its number.
func drawable(labels []string) []string {
	style := sans(10)
	face := font.DefaultCache.Lookup(style.Font, style.Font.Size)
	all := make([]string, len(labels))
	for i, label := range labels {
		all[i] = message.Escape(label)
		for _, r := range all[i] {
			if glyph, err := face.Face.GlyphIndex(nil, r); err != nil || glyph == 0 {
				all[i] = strconv.Itoa(i)
				break
			}
		}
	}
	return all
}

// widest is the width of the widest label.
func widest(s text.Style, labels []string) (w vg.Length) {
	for _, label := range labels {
		w = max(w, s.Width(label))
	}
	return w
}

// leastSize is the smallest size of a font that can be read.
const leastSize = 6

// fitted is a label that takes no more than a width: in a smaller size where that
// is enough, or cut.
func fitted(s text.Style, label string, width vg.Length) (text.Style, string) {
	for s.Font.Size > leastSize && s.Width(label) > width {
		s.Font.Size = max(leastSize, s.Font.Size-1)
	}
	for runes := []rune(label); s.Width(label) > width && len(runes) > 0; {
		runes = runes[:len(runes)-1]
		label = string(runes) + "…"
	}
	return s, label
}

// fitText draws a label about a point in no more than a width.
func fitText(c draw.Canvas, s text.Style, at vg.Point, label string, width vg.Length) {
	s, label = fitted(s, label, width)
	c.FillText(s, at, label)
}

// upward is text that runs upward from a point.
func upward(size vg.Length) text.Style {
	s := aligned(size, text.XLeft, text.YCenter)
	s.Rotation = math.Pi / 2
	return s
}

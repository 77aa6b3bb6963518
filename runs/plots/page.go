package plots

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Spot is a part of a figure that stands for something, such as the column of an epoch: its
// place in the units of the SVG, from the top left, and what there is to say about it.
type Spot struct {
	X, Y, Width, Height float64
	Text                string
}

// Spots are those of the figure, in the order that they are to be read.
func (f *Figure) Spots() []Spot {
	if f.spots == nil {
		return nil
	}
	return f.spots(draw.New(vgsvg.New(f.Width, f.Height)))
}

// Inline is the figure as an SVG that is part of a page, whose style sheet sets its colours:
// --paper behind it, --ink for text and axes, --soft and --line for what matters less, and
// --first, --second and --third for lines. Text on a colour of a map, and the colours of
// maps and images, are as they are.
func (f *Figure) Inline() (string, error) {
	var b bytes.Buffer
	if err := f.Write(&b, "svg"); err != nil {
		return "", err
	}
	text := b.String()
	text = text[strings.Index(text, "<svg"):]                            // without the XML declaration
	text = strings.Replace(text, "fill:#FFFFFF", "fill:var(--paper)", 1) // what is behind it is filled first
	var pairs []string
	for _, c := range []struct {
		colour color.RGBA
		name   string
	}{{ink, "ink"}, {grey, "soft"}, {faint, "line"}, {blue, "first"}, {vermillion, "second"}, {green, "third"}} {
		for _, what := range []string{"fill:", "stroke:"} {
			pairs = append(pairs, fmt.Sprintf("%s#%02X%02X%02X", what, c.colour.R, c.colour.G, c.colour.B), what+"var(--"+c.name+")")
		}
	}
	pairs = append(pairs, "data:image/jpg", "data:image/png") // which they are
	return strings.NewReplacer(pairs...).Replace(text), nil
}

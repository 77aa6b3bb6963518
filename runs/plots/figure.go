package plots

import (
	"image/color"
	"io"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"glyph/internal/message"
)

// Figure is a drawing of a fixed size.
type Figure struct {
	Width, Height vg.Length
	draw          func(draw.Canvas)
	spots         func(draw.Canvas) []Spot // nil has none
}

// Formats are those that Write knows.
func Formats() []string { return []string{"png", "svg"} }

// dpi of a PNG: sharp on a screen of high density.
const dpi = 144

// Write draws the figure. Its error is of an unknown format, or w's.
func (f *Figure) Write(w io.Writer, format string) error {
	switch format {
	case "png":
		c := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))}
		f.draw(draw.New(c))
		_, err := c.WriteTo(w)
		return err
	case "svg":
		c := vgsvg.New(f.Width, f.Height)
		paper := draw.New(c)
		paper.FillPolygon(color.White, paper.ClipPolygonXY([]vg.Point{{}, {X: f.Width}, {X: f.Width, Y: f.Height}, {Y: f.Height}}))
		f.draw(paper)
		_, err := c.WriteTo(w)
		return err
	}
	return message.Unknown("format", format, Formats())
}

// Colours of Okabe & Ito.
var (
	blue       = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	vermillion = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green      = color.RGBA{0x00, 0x9e, 0x73, 0xff}
	ink        = color.RGBA{0x1b, 0x1b, 0x1b, 0xff} // text and axes; not black, which text on a colour may be
	grey       = color.RGBA{0x55, 0x55, 0x55, 0xff}
	faint      = color.RGBA{0xdd, 0xdd, 0xdd, 0xff}
)

// sans is text of a size.
func sans(size vg.Length) text.Style {
	return text.Style{
		Color:   ink,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		Handler: plain{plot.DefaultTextHandler},
	}
}

// plain draws texts, some of which others wrote, with what is not printable in
// them made visible: an SVG with a control character in it is none.
type plain struct{ text.Handler }

func (h plain) Lines(s string) []string {
	lines := h.Handler.Lines(s)
	for i, line := range lines {
		lines[i] = message.Escape(line)
	}
	return lines
}

func (h plain) Box(s string, f font.Font) (width, height, depth vg.Length) {
	return h.Handler.Box(message.Escape(s), f)
}

func (h plain) Draw(c vg.Canvas, s string, style text.Style, at vg.Point) {
	style.Handler = h.Handler
	parts := h.Lines(s)
	h.Handler.Draw(c, strings.Join(parts, "\n"), style, at)
}

// aligned is text about a point.
func aligned(size vg.Length, x text.XAlignment, y text.YAlignment) text.Style {
	s := sans(size)
	s.XAlign, s.YAlign = x, y
	return s
}

// newPlot is a plot in the style of this package.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.TextStyle.Font = sans(12).Font
	p.BackgroundColor = nil // the figure has one
	p.Title.Padding, p.Title.TextStyle.Color = 6, ink
	p.Legend.TextStyle.Font, p.Legend.TextStyle.Color = sans(10).Font, ink
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Tick.Label.Font = sans(10).Font, sans(9).Font
		a.Label.Padding = 3
		a.Color, a.Label.TextStyle.Color, a.Tick.Color, a.Tick.Label.Color = ink, ink, ink, ink
	}
	return p
}

// wide is the least width of a figure with a title of these lines.
func wide(lines ...string) vg.Length {
	w := widest(sans(12), lines[:1])
	return 20 + max(w, widest(sans(9), lines[1:]))
}

// title writes the figure's title at the top and gives the canvas below it.
func title(c draw.Canvas, lines ...string) draw.Canvas {
	y := c.Max.Y - 8
	for i, line := range lines {
		size := vg.Length(12)
		if i > 0 {
			size = 9
		}
		s := aligned(size, text.XCenter, text.YTop)
		if i > 0 {
			s.Color = grey
		}
		c.FillText(s, vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: y}, line)
		y -= size + 5
	}
	c.Max.Y = y
	return c
}

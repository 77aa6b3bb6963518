package study

import (
	"bytes"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Size of a figure, in the width of a page.
const (
	figureWidth  = 6.5 * vg.Inch
	figureHeight = 3.6 * vg.Inch
)

// colours can be told apart with any kind of colour vision, and in grey (Okabe &
// Ito 2008).
var colours = []color.RGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
}

// markers go with the colours, so that nothing is told by colour alone.
var markers = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{},
}

// series is points with error bars that belong together.
type series struct {
	name   string
	points []point
	dashed bool
	line   bool
	style  int // of colours and markers
}

// point is a value with the ends of its error bar.
type point struct{ x, y, low, high float64 }

// picture is a figure before it is drawn.
type picture struct {
	x, y   string // labels of the axes
	ticks  []plot.Tick
	logX   bool
	logY   bool
	series []series
}

// draw makes an SVG document.
func (p picture) draw() ([]byte, error) {
	fig := plot.New()
	sans := font.Font{Typeface: "Liberation", Variant: "Sans"}
	for _, s := range []struct {
		font *font.Font
		size vg.Length
	}{
		{&fig.X.Label.TextStyle.Font, 11}, {&fig.Y.Label.TextStyle.Font, 11},
		{&fig.X.Tick.Label.Font, 10}, {&fig.Y.Tick.Label.Font, 10}, {&fig.Legend.TextStyle.Font, 10},
	} {
		*s.font = font.From(sans, s.size)
	}
	fig.X.Label.Text, fig.Y.Label.Text = p.x, p.y
	fig.X.Padding, fig.Y.Padding = vg.Points(8), vg.Points(4)
	if p.ticks != nil {
		fig.X.Tick.Marker = plot.ConstantTicks(p.ticks)
	}
	if p.crowded() {
		fig.X.Tick.Label.Rotation = math.Pi / 7
		fig.X.Tick.Label.XAlign, fig.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
	}
	fig.Y.Tick.Marker = plot.TickerFunc(evenTicks)
	if p.logX {
		fig.X.Scale = plot.LogScale{}
	}
	if p.logY {
		fig.Y.Scale = plot.LogScale{}
		fig.Y.Tick.Marker = plot.TickerFunc(powersOfTen)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal.Color = color.Gray{0xDD}
	fig.Add(grid)
	for _, s := range p.series {
		if err := s.add(fig, len(p.series) > 1); err != nil {
			return nil, err
		}
	}
	low, high := p.span()
	fig.Y.Min, fig.Y.Max = low, high
	fig.X.Min, fig.X.Max = p.sides()

	canvas := vgsvg.New(figureWidth, figureHeight)
	area := draw.Crop(draw.New(canvas), 2, -14, 2, -6) // to the right, half of the last tick's label
	legend := fig.Legend
	fig.Legend = plot.NewLegend()
	beside := p.legendWidth()
	fig.Draw(draw.Crop(area, 0, -beside, 0, 0))
	if beside > 0 {
		legend.Top, legend.Left = true, true
		legend.Padding, legend.ThumbnailWidth = 4, 28
		legend.Draw(draw.Crop(area, area.Max.X-area.Min.X-beside+8, 0, 0, 0))
	}
	var text bytes.Buffer
	if _, err := canvas.WriteTo(&text); err != nil {
		return nil, err
	}
	return portable(text.Bytes()), nil
}

// letter is the width of a letter, on the safe side: who has none of the fonts
// named may see a wider one.
const letter = 6 * vg.Length(1)

// legendWidth is the room that the names of the series need beside the plot.
func (p picture) legendWidth() vg.Length {
	if len(p.series) < 2 {
		return 0
	}
	longest := 0
	for _, s := range p.series {
		longest = max(longest, len([]rune(s.name)))
	}
	return 44 + letter*vg.Length(longest)
}

// crowded is whether the tick labels of the x axis need more room than they
// have in a row.
func (p picture) crowded() bool {
	longest := 0
	for _, t := range p.ticks {
		longest = max(longest, len([]rune(t.Label)))
	}
	return vg.Length(len(p.ticks)*(longest+1))*letter > figureWidth-p.legendWidth()-50
}

// portable names fonts of the same widths, for where Liberation is not there.
func portable(svg []byte) []byte {
	return bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans, sans-serif"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif"))
}

// add draws a series.
func (s series) add(fig *plot.Plot, named bool) error {
	colour := colours[s.style%len(colours)]
	xys := make(plotter.XYs, len(s.points))
	bars := struct {
		plotter.XYs
		plotter.YErrors
	}{xys, make(plotter.YErrors, len(s.points))}
	for i, p := range s.points {
		xys[i].X, xys[i].Y = p.x, p.y
		bars.YErrors[i].Low, bars.YErrors[i].High = p.y-p.low, p.high-p.y
	}
	errors, err := plotter.NewYErrorBars(bars)
	if err != nil {
		return err
	}
	errors.Color, errors.Width = colour, vg.Points(1.2)
	line, scatter, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = colour, vg.Points(1.5)
	if s.dashed {
		line.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
	}
	scatter.Color, scatter.Radius, scatter.Shape = colour, vg.Points(3.5), markers[s.style%len(markers)]
	if s.line {
		fig.Add(line)
	}
	fig.Add(errors, scatter)
	if named {
		if s.line {
			fig.Legend.Add(s.name, line, scatter)
		} else {
			fig.Legend.Add(s.name, scatter)
		}
	}
	return nil
}

// span is the range of the y axis: all points, and their bars up to half as far
// again; what is beyond is clipped.
func (p picture) span() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	barLow, barHigh := low, high
	for _, s := range p.series {
		for _, v := range s.points {
			low, high = min(low, v.y), max(high, v.y)
			barLow, barHigh = min(barLow, v.low), max(barHigh, v.high)
		}
	}
	if p.logY {
		return math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
	}
	room := max(high-low, 1) // percent
	low, high = max(barLow, low-room/2), min(barHigh, high+room/2)
	edge := (high - low) / 20
	return low - edge, high + edge
}

// sides is the range of the x axis, with room beside the first and last point.
func (p picture) sides() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range p.series {
		for _, v := range s.points {
			low, high = min(low, v.x), max(high, v.x)
		}
	}
	for _, t := range p.ticks {
		low, high = min(low, t.Value), max(high, t.Value)
	}
	if p.logX {
		room := math.Pow(high/low, 0.04)
		return low / room, high * room
	}
	room := max(high-low, 1) * 0.06
	return low - room, high + room
}

// evenTicks are at most 7 round numbers.
func evenTicks(low, high float64) (ticks []plot.Tick) {
	step := 0.1
	for i := 0; (high-low)/step > 6; i++ {
		step *= []float64{2, 2.5, 2}[i%3] // 0.1, 0.2, 0.5, 1, ...
	}
	for i := math.Ceil(low / step); i*step <= high; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: strconv.FormatFloat(math.Round(i*step*10)/10, 'f', -1, 64)})
	}
	return ticks
}

// powersOfTen are ticks of a logarithmic axis.
func powersOfTen(low, high float64) (ticks []plot.Tick) {
	first, last := math.Round(math.Log10(low)), math.Round(math.Log10(high))
	every := max(1, math.Ceil((last-first)/8))
	for e := first; e <= last; e += every {
		ticks = append(ticks, plot.Tick{Value: math.Pow(10, e), Label: "10" + superscript(int(e))})
	}
	return ticks
}

// superscript writes an exponent.
func superscript(n int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var text strings.Builder
	if n < 0 {
		text.WriteRune('⁻')
		n = -n
	}
	if n >= 10 {
		text.WriteRune(digits[n/10%10])
	}
	text.WriteRune(digits[n%10])
	return text.String()
}

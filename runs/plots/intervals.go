package plots

import (
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// styles distinguish series by colour and by mark, so that nothing depends on
// colour alone: six colours of Okabe & Ito.
var styles = []struct {
	colour color.RGBA
	mark   draw.GlyphDrawer
}{
	{blue, draw.CircleGlyph{}},
	{vermillion, draw.BoxGlyph{}},
	{color.RGBA{0x00, 0x9e, 0x73, 0xff}, draw.PyramidGlyph{}},  // bluish green
	{color.RGBA{0xcc, 0x79, 0xa7, 0xff}, draw.RingGlyph{}},     // reddish purple
	{color.RGBA{0xe6, 0x9f, 0x00, 0xff}, draw.SquareGlyph{}},   // orange
	{color.RGBA{0x56, 0xb4, 0xe9, 0xff}, draw.TriangleGlyph{}}, // sky blue
}

// Intervals is measurements with their confidence intervals, in one or several
// series.
type Intervals struct {
	X, Y       string // labels of the axes
	Ticks      []Tick // of the x axis
	LogX, LogY bool
	Series     []Series
}

// Series is measurements that belong together.
type Series struct {
	Name   string
	Points []Interval
	Line   bool // joins the points
	Dashed bool // the line
	Style  int  // a number for colour and mark; beyond 6 they repeat
}

// Interval is a value with the ends of its error bar.
type Interval struct{ X, Y, Low, High float64 }

// Tick is a place on an axis with a label.
type Tick struct {
	At    float64
	Label string
}

// Draw makes a figure as wide as a page. It fails for numbers that are not
// finite.
func (p Intervals) Draw() (*Figure, error) {
	fig := newPlot("", p.X, p.Y)
	fig.X.Padding, fig.Y.Padding = 8, 4
	var places plot.ConstantTicks
	for _, t := range p.Ticks {
		places = append(places, plot.Tick{Value: t.At, Label: t.Label})
	}
	fig.X.Tick.Marker, fig.Y.Tick.Marker = places, ticks{}
	if p.crowded() {
		fig.X.Tick.Label.Rotation = math.Pi / 7
		fig.X.Tick.Label.XAlign, fig.X.Tick.Label.YAlign = draw.XRight, draw.YTop
	}
	if p.LogX {
		fig.X.Scale = plot.LogScale{}
	}
	if p.LogY {
		fig.Y.Scale = plot.LogScale{}
		fig.Y.Tick.Marker = plot.TickerFunc(powersOfTen)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal.Color = faint
	fig.Add(grid)
	for i, s := range p.Series {
		s.Points = p.apart(i)
		if err := s.add(fig, len(p.Series) > 1); err != nil {
			return nil, err
		}
	}
	fig.Y.Min, fig.Y.Max = p.span()
	fig.X.Min, fig.X.Max = p.sides()
	legend, beside := fig.Legend, p.legendWidth()
	fig.Legend = plot.NewLegend()
	return &Figure{Width: intervalsWidth, Height: intervalsHeight, draw: func(c draw.Canvas) {
		area := draw.Crop(c, 2, -14, 2, -6) // to the right, half of the last tick's label
		fig.Draw(draw.Crop(area, 0, -beside, 0, 0))
		if beside > 0 { // outside, where it hides nothing
			legend.Top, legend.Left = true, true
			legend.Padding, legend.ThumbnailWidth = 4, 28
			legend.Draw(draw.Crop(area, area.Max.X-area.Min.X-beside+8, 0, 0, 0))
		}
	}}, nil
}

// Size of a figure of intervals.
const (
	intervalsWidth  = 6.5 * vg.Inch
	intervalsHeight = 3.6 * vg.Inch
)

// letter is the width of a letter, on the safe side: a viewer without the fonts
// named may show a wider one.
const letter = vg.Length(5.6)

// legendWidth is the room that the names of the series need beside the plot.
func (p Intervals) legendWidth() vg.Length {
	if len(p.Series) < 2 {
		return 0
	}
	longest := 0
	for _, s := range p.Series {
		longest = max(longest, len([]rune(s.Name)))
	}
	return 44 + letter*vg.Length(longest)
}

// crowded is whether the tick labels of the x axis need more room than they
// have in a row.
func (p Intervals) crowded() bool {
	longest := 0
	for _, t := range p.Ticks {
		longest = max(longest, len([]rune(t.Label)))
	}
	return vg.Length(len(p.Ticks)*(longest+1))*letter > intervalsWidth-p.legendWidth()-50
}

// add draws a series.
func (s Series) add(fig *plot.Plot, named bool) error {
	style := styles[s.Style%len(styles)]
	xys := make(plotter.XYs, len(s.Points))
	bars := struct {
		plotter.XYs
		plotter.YErrors
	}{xys, make(plotter.YErrors, len(s.Points))}
	for i, p := range s.Points {
		xys[i].X, xys[i].Y = p.X, p.Y
		bars.YErrors[i].Low, bars.YErrors[i].High = p.Y-p.Low, p.High-p.Y
	}
	errors, err := plotter.NewYErrorBars(bars)
	if err != nil {
		return err
	}
	errors.Color, errors.Width = style.colour, vg.Points(1.2)
	line, scatter, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = style.colour, vg.Points(1.5)
	if s.Dashed {
		line.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
	}
	scatter.Color, scatter.Radius, scatter.Shape = style.colour, vg.Points(3.5), style.mark
	if s.Line {
		fig.Add(line)
	}
	fig.Add(errors, scatter)
	if named {
		if s.Line {
			fig.Legend.Add(s.Name, line, scatter)
		} else {
			fig.Legend.Add(s.Name, scatter)
		}
	}
	return nil
}

// span is the range of the y axis: all points, and their bars up to half as far
// again; what is beyond is clipped.
func (p Intervals) span() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	barLow, barHigh := low, high
	for _, s := range p.Series {
		for _, v := range s.Points {
			low, high = min(low, v.Y), max(high, v.Y)
			barLow, barHigh = min(barLow, v.Low), max(barHigh, v.High)
		}
	}
	if p.LogY {
		return math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
	}
	room := max(high-low, 1) // percent
	low, high = max(barLow, low-room/2), min(barHigh, high+room/2)
	edge := (high - low) / 20
	return low - edge, high + edge
}

// Clipped reports whether a bar is longer than the y axis.
func (p Intervals) Clipped() bool {
	low, high := p.span()
	for _, s := range p.Series {
		for _, v := range s.Points {
			if v.Low < low || v.High > high {
				return true
			}
		}
	}
	return false
}

// sides is the range of the x axis, with room beside the first and last point.
func (p Intervals) sides() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range p.Series {
		for _, v := range s.Points {
			low, high = min(low, v.X), max(high, v.X)
		}
	}
	for _, t := range p.Ticks {
		low, high = min(low, t.At), max(high, t.At)
	}
	if p.LogX {
		room := math.Pow(high/low, 0.04)
		return low / room, high * room
	}
	room := max(high-low, 1) * 0.06
	return low - room, high + room
}

// apart is the points of a series, moved a little along x, so that no error bar
// hides another.
func (p Intervals) apart(series int) []Interval {
	low, high := p.sides()
	aside := 0.008 * (float64(series) - float64(len(p.Series)-1)/2)
	points := slices.Clone(p.Series[series].Points)
	for i := range points {
		if p.LogX {
			points[i].X *= math.Pow(high/low, aside)
		} else {
			points[i].X += aside * (high - low)
		}
	}
	return points
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

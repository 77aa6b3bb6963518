package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Epoch is a point of the training curves. What was not measured is NaN.
type Epoch struct {
	Epoch                              int
	TrainLoss, TrainAccuracy           float64 // accuracy from 0 to 1
	ValidationLoss, ValidationAccuracy float64
}

// Test is the result on the test set, of the weights of an epoch.
type Test struct {
	Epoch          int
	Loss, Accuracy float64 // accuracy from 0 to 1
}

// series is a line of the curves.
type series struct {
	name   string
	style  draw.LineStyle
	mark   draw.GlyphStyle
	points plotter.XYs
}

var (
	trainStyle      = series{"training images", draw.LineStyle{Color: blue, Width: 1.5}, draw.GlyphStyle{Color: blue, Radius: 2.5, Shape: draw.CircleGlyph{}}, nil}
	validationStyle = series{"validation set", draw.LineStyle{Color: vermillion, Width: 1.5, Dashes: []vg.Length{5, 3}}, draw.GlyphStyle{Color: vermillion, Radius: 2.5, Shape: draw.PyramidGlyph{}}, nil}
	testStyle       = series{"test set", draw.LineStyle{}, draw.GlyphStyle{Color: green, Radius: 4.5, Shape: draw.BoxGlyph{}}, nil}
	bestStyle       = series{"weights kept", draw.LineStyle{Color: grey, Width: 1, Dashes: []vg.Length{1, 2}}, draw.GlyphStyle{}, nil}
)

// Curves draws loss and accuracy over the epochs, one above the other, of the
// training images and of the validation set if there is one, and the result on the
// test set, if test is not nil, as a point. best is the epoch whose weights were kept,
// or 0.
func Curves(epochs []Epoch, best int, test *Test) *Figure {
	f := &Figure{Width: 6.4 * vg.Inch, Height: 6 * vg.Inch}
	loss, lines := curve(epochs, best, "loss (nats)", func(e Epoch) (float64, float64) { return e.TrainLoss, e.ValidationLoss })
	accuracy, _ := curve(epochs, best, "accuracy (%)", func(e Epoch) (float64, float64) { return 100 * e.TrainAccuracy, 100 * e.ValidationAccuracy })
	if test != nil && finite(test.Loss) {
		point := testStyle
		point.at(loss, test.Epoch, test.Loss)
		point.at(accuracy, test.Epoch, 100*test.Accuracy)
		lines = append(lines, point)
	}
	loss.Y.Min = 0
	accuracy.Y.Max = 100
	loss.X.Label.Text = ""
	parts := func(c draw.Canvas) [][]draw.Canvas {
		c = legend(title(c, "Training"), lines)
		tiles := draw.Tiles{Rows: 2, Cols: 1, PadY: 10, PadTop: 6, PadBottom: 6, PadLeft: 6, PadRight: 14}
		return plot.Align([][]*plot.Plot{{loss}, {accuracy}}, tiles, c)
	}
	f.draw = func(c draw.Canvas) {
		grid := parts(c)
		loss.Draw(grid[0][0])
		accuracy.Draw(grid[1][0])
	}
	f.spots = func(c draw.Canvas) []Spot {
		grid := parts(c)
		upper, lower := loss.DataCanvas(grid[0][0]), accuracy.DataCanvas(grid[1][0])
		x, _ := loss.Transforms(&upper)
		return columns(epochs, best, test, func(from, to float64) Spot {
			return Spot{X: x(from).Points(), Width: (x(to) - x(from)).Points(), Y: (f.Height - upper.Max.Y).Points(), Height: (upper.Max.Y - lower.Min.Y).Points()}
		})
	}
	return f
}

// legend writes what each line is in one row, where no line can cross it.
func legend(c draw.Canvas, lines []series) draw.Canvas {
	const sample, gap, height = 26, 18, 14
	style := aligned(10, text.XLeft, text.YCenter)
	width := vg.Length(-gap)
	for _, s := range lines {
		width += sample + 5 + style.Width(s.name) + gap
	}
	x, y := (c.Min.X+c.Max.X-width)/2, c.Max.Y-height/2
	for _, s := range lines {
		if s.style.Width > 0 {
			c.StrokeLine2(s.style, x, y, x+sample, y)
		}
		if s.mark.Shape != nil {
			c.DrawGlyph(s.mark, vg.Point{X: x + sample/2, Y: y})
		}
		c.FillText(style, vg.Point{X: x + sample + 5, Y: y}, s.name)
		x += sample + 5 + style.Width(s.name) + gap
	}
	c.Max.Y -= height
	return c
}

func curve(epochs []Epoch, best int, name string, value func(Epoch) (train, validation float64)) (*plot.Plot, []series) {
	p := newPlot("", "epoch", name)
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{whole: true}, ticks{}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = faint, faint
	p.Add(grid)
	train, validation := trainStyle, validationStyle
	for _, e := range epochs {
		t, h := value(e)
		if finite(t) {
			train.points = append(train.points, plotter.XY{X: float64(e.Epoch), Y: t})
		}
		if finite(h) {
			validation.points = append(validation.points, plotter.XY{X: float64(e.Epoch), Y: h})
		}
	}
	var lines []series
	for _, s := range []series{train, validation} {
		if len(s.points) > 0 {
			s.add(p)
			lines = append(lines, s)
		}
	}
	if n := len(epochs); n > 0 {
		p.X.Min, p.X.Max = float64(epochs[0].Epoch)-0.5, float64(epochs[n-1].Epoch)+0.5
	}
	if best > 0 && len(validation.points) > 0 {
		p.Add(upright(best))
		lines = append(lines, bestStyle)
	}
	return p, lines
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// marked is up to how many points each has a mark of its own.
const marked = 40

func (s series) add(p *plot.Plot) {
	p.Add(&plotter.Line{XYs: s.points, LineStyle: s.style})
	if len(s.points) <= marked {
		p.Add(&plotter.Scatter{XYs: s.points, GlyphStyle: s.mark})
	}
}

// at draws the mark at a point.
func (s series) at(p *plot.Plot, epoch int, y float64) {
	p.Add(&plotter.Scatter{XYs: plotter.XYs{{X: float64(epoch), Y: y}}, GlyphStyle: s.mark})
}

// upright is a line at a place of the x axis over the whole height.
type upright float64

// Plot draws the line.
func (u upright) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	c.StrokeLine2(bestStyle.style, x(float64(u)), c.Min.Y, x(float64(u)), c.Max.Y)
}

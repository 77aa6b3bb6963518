package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Rate is a step of a learning-rate range test.
type Rate struct{ Rate, Loss, Smoothed float64 }

// Rates draws the loss over the learning rate on a logarithmic axis: that of each step,
// its moving average, and the suggested rate.
func Rates(points []Rate, suggested float64) *Figure {
	f := &Figure{Width: intervalsWidth, Height: intervalsHeight}
	p := newPlot("", "learning rate", "loss (nats)")
	p.X.Scale, p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powersOfTen), ticks{}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = faint, faint
	p.Add(grid)
	steps := &plotter.Scatter{GlyphStyle: draw.GlyphStyle{Color: faint, Radius: 1.5, Shape: draw.CircleGlyph{}}}
	line := &plotter.Line{LineStyle: draw.LineStyle{Color: blue, Width: 1.5}}
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range points {
		low, high = min(low, r.Smoothed), max(high, r.Smoothed)
	}
	if len(points) > 0 { // what explodes is cut off, so that the fall is seen
		high = min(high, low+1.5*(points[0].Smoothed-low)+1e-9)
	}
	room := max(high-low, 1e-3) / 20
	for _, r := range points {
		if finite(r.Loss) && r.Loss < high+room && r.Loss > low-room {
			steps.XYs = append(steps.XYs, plotter.XY{X: r.Rate, Y: r.Loss})
		}
		if finite(r.Smoothed) {
			line.XYs = append(line.XYs, plotter.XY{X: r.Rate, Y: min(r.Smoothed, high+room)})
		}
	}
	p.Add(steps, line)
	mark := series{fmt.Sprintf("suggested: %.2g", suggested), draw.LineStyle{Color: vermillion, Width: 1.5, Dashes: []vg.Length{5, 3}}, draw.GlyphStyle{}, nil}
	p.Add(&plotter.Line{XYs: plotter.XYs{{X: suggested, Y: low - room}, {X: suggested, Y: high + room}}, LineStyle: mark.style})
	if n := len(points); n > 0 {
		p.X.Min, p.X.Max = points[0].Rate, points[n-1].Rate
	}
	p.Y.Min, p.Y.Max = low-room, high+room
	f.draw = func(c draw.Canvas) {
		c = legend(title(c, "Learning-rate range test"), []series{
			{"each step", draw.LineStyle{}, steps.GlyphStyle, nil}, {"moving average", line.LineStyle, draw.GlyphStyle{}, nil}, mark,
		})
		p.Draw(draw.Crop(c, 2, -14, 2, -6))
	}
	return f
}

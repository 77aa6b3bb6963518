package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"glyph/internal/message"
)

// Confusion draws counts of [label][prediction]: a row per label, a column per
// prediction, each cell with its count and its share of the row. The colour is
// the share on a square-root scale, so that mistakes are visible next to the
// hits.
func Confusion(counts [][]int, labels []string) *Figure {
	n := len(counts)
	g := newGrid(n, drawable(labels))
	cell, left, top := g.cell, g.left, g.top
	heading := []string{right(counts), "below each count: its share of the row in %, which sets the colour (square root)"}
	if cell < leastCell {
		heading[1] = "the colour is the share of the row (square root)"
	}
	f := &Figure{Width: max(left+vg.Length(n)*cell+70, wide(heading...)), Height: top + vg.Length(n)*cell + 40}
	f.draw = func(c draw.Canvas) {
		title(c, heading...)
		grid := draw.Crop(c, left, -70, 40, -top)
		corner := func(row, column int) vg.Point {
			return vg.Point{X: grid.Min.X + vg.Length(column)*cell, Y: grid.Max.Y - vg.Length(row)*cell}
		}
		for i, row := range counts {
			sum := 0
			for _, v := range row {
				sum += v
			}
			p := corner(i, 0)
			fitText(c, aligned(min(11, cell), text.XRight, text.YCenter), vg.Point{X: p.X - 6, Y: p.Y - cell/2}, g.labels[i], left-36)
			c.FillText(aligned(min(10, cell), text.XLeft, text.YCenter), vg.Point{X: p.X + vg.Length(n)*cell + 6, Y: p.Y - cell/2},
				fmt.Sprintf("%.2f %%", share(row[i], sum)))
			for j, v := range row {
				drawCell(c, corner(i, j), cell, v, sum)
			}
		}
		for j := range n {
			p := corner(0, j)
			if g.upright {
				c.FillText(aligned(11, text.XCenter, text.YBottom), vg.Point{X: p.X + cell/2, Y: p.Y + 5}, g.labels[j])
			} else {
				fitText(c, upward(min(11, cell)), vg.Point{X: p.X + cell/2, Y: p.Y + 5}, g.labels[j], top-79)
			}
		}
		mid := corner(0, 0)
		c.FillText(aligned(10, text.XCenter, text.YBottom), vg.Point{X: mid.X + vg.Length(n)*cell/2, Y: mid.Y + top - 62}, "predicted")
		c.FillText(aligned(10, text.XLeft, text.YBottom), vg.Point{X: mid.X + vg.Length(n)*cell + 6, Y: mid.Y + 5}, "recall")
		c.Push()
		c.Translate(vg.Point{X: c.Min.X + 16, Y: (grid.Min.Y + grid.Max.Y) / 2})
		c.Rotate(math.Pi / 2)
		c.FillText(aligned(10, text.XCenter, text.YCenter), vg.Point{}, "label")
		c.Pop()
		bar(c, vg.Rectangle{Min: vg.Point{X: grid.Min.X, Y: c.Min.Y + 20}, Max: vg.Point{X: grid.Max.X, Y: c.Min.Y + 28}},
			func(v float64) color.RGBA { return at(cividis, v) },
			[]tick{{0, "0 %"}, {math.Sqrt(0.01), "1 %"}, {math.Sqrt(0.1), "10 %"}, {math.Sqrt(0.5), "50 %"}, {1, "100 %"}})
	}
	return f
}

// right says how many of the counts are hits.
func right(counts [][]int) string {
	hits, total := 0, 0
	for i, row := range counts {
		for j, v := range row {
			total += v
			if i == j {
				hits += v
			}
		}
	}
	return fmt.Sprintf("%s of %s right (%.2f %%)", message.Thousands(hits), message.Thousands(total), share(hits, total))
}

// grid is how large the parts of a confusion matrix are.
type grid struct {
	labels          []string
	cell, left, top vg.Length
	upright         bool // the labels of columns fit above them, and need not run upward
}

// newGrid makes room for labels, within reason, and makes the cells smaller the
// more classes there are, so that the figure stays legible.
func newGrid(n int, labels []string) grid {
	const most = 140 // of a label
	g := grid{labels: labels, cell: vg.Length(min(44, max(8, 900/max(1, n)))), left: 64, top: 84}
	wide := widest(sans(min(11, g.cell)), labels)
	g.left = max(g.left, min(wide, most)+36)
	if g.upright = wide <= g.cell && g.cell >= 11; !g.upright {
		g.top += min(wide, most)
	}
	return g
}

func share(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return 100 * float64(part) / float64(all)
}

// leastCell is the smallest cell with its numbers in it.
const leastCell = 30

func drawCell(c draw.Canvas, p vg.Point, size vg.Length, count, sum int) {
	s := share(count, sum)
	fill := at(cividis, math.Sqrt(s/100))
	fillRect(c, vg.Rectangle{Min: vg.Point{X: p.X, Y: p.Y - size}, Max: vg.Point{X: p.X + size, Y: p.Y}}, fill)
	if count == 0 || size < leastCell {
		return
	}
	above, below := aligned(10, text.XCenter, text.YCenter), aligned(8, text.XCenter, text.YCenter)
	above.Color, below.Color = over(fill), over(fill)
	c.FillText(above, vg.Point{X: p.X + size/2, Y: p.Y - size*0.36}, fmt.Sprint(count))
	c.FillText(below, vg.Point{X: p.X + size/2, Y: p.Y - size*0.70}, fmt.Sprintf("%.1f", s))
}

// tick is a place on a bar, from 0 to 1.
type tick struct {
	at   float64
	name string
}

// bar draws a colour map with ticks below it.
func bar(c draw.Canvas, r vg.Rectangle, colour func(float64) color.RGBA, ticks []tick) {
	const steps = 128
	w := r.Size().X / steps
	for i := range steps {
		x := r.Min.X + vg.Length(i)*w
		fillRect(c, vg.Rectangle{Min: vg.Point{X: x, Y: r.Min.Y}, Max: vg.Point{X: min(x+w*1.2, r.Max.X), Y: r.Max.Y}}, colour((float64(i)+0.5)/steps))
	}
	for _, t := range ticks {
		x := r.Min.X + vg.Length(t.at)*r.Size().X
		c.StrokeLine2(draw.LineStyle{Color: grey, Width: 0.5}, x, r.Min.Y-2, x, r.Min.Y)
		c.FillText(aligned(8, text.XCenter, text.YTop), vg.Point{X: x, Y: r.Min.Y - 3}, t.name)
	}
}

// fillRect fills a rectangle.
func fillRect(c draw.Canvas, r vg.Rectangle, fill color.Color) {
	c.FillPolygon(fill, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}})
}

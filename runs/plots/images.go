package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Image is pixels, row-major, 0 black to 255 white.
type Image struct {
	Pixels []uint8
	H, W   int
	C      int // 3 for red, green and blue; 0 and 1 are grey
}

// Mistake is an image that the network misclassified.
type Mistake struct {
	Image
	Label, Predicted int
	Probability      float64 // of what was predicted
	LabelProbability float64 // of what it is
}

// zoom is how often a pixel is repeated, so that no viewer blurs it.
const zoom = 4

// Enlarged returns the picture with each pixel repeated zoom times in both directions.
func (m Image) Enlarged(zoom int) image.Image {
	bounds := image.Rect(0, 0, m.W*zoom, m.H*zoom)
	grey, colours := image.NewGray(bounds), image.NewRGBA(bounds)
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			from := m.Pixels[(y/zoom*m.W+x/zoom)*max(1, m.C):]
			if m.C > 1 {
				colours.SetRGBA(x, y, color.RGBA{R: from[0], G: from[1], B: from[2], A: 255})
			} else {
				grey.SetGray(x, y, color.Gray{Y: from[0]})
			}
		}
	}
	if m.C > 1 {
		return colours
	}
	return grey
}

// Mistakes draws misclassified images, in the order given, each with its label, the
// prediction, and the probabilities of both.
func Mistakes(list []Mistake, labels []string, note string) *Figure {
	const columns, side, gap, under = 8, 60, 14, 26
	labels = drawable(labels)
	rows := max((len(list)+columns-1)/columns, 1)
	heading := []string{"Misclassified: label → prediction", note}
	f := &Figure{Width: max(columns*(side+gap)+gap, wide(heading...)), Height: vg.Length(50 + rows*(side+under+8))}
	f.draw = func(c draw.Canvas) {
		c = title(c, heading...)
		for i, m := range list {
			x := c.Min.X + gap + vg.Length(i%columns)*(side+gap)
			y := c.Max.Y - vg.Length(i/columns)*(side+under+8)
			c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: y - side}, Max: vg.Point{X: x + side, Y: y}}, m.Enlarged(zoom))
			mid := x + side/2
			drawPair(c, vg.Point{X: mid, Y: y - side - 2}, labels[m.Label], labels[m.Predicted], side+gap-4)
			s := aligned(8, text.XCenter, text.YTop)
			s.Color = grey
			c.FillText(s, vg.Point{X: mid, Y: y - side - 15}, fmt.Sprintf("%s → %s %%", percent(m.LabelProbability), percent(m.Probability)))
		}
	}
	return f
}

// drawPair writes "label → prediction" in no more than a width, both cut alike.
func drawPair(c draw.Canvas, at vg.Point, label, predicted string, width vg.Length) {
	const arrow = " → "
	s := aligned(10, text.XCenter, text.YTop)
	for s.Font.Size > leastSize && s.Width(label+arrow+predicted) > width {
		s.Font.Size--
	}
	if room := width - s.Width(arrow); s.Width(label)+s.Width(predicted) > room {
		// What the shorter one leaves, the longer one takes.
		first := max(room/2, room-s.Width(predicted))
		_, label = fitted(s, label, first)
		_, predicted = fitted(s, predicted, room-s.Width(label))
	}
	c.FillText(s, at, label+arrow+predicted)
}

// percent is a probability in percent, with one decimal where it is significant.
func percent(p float64) string {
	if p >= 0.0995 && p < 0.9995 {
		return fmt.Sprintf("%.0f", 100*p)
	}
	return fmt.Sprintf("%.1f", 100*p)
}

// Classes draws examples of each class, a row per class.
func Classes(examples [][]Image, labels []string, note string) *Figure {
	const gap, most = 4, 140
	side := vg.Length(42)
	if len(examples) > 60 {
		side = 20
	}
	labels = drawable(labels)
	left := max(50, min(widest(sans(12), labels), most)+20)
	columns := 0
	for _, row := range examples {
		columns = max(columns, len(row))
	}
	heading := []string{"Classes", note}
	f := &Figure{Width: max(left+vg.Length(columns)*(side+gap)+10, wide(heading...)), Height: 50 + vg.Length(len(examples))*(side+gap) + 4}
	f.draw = func(c draw.Canvas) {
		c = title(c, heading...)
		for i, row := range examples {
			y := c.Max.Y - vg.Length(i)*(side+gap)
			fitText(c, aligned(12, text.XRight, text.YCenter), vg.Point{X: c.Min.X + left - 10, Y: y - side/2}, labels[i], left-20)
			for j, m := range row {
				x := c.Min.X + left + vg.Length(j)*(side+gap)
				c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: y - side}, Max: vg.Point{X: x + side, Y: y}}, m.Enlarged(zoom))
			}
		}
	}
	return f
}

// Filter is a weight tensor of one output over one input channel.
type Filter struct {
	Weights []float32 // (H, W)
	H, W    int
}

// Filters draws the filters of a layer in one colour map, symmetric about zero:
// blue is negative and orange positive.
func Filters(list []Filter, name string) *Figure {
	const gap = 6
	columns := 8
	side := vg.Length(48)
	if len(list) > 32 {
		columns, side = 12, 40
	}
	most := 0.0
	for _, f := range list {
		for _, v := range f.Weights {
			most = max(most, math.Abs(float64(v)))
		}
	}
	rows := (len(list) + columns - 1) / columns
	columns = min(columns, max(len(list), 4))
	heading := []string{"Filters of the first layer", name}
	f := &Figure{Width: max(vg.Length(columns)*(side+gap)+40, wide(heading...)), Height: 50 + vg.Length(rows)*(side+gap) + 40}
	f.draw = func(c draw.Canvas) {
		c = title(c, heading...)
		for i, k := range list {
			x := c.Min.X + 20 + vg.Length(i%columns)*(side+gap)
			y := c.Max.Y - vg.Length(i/columns)*(side+gap)
			r := vg.Rectangle{Min: vg.Point{X: x, Y: y - side}, Max: vg.Point{X: x + side, Y: y}}
			c.DrawImage(r, k.image(most, max(1, 112/k.W)))
			c.StrokeLines(draw.LineStyle{Color: faint, Width: 0.5}, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min})
		}
		y := c.Min.Y + 22
		bar(c, vg.Rectangle{Min: vg.Point{X: c.Min.X + 30, Y: y}, Max: vg.Point{X: c.Max.X - 30, Y: y + 8}},
			func(v float64) color.RGBA { return at(diverging, v) },
			[]tick{{0, fmt.Sprintf("%.2g", -most)}, {0.5, "0"}, {1, fmt.Sprintf("%.2g", most)}})
	}
	return f
}

// image is the filter in colours, most being the end of the map.
func (k Filter) image(most float64, zoom int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, k.W*zoom, k.H*zoom))
	for y := range k.H * zoom {
		for x := range k.W * zoom {
			v := 0.5
			if most > 0 {
				v = (float64(k.Weights[y/zoom*k.W+x/zoom])/most + 1) / 2
			}
			out.SetRGBA(x, y, at(diverging, v))
		}
	}
	return out
}

package backendtest

import (
	"fmt"

	"glyph"
)

// gatherLayer is Gather of n images out of a set.
type gatherLayer struct {
	n, images int
	pixel     glyph.Shape // (H, W, C)
	classes   int
	order     int // its length
	row       int32
	perPixel  bool // Mean and Scale
	smoothing float32
}

func (l gatherLayer) gather() *Case {
	moments := glyph.Shape{1}
	if l.perPixel {
		moments = glyph.Shape{l.pixel.Size()}
	}
	pixels := l.images * l.pixel.Size()
	r := glyph.NewRand(uint64(l.order), glyph.StreamTest, uint32(l.images))
	order := make([]int32, l.order)
	for i := range order {
		order[i] = int32(r.IntN(l.images))
	}
	return &Case{
		Op: "Gather",
		Name: fmt.Sprintf("%d of %d images %v row %d of %d, %d classes, per pixel %t, smoothing %g",
			l.n, l.images, l.pixel, l.row, l.order, l.classes, l.perPixel, l.smoothing),
		Tensors: []Operand{
			result("x", l.pixel.Batched(l.n)), result("t", glyph.Shape{l.n, l.classes}),
			input("mean", moments, uniform(20, 80)), input("scale", moments, uniform(0.01, 0.02)),
		},
		Ints:  []IntsOperand{{Name: "order", Values: order}, {Name: "clock", Values: clockAt(9, l.row)}},
		Bytes: []BytesOperand{{"images", pixels, 256}, {"labels", l.images, l.classes}},
		Call: func(b glyph.Backend, a Args) {
			b.Gather(a.Tensor["x"], a.Tensor["t"], l.set(a), a.Ints["order"], a.Ints["clock"], l.smoothing)
		},
		Define: l.define,
		// Of the set, the bytes of a batch.
		Moves: int64(l.n * (l.pixel.Size() + 1)),
	}
}

func (l gatherLayer) set(a Args) glyph.Dataset {
	return glyph.Dataset{
		Images: a.Bytes["images"], Labels: a.Bytes["labels"], Shape: l.pixel.Batched(l.images),
		Mean: a.Tensor["mean"], Scale: a.Tensor["scale"],
	}
}

// image is which image is sample i of the batch.
func (l gatherLayer) image(in Values, i int) int {
	order := in.Ints["order"]
	return int(order[(int(in.Ints["clock"][glyph.ClockRow])+i)%len(order)])
}

func (l gatherLayer) define(in Values) Results {
	mean, scale := in.Tensor["mean"], in.Tensor["scale"]
	size := l.pixel.Size()
	x, t := make([]Number, l.n*size), make([]Number, l.n*l.classes)
	smoothing, classes := exact(float64(l.smoothing)), exact(float64(l.classes))
	for i := range l.n {
		j := l.image(in, i)
		for k := range size {
			m := k % len(mean)
			pixel := exact(float64(in.Bytes["images"][j*size+k]))
			x[i*size+k] = mul(sub(pixel, exact(mean[m])), exact(scale[m]))
		}
		for c := range l.classes {
			p := Number{}
			if l.smoothing > 0 {
				p = div(smoothing, classes)
			}
			if c == int(in.Bytes["labels"][j]) {
				if l.smoothing > 0 {
					p = add(sub(exact(1), smoothing), p)
				} else {
					p = exact(1)
				}
			}
			t[i*l.classes+c] = p
		}
	}
	return Results{Tensor: map[string][]Number{"x": x, "t": t}}
}

func gatherCases() (cases []*Case) {
	for _, l := range []gatherLayer{
		{1, 1, glyph.Shape{1, 1, 1}, 1, 1, 0, false, 0},
		{3, 7, glyph.Shape{5, 3, 1}, 4, 7, 2, false, 0},
		{4, 7, glyph.Shape{5, 3, 1}, 4, 7, 5, false, 0.1},      // the order wraps within the batch
		{4, 7, glyph.Shape{5, 3, 1}, 4, 9, 9, true, 0},         // at its end
		{5, 9, glyph.Shape{3, 7, 3}, 10, 6, 6007, true, 0.25},  // after many epochs
		{11, 6, glyph.Shape{4, 4, 2}, 10, 4, 3, false, 0.1},    // a batch longer than the order
		{65, 70, glyph.Shape{3, 3, 1}, 10, 66, 40, true, 0.1},  //
		{16, 40, glyph.Shape{28, 28, 1}, 10, 40, 32, false, 0}, // the last batch of an epoch, and the next
		{2, 300, glyph.Shape{9, 9, 1}, 49, 300, 299, false, 0.1},
		{2, 3, glyph.Shape{2, 2, 1}, 256, 3, 1, false, 0}, // every class a byte can name
	} {
		cases = append(cases, l.gather())
	}
	c := gatherLayer{128, 1000, glyph.Shape{28, 28, 1}, 10, 1000, 128, false, 0}.gather()
	c.Layer = true
	return append(cases, c)
}

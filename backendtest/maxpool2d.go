package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// poolLayer is the geometry of max pooling.
type poolLayer struct {
	n, h, w, c int
	glyph.Pool
	fill Fill
	what string // what fill is, where it is not random
}

func (l poolLayer) String() string {
	s := fmt.Sprintf("%dx%dx%dx%d size %d stride %d", l.n, l.h, l.w, l.c, l.Size, l.Stride)
	if l.what != "" {
		s += " " + l.what
	}
	return s
}

func (l poolLayer) xShape() glyph.Shape { return glyph.Shape{l.n, l.h, l.w, l.c} }

func (l poolLayer) yShape() glyph.Shape {
	y, err := l.Pool.Shape(l.xShape())
	if err != nil {
		panic("backendtest: " + err.Error())
	}
	return y
}

// window calls f for the elements of y and, in row-major order, the elements
// of x in the window of each.
func (l poolLayer) window(f func(y, x int)) {
	s := l.yShape()
	for i := range s.Size() {
		c, q, p, n := i%s[3], i/s[3]%s[2], i/s[3]/s[2]%s[1], i/s[3]/s[2]/s[1]
		for r := range l.Size {
			for t := range l.Size {
				f(i, ((n*l.h+p*l.Stride+r)*l.w+q*l.Stride+t)*l.c+c)
			}
		}
	}
}

func (l poolLayer) pool(x []float64) []float64 {
	y := make([]float64, l.yShape().Size())
	for i := range y {
		y[i] = math.Inf(-1)
	}
	l.window(func(i, j int) { y[i] = max(y[i], x[j]) }) // which keeps a NaN
	return y
}

// forward is MaxPool2D, which is exact.
func (l poolLayer) forward() *Case {
	return &Case{
		Op: "MaxPool2D", Name: l.String(),
		Tensors: []Operand{result("y", l.yShape()), input("x", l.xShape(), l.fill)},
		Call: func(b glyph.Backend, a Args) {
			b.MaxPool2D(a.Tensor["y"], a.Tensor["x"], l.Pool)
		},
		Define: func(in Values) Results {
			return Results{Tensor: map[string][]Number{"y": exactly(l.pool(in.Tensor["x"]))}}
		},
	}
}

// backward is MaxPool2DBackward: exact where no windows overlap, a sum where
// they do.
func (l poolLayer) backward() *Case {
	y := func(_ *glyph.Rand, v []float64, in Values) { copy(v, l.pool(in.Tensor["x"])) }
	return &Case{
		Op: "MaxPool2DBackward", Name: l.String(),
		Tensors: []Operand{result("dx", l.xShape()), input("dy", l.yShape(), normal(1)),
			input("y", l.yShape(), y), input("x", l.xShape(), l.fill)},
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.MaxPool2DBackward(t["dx"], t["dy"], t["y"], t["x"], l.Pool)
		},
		Define: l.defineBackward,
	}
}

func (l poolLayer) defineBackward(in Values) Results {
	x, y, dy := in.Tensor["x"], in.Tensor["y"], in.Tensor["dy"]
	sums, terms := make([]sum, len(x)), make([]int, len(x))
	found := make([]bool, len(y))
	l.window(func(i, j int) {
		if !found[i] && x[j] == y[i] {
			found[i] = true
			sums[j].term(dy[i])
			terms[j]++
		}
	})
	dx := make([]Number, len(x))
	for j := range dx {
		dx[j] = sums[j].number()
		if terms[j] < 2 { // nothing is added up
			dx[j].Error = 0
		}
	}
	return Results{Tensor: map[string][]Number{"dx": dx}}
}

// few fills with so few different values that most windows have a tie.
func few(r *glyph.Rand, v []float64, _ Values) {
	for i := range v {
		v[i] = float64(r.IntN(3)) - 1
	}
}

// special sprinkles what is not finite over random numbers.
func special(r *glyph.Rand, v []float64, in Values) {
	normal(1)(r, v, in)
	for i := range v {
		switch r.IntN(9) {
		case 0:
			v[i] = math.NaN()
		case 1:
			v[i] = math.Inf(1)
		case 2, 3, 4:
			v[i] = math.Inf(-1)
		}
	}
}

func maxPool2DCases() (cases []*Case) {
	for _, l := range []poolLayer{
		{1, 1, 1, 1, glyph.Pool{Size: 1, Stride: 1}, normal(1), ""},
		{2, 4, 4, 1, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{3, 7, 5, 3, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""}, // a row and a column left over
		{2, 9, 9, 4, glyph.Pool{Size: 3, Stride: 2}, normal(1), ""}, // overlapping
		{2, 6, 7, 5, glyph.Pool{Size: 3, Stride: 1}, normal(1), ""},
		{2, 11, 8, 6, glyph.Pool{Size: 2, Stride: 3}, normal(1), ""}, // pixels in no window
		{2, 5, 9, 7, glyph.Pool{Size: 1, Stride: 2}, normal(1), ""},
		{2, 5, 5, 9, glyph.Pool{Size: 5, Stride: 1}, normal(1), ""}, // the whole image
		{2, 5, 8, 33, glyph.Pool{Size: 4, Stride: 4}, normal(1), ""},
		{17, 4, 4, 65, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{3, 8, 8, 5, glyph.Pool{Size: 2, Stride: 2}, few, "ties"},
		{3, 8, 8, 5, glyph.Pool{Size: 3, Stride: 2}, few, "ties"},
		{2, 6, 5, 35, glyph.Pool{Size: 2, Stride: 2}, few, "ties in whole vectors"},
		{2, 8, 6, 4, glyph.Pool{Size: 2, Stride: 2}, normal(0), "all equal"},
		{3, 8, 8, 3, glyph.Pool{Size: 2, Stride: 2}, special, "NaN and Inf"},
		{3, 9, 9, 3, glyph.Pool{Size: 3, Stride: 2}, special, "NaN and Inf"},
		{2, 6, 7, 35, glyph.Pool{Size: 2, Stride: 2}, special, "NaN and Inf in whole vectors"},
		{2, 8, 8, 3, glyph.Pool{Size: 2, Stride: 2}, uniform(-9, -1), "all negative"},
	} {
		cases = append(cases, l.forward(), l.backward())
	}
	for _, l := range []poolLayer{ // of the cnn preset
		{2, 28, 28, 32, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{64, 28, 28, 32, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{64, 14, 14, 64, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
	} {
		f, b := l.forward(), l.backward()
		f.Layer, b.Layer = true, true
		cases = append(cases, f, b)
	}
	return cases
}

package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// globalPoolLayer is the geometry of pooling over whole images.
type globalPoolLayer struct {
	n, h, w, c int
	kind       glyph.PoolKind
	fill       Fill
	what       string // what fill is, where it is not random
}

func (l globalPoolLayer) String() string {
	s := fmt.Sprintf("%v of %dx%dx%dx%d", l.kind, l.n, l.h, l.w, l.c)
	if l.what != "" {
		s += " " + l.what
	}
	return s
}

func (l globalPoolLayer) xShape() glyph.Shape { return glyph.Shape{l.n, l.h, l.w, l.c} }
func (l globalPoolLayer) yShape() glyph.Shape { return glyph.Shape{l.n, l.c} }

// channels calls f for each element of x, in row-major order, with that of y.
func (l globalPoolLayer) channels(f func(y, x int)) {
	size := l.h * l.w * l.c
	for j := range l.n * size {
		f(j/size*l.c+j%l.c, j)
	}
}

// pool is the mean, a sum of numbers, or the maximum, which is exact.
func (l globalPoolLayer) pool(x []float64) []Number {
	y, sums := make([]Number, l.n*l.c), make([]sum, l.n*l.c)
	for i := range y {
		y[i] = exact(math.Inf(-1))
	}
	l.channels(func(i, j int) {
		y[i].Value = max(y[i].Value, x[j]) // which keeps a NaN
		sums[i].term(x[j])
	})
	if l.kind == glyph.Average {
		for i := range y {
			y[i] = sums[i].mean(l.h * l.w)
		}
	}
	return y
}

// forward is GlobalPool2D.
func (l globalPoolLayer) forward() *Case {
	return &Case{
		Op: "GlobalPool2D", Name: l.String(),
		Tensors: []Operand{result("y", l.yShape()), input("x", l.xShape(), l.fill)},
		Call: func(b glyph.Backend, a Args) {
			b.GlobalPool2D(a.Tensor["y"], a.Tensor["x"], l.kind)
		},
		Define: func(in Values) Results {
			return Results{Tensor: map[string][]Number{"y": l.pool(in.Tensor["x"])}}
		},
	}
}

// backward is GlobalPool2DBackward: exact for the maximum.
func (l globalPoolLayer) backward() *Case {
	y := func(_ *glyph.Rand, v []float64, in Values) {
		for i, n := range l.pool(in.Tensor["x"]) {
			v[i] = n.Value
		}
	}
	return &Case{
		Op: "GlobalPool2DBackward", Name: l.String(),
		Tensors: []Operand{result("dx", l.xShape()), input("dy", l.yShape(), normal(1)),
			input("y", l.yShape(), y), input("x", l.xShape(), l.fill)},
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.GlobalPool2DBackward(t["dx"], t["dy"], t["y"], t["x"], l.kind)
		},
		Define: l.defineBackward,
	}
}

func (l globalPoolLayer) defineBackward(in Values) Results {
	x, y, dy := in.Tensor["x"], in.Tensor["y"], in.Tensor["dy"]
	dx, found := make([]Number, len(x)), make([]bool, len(y))
	l.channels(func(i, j int) {
		switch {
		case l.kind == glyph.Average && l.h*l.w == 1:
			dx[j] = exact(dy[i])
		case l.kind == glyph.Average:
			dx[j] = div(exact(dy[i]), exact(float64(l.h*l.w)))
		case !found[i] && x[j] == y[i]:
			found[i] = true
			dx[j] = exact(dy[i])
		}
	})
	return Results{Tensor: map[string][]Number{"dx": dx}}
}

func globalPool2DCases() (cases []*Case) {
	for _, l := range []globalPoolLayer{
		{n: 1, h: 1, w: 1, c: 1},
		{n: 3, h: 1, w: 1, c: 9},
		{n: 2, h: 3, w: 5, c: 4},
		{n: 3, h: 5, w: 3, c: 7},
		{n: 2, h: 1, w: 7, c: 17},
		{n: 5, h: 4, w: 4, c: 33},
		{n: 1, h: 9, w: 8, c: 67},
		{n: 2, h: 13, w: 11, c: 5},
		{n: 2, h: 33, w: 31, c: 3},
		{n: 1, h: 28, w: 28, c: 19}, // sums of 784
		{n: 2, h: 28, w: 28, c: 16, fill: uniform(0, 1), what: "all positive"},
		{n: 2, h: 8, w: 8, c: 5, fill: uniform(-9, -1), what: "all negative"},
		{n: 3, h: 4, w: 5, c: 37, fill: few, what: "ties"},
		{n: 2, h: 9, w: 7, c: 8, fill: few, what: "ties"},
		{n: 2, h: 4, w: 3, c: 4, fill: normal(0), what: "all equal"},
		{n: 9, h: 2, w: 3, c: 35, fill: special, what: "NaN and Inf"},
		{n: 3, h: 7, w: 7, c: 96, fill: special, what: "NaN and Inf"},
	} {
		if l.fill == nil {
			l.fill = normal(1)
		}
		for _, l.kind = range []glyph.PoolKind{glyph.Average, glyph.Maximum} {
			cases = append(cases, l.forward(), l.backward())
		}
	}
	for _, l := range []globalPoolLayer{ // of the vgg and resnet presets
		{64, 7, 7, 96, glyph.Maximum, normal(1), ""},
		{64, 7, 7, 64, glyph.Average, normal(1), ""},
		{64, 28, 28, 16, glyph.Average, normal(1), ""},
	} {
		f, b := l.forward(), l.backward()
		f.Layer, b.Layer = true, true
		cases = append(cases, f, b)
	}
	return cases
}

// adjointGlobalPool: the mean is linear, and so is the maximum while it stays at the
// same element.
func adjointGlobalPool(b glyph.Backend, r *Report) {
	for _, kind := range []glyph.PoolKind{glyph.Average, glyph.Maximum} {
		l := globalPoolLayer{3, 9, 8, 5, kind, normal(1), ""}
		in := l.backward().Values()
		x, dy := in.Tensor["x"], in.Tensor["dy"]
		y, dx := evaluate(b, l.forward(), in)["y"], evaluate(b, l.backward(), in)["dx"]
		magnitudes := Values{Tensor: map[string][]float64{"x": absolute(x)}}
		magnitude := dot(absolute(dy), evaluate(b, l.forward(), magnitudes)["y"])
		r.near(fmt.Sprintf("⟨dx, x⟩ of the %v", kind), dot(dx, x), dot(dy, y), 2*(sumError+divideError)*magnitude, b)
	}
}

// globalIsOneWindow: pooling over the whole image is pooling with one window as
// large as the image.
func globalIsOneWindow(b glyph.Backend, r *Report) {
	window := poolLayer{3, 6, 6, 7, glyph.Pool{Size: 6, Stride: 1}, normal(1), ""}
	for kind, c := range map[glyph.PoolKind]*Case{glyph.Average: avgPoolLayer{window}.forward(), glyph.Maximum: window.forward()} {
		l := globalPoolLayer{window.n, window.h, window.w, window.c, kind, normal(1), ""}
		in := c.Values()
		want := around(evaluate(b, c, in)["y"], l.forward().Define(in).Tensor["y"])
		r.compare(fmt.Sprint(kind), Compare(evaluate(b, l.forward(), in)["y"], want, roundoff(b)))
	}
}

package backendtest

import (
	"fmt"

	"glyph"
)

// mean is the sum of n terms divided by n. A sum of few terms is off by less than
// sumError says: it has n - 1 roundings, none of which is over u·Σ|aᵢ| (Higham 2002,
// §4.2). Of one term it is that term, exactly.
func (s *sum) mean(n int) Number {
	if n == 1 {
		return exact(s.hi)
	}
	v := s.number()
	v.Error = min(sumError, float64(n-1))*s.magnitude + s.carried
	return div(v, exact(float64(n)))
}

// avgPoolLayer is the geometry of average pooling: that of max pooling.
type avgPoolLayer struct{ poolLayer }

// forward is AvgPool2D.
func (l avgPoolLayer) forward() *Case {
	return &Case{
		Op: "AvgPool2D", Name: l.String(),
		Tensors: []Operand{result("y", l.yShape()), input("x", l.xShape(), l.fill)},
		Call: func(b glyph.Backend, a Args) {
			b.AvgPool2D(a.Tensor["y"], a.Tensor["x"], l.Pool)
		},
		Define: func(in Values) Results {
			sums := make([]sum, l.yShape().Size())
			l.window(func(i, j int) { sums[i].term(in.Tensor["x"][j]) })
			y := make([]Number, len(sums))
			for i := range y {
				y[i] = sums[i].mean(l.Size * l.Size)
			}
			return Results{Tensor: map[string][]Number{"y": y}}
		},
	}
}

// backward is AvgPool2DBackward: 0 exactly where there is no window.
func (l avgPoolLayer) backward() *Case {
	return &Case{
		Op: "AvgPool2DBackward", Name: l.String(),
		Tensors: []Operand{result("dx", l.xShape()), input("dy", l.yShape(), l.fill)},
		Call: func(b glyph.Backend, a Args) {
			b.AvgPool2DBackward(a.Tensor["dx"], a.Tensor["dy"], l.Pool)
		},
		Define: func(in Values) Results {
			sums, terms := make([]sum, l.xShape().Size()), make([]int, l.xShape().Size())
			l.window(func(i, j int) {
				sums[j].term(in.Tensor["dy"][i])
				terms[j]++
			})
			dx := make([]Number, len(sums))
			for j := range dx {
				v := sums[j].number()
				v.Error = min(sumError, float64(max(terms[j]-1, 0))) * sums[j].magnitude
				if dx[j] = v; l.Size > 1 {
					// A backend may divide first, and round each term.
					dx[j] = div(v, exact(float64(l.Size*l.Size)))
				}
			}
			return Results{Tensor: map[string][]Number{"dx": dx}}
		},
	}
}

func avgPool2DCases() (cases []*Case) {
	for _, l := range []poolLayer{
		{1, 1, 1, 1, glyph.Pool{Size: 1, Stride: 1}, normal(1), ""},
		{2, 4, 4, 1, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{3, 7, 5, 3, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""}, // a row and a column left over
		{2, 9, 9, 4, glyph.Pool{Size: 3, Stride: 2}, normal(1), ""}, // overlapping
		{2, 6, 7, 5, glyph.Pool{Size: 3, Stride: 1}, normal(1), ""},
		{2, 11, 8, 6, glyph.Pool{Size: 2, Stride: 3}, normal(1), ""}, // pixels in no window
		{2, 5, 9, 7, glyph.Pool{Size: 1, Stride: 2}, normal(1), ""},
		{2, 5, 5, 9, glyph.Pool{Size: 5, Stride: 1}, normal(1), ""}, // the whole image
		{1, 14, 14, 3, glyph.Pool{Size: 14, Stride: 1}, uniform(0, 1), "all positive"},
		{2, 5, 8, 33, glyph.Pool{Size: 4, Stride: 4}, normal(1), ""},
		{2, 6, 7, 17, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{17, 4, 4, 65, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{2, 8, 6, 4, glyph.Pool{Size: 2, Stride: 2}, normal(0), "all zero"},
		{3, 8, 8, 3, glyph.Pool{Size: 2, Stride: 2}, special, "NaN and Inf"},
		{3, 9, 9, 20, glyph.Pool{Size: 3, Stride: 2}, special, "NaN and Inf"},
	} {
		cases = append(cases, avgPoolLayer{l}.forward(), avgPoolLayer{l}.backward())
	}
	for _, l := range []poolLayer{
		{2, 28, 28, 16, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{64, 28, 28, 16, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
		{64, 14, 14, 48, glyph.Pool{Size: 2, Stride: 2}, normal(1), ""},
	} {
		f, b := avgPoolLayer{l}.forward(), avgPoolLayer{l}.backward()
		f.Layer, b.Layer = true, true
		cases = append(cases, f, b)
	}
	return cases
}

// adjointAvgPool: average pooling is linear.
func adjointAvgPool(b glyph.Backend, r *Report) {
	for _, p := range []glyph.Pool{{Size: 2, Stride: 2}, {Size: 3, Stride: 2}, {Size: 2, Stride: 3}} {
		l := avgPoolLayer{poolLayer{3, 9, 8, 5, p, normal(1), ""}}
		in := l.backward().Values()
		in.Tensor["x"] = l.forward().Values().Tensor["x"]
		x, dy := in.Tensor["x"], in.Tensor["dy"]
		y, dx := evaluate(b, l.forward(), in)["y"], evaluate(b, l.backward(), in)["dx"]
		magnitudes := Values{Tensor: map[string][]float64{"x": absolute(x)}}
		magnitude := dot(absolute(dy), evaluate(b, l.forward(), magnitudes)["y"])
		r.near(fmt.Sprintf("⟨dx, x⟩ of %v", p), dot(dx, x), dot(dy, y), 2*(sumError+divideError)*magnitude, b)
	}
}

// averageOfConstant: the mean of equal numbers is that number, up to the rounding of
// the division.
func averageOfConstant(b glyph.Backend, r *Report) {
	for _, p := range []glyph.Pool{{Size: 2, Stride: 2}, {Size: 3, Stride: 2}, {Size: 5, Stride: 1}} {
		l := avgPoolLayer{poolLayer{2, 9, 8, 5, p, normal(1), ""}}
		x := make([]float64, l.xShape().Size())
		for i := range x {
			x[i] = 3 // whose sums are exact
		}
		want := make([]Number, l.yShape().Size())
		for i := range want {
			want[i] = div(exact(float64(3*p.Size*p.Size)), exact(float64(p.Size*p.Size)))
		}
		in := Values{Tensor: map[string][]float64{"x": x}}
		r.compare(fmt.Sprintf("y of %v", p), Compare(evaluate(b, l.forward(), in)["y"], want, roundoff(b)))
	}
}

package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// addLayer is a sum of two tensors of one shape.
type addLayer struct {
	shape glyph.Shape
	act   glyph.Activation
	fill  Fill
	what  string // what fill is, where it is not random
}

func (l addLayer) String() string {
	s := ""
	for i, d := range l.shape[:l.shape.Rank()] {
		if i > 0 {
			s += "x"
		}
		s += fmt.Sprint(d)
	}
	s += " " + l.act.String()
	if l.what != "" {
		s += " " + l.what
	}
	return s
}

// forward is Add: one rounding, and then the activation.
func (l addLayer) forward() *Case {
	return &Case{
		Op: "Add", Name: l.String(),
		Tensors: []Operand{result("y", l.shape), input("a", l.shape, l.fill), input("b", l.shape, l.fill)},
		Call: func(b glyph.Backend, a Args) {
			b.Add(a.Tensor["y"], a.Tensor["a"], a.Tensor["b"], l.act)
		},
		Define: func(in Values) Results {
			a, b := in.Tensor["a"], in.Tensor["b"]
			y := make([]Number, len(a))
			for i := range y {
				y[i] = activate(l.act, add(exact(a[i]), exact(b[i])))
			}
			return Results{Tensor: map[string][]Number{"y": y}}
		},
	}
}

// backward is AddBackward.
func (l addLayer) backward() *Case {
	return &Case{
		Op: "AddBackward", Name: l.String(),
		Tensors: []Operand{result("dx", l.shape), input("dy", l.shape, normal(1)), input("y", l.shape, activated(l.act))},
		Call: func(b glyph.Backend, a Args) {
			b.AddBackward(a.Tensor["dx"], a.Tensor["dy"], a.Tensor["y"], l.act)
		},
		Define: func(in Values) Results {
			return Results{Tensor: map[string][]Number{"dx": deriveAll(l.act, in.Tensor["dy"], in.Tensor["y"])}}
		},
	}
}

// of is forward with one of the terms, a or b, under the name x, whose gradient dx
// is.
func (l addLayer) of(term string) *Case {
	c := l.forward()
	call, define := c.Call, c.Define
	for i := range c.Tensors {
		if c.Tensors[i].Name == term {
			c.Tensors[i].Name = "x"
		}
	}
	c.Call = func(b glyph.Backend, a Args) {
		t := tensors{"y": a.Tensor["y"], "a": a.Tensor["a"], "b": a.Tensor["b"]}
		t[term] = a.Tensor["x"]
		call(b, Args{Tensor: t})
	}
	c.Define = func(in Values) Results {
		v := map[string][]float64{"a": in.Tensor["a"], "b": in.Tensor["b"]}
		v[term] = in.Tensor["x"]
		return define(Values{Tensor: v})
	}
	return c
}

func addCases() (cases []*Case) {
	relu := glyph.Activation{Kind: glyph.ReLU}
	both := func(l addLayer) { cases = append(cases, l.forward(), l.backward()) }
	for _, act := range activations {
		both(addLayer{glyph.Shape{2, 5, 3, 7}, act, normal(1), ""})
	}
	for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 127, 128, 129, 511, 513} { // around vectors and work groups
		both(addLayer{glyph.Shape{n}, relu, normal(1), ""})
	}
	both(addLayer{glyph.Shape{16385}, relu, normal(1), ""}) // more than a part of work
	both(addLayer{glyph.Shape{3, 11}, glyph.Activation{}, normal(1), ""})
	both(addLayer{glyph.Shape{2, 7, 7, 16}, glyph.Activation{}, cancelling, "that cancels"})
	for _, act := range activations[:3] {
		cases = append(cases, addLayer{glyph.Shape{3, 8, 8, 3}, act, special, "NaN and Inf"}.forward())
	}
	// Of the resnet preset: the sums of its groups; and with ReLU, as He et al. 2015 have it.
	both(addLayer{glyph.Shape{2, 14, 14, 32}, glyph.Activation{}, normal(1), ""})
	for _, l := range []addLayer{
		{glyph.Shape{64, 28, 28, 16}, glyph.Activation{}, normal(1), ""}, {glyph.Shape{64, 28, 28, 16}, relu, normal(1), ""},
		{glyph.Shape{64, 7, 7, 64}, glyph.Activation{}, normal(1), ""},
	} {
		f, b := l.forward(), l.backward()
		f.Layer, b.Layer = true, l.act.Kind == glyph.ReLU // without an activation it is a copy, which no network asks for
		cases = append(cases, f, b)
	}
	return cases
}

// cancelling fills with numbers that add up to nothing or almost nothing.
func cancelling(r *glyph.Rand, v []float64, in Values) {
	other := in.Tensor["b"]
	for i := range v {
		v[i] = r.Normal()
		if other != nil {
			v[i] = -other[i] * (1 + float64(r.IntN(3)-1)*0x1p-20)
		}
	}
}

// addZero: a sum with zeros is its other term, exactly.
func addZero(b glyph.Backend, r *Report) {
	for _, act := range []glyph.Activation{{}, {Kind: glyph.ReLU}} {
		c := addLayer{glyph.Shape{2, 5, 7, 9}, act, normal(1), ""}.forward()
		in := c.Values()
		for _, zero := range []string{"a", "b"} {
			other := map[string]string{"a": "b", "b": "a"}[zero]
			v := Values{Tensor: map[string][]float64{zero: make([]float64, len(in.Tensor["a"])), other: in.Tensor[other]}}
			want := make([]Number, len(in.Tensor["a"]))
			for i, x := range in.Tensor[other] {
				want[i] = exact(act.Value(x))
			}
			r.compare("zero for "+zero, Compare(evaluate(b, c, v)["y"], want, roundoff(b)))
		}
	}
}

// adjointAdd: dx is the gradient of both terms, so ⟨dy, a + b⟩ = ⟨dx, a⟩ + ⟨dx, b⟩.
func adjointAdd(b glyph.Backend, r *Report) {
	l := addLayer{glyph.Shape{3, 5, 4, 7}, glyph.Activation{}, normal(1), ""}
	in := l.backward().Values()
	for name, v := range l.forward().Values().Tensor {
		in.Tensor[name] = v
	}
	y, dx := evaluate(b, l.forward(), in)["y"], evaluate(b, l.backward(), in)["dx"]
	dy, magnitude := in.Tensor["dy"], 0.0
	for i, v := range y {
		magnitude += math.Abs(dy[i] * v)
	}
	r.near("⟨dx, a + b⟩", dot(dx, in.Tensor["a"])+dot(dx, in.Tensor["b"]), dot(dy, y), magnitude, b)
}

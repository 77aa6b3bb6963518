package backendtest

import (
	"fmt"
	"strings"

	"glyph"
)

// denseLayer is the geometry of a dense layer.
type denseLayer struct {
	n, in, out int
	act        glyph.Activation
}

func (l denseLayer) String() string { return fmt.Sprintf("%dx%d-%d %v", l.n, l.in, l.out, l.act) }

// plain is the layer without its activation.
func (l denseLayer) plain() denseLayer {
	l.act = glyph.Activation{}
	return l
}

func (l denseLayer) x() Operand { return input("x", glyph.Shape{l.n, l.in}, normal(1)) }

// w is scaled so that z has a variance near 1, where activations bend.
func (l denseLayer) w() Operand {
	return input("w", glyph.Shape{l.out, l.in}, normal(fanScale(l.in)))
}

// forward is Dense, with a bias or without.
func (l denseLayer) forward(bias bool) *Case {
	y := glyph.Shape{l.n, l.out}
	c := &Case{
		Op: "Dense", Name: l.String(), FLOPs: 2 * float64(l.n) * float64(l.in) * float64(l.out),
		Tensors: []Operand{result("y", y), l.x(), l.w()},
		Call: func(b glyph.Backend, a Args) {
			b.Dense(a.Tensor["y"], a.Tensor["x"], a.Tensor["w"], a.Tensor["b"], l.act)
		},
		Define: l.defineForward,
	}
	if bias {
		c.Tensors = append(c.Tensors, input("b", glyph.Shape{l.out}, normal(1)))
	} else {
		c.Name += ", no bias"
	}
	return c
}

func (l denseLayer) defineForward(in Values) Results {
	x, w, b := in.Tensor["x"], in.Tensor["w"], in.Tensor["b"]
	y := make([]Number, l.n*l.out)
	for n := range l.n {
		for o := range l.out {
			var z sum
			for i := range l.in {
				z.product(exact(x[n*l.in+i]), w[o*l.in+i])
			}
			if b != nil {
				z.term(b[o])
			}
			y[n*l.out+o] = activate(l.act, z.number())
		}
	}
	return Results{Tensor: map[string][]Number{"y": y}}
}

// backward is DenseBackward with the results wanted, of dx, dw and db.
func (l denseLayer) backward(want ...string) *Case {
	y := glyph.Shape{l.n, l.out}
	shapes := map[string]glyph.Shape{"dx": {l.n, l.in}, "dw": {l.out, l.in}, "db": {l.out}}
	c := &Case{
		Op: "DenseBackward", Name: l.String() + " " + wanted(want),
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.DenseBackward(t["dx"], t["dw"], t["db"], t["dy"], t["y"], t["x"], t["w"], l.act)
		},
		Define: func(in Values) Results { return l.defineBackward(in, want) },
	}
	for _, name := range want {
		c.Tensors = append(c.Tensors, result(name, shapes[name]))
		if name != "db" {
			c.FLOPs += 2 * float64(l.n) * float64(l.in) * float64(l.out)
		}
	}
	c.Tensors = append(c.Tensors, input("dy", y, normal(1)), input("y", y, activated(l.act)), l.x(), l.w())
	return c
}

func (l denseLayer) defineBackward(in Values, want []string) Results {
	x, w := in.Tensor["x"], in.Tensor["w"]
	dz := deriveAll(l.act, in.Tensor["dy"], in.Tensor["y"])
	sums := map[string][]sum{
		"dx": make([]sum, l.n*l.in), "dw": make([]sum, l.out*l.in), "db": make([]sum, l.out),
	}
	dx, dw, db := sums["dx"], sums["dw"], sums["db"]
	for n := range l.n {
		for o := range l.out {
			dz := dz[n*l.out+o]
			db[o].add(dz)
			for i := range l.in {
				dx[n*l.in+i].product(dz, w[o*l.in+i])
				dw[o*l.in+i].product(dz, x[n*l.in+i])
			}
		}
	}
	return pick(sums, want)
}

// pick is the requested sums as Results.
func pick(sums map[string][]sum, want []string) Results {
	r := Results{Tensor: map[string][]Number{}}
	for _, name := range want {
		numbers := make([]Number, len(sums[name]))
		for i := range numbers {
			numbers[i] = sums[name][i].number()
		}
		r.Tensor[name] = numbers
	}
	return r
}

// wanted names a subset of the results.
func wanted(names []string) string {
	if len(names) == 0 {
		return "nothing wanted"
	}
	return strings.Join(names, " ")
}

// choices is every subset of the names, the empty one included.
func choices(names ...string) (sets [][]string) {
	for bits := range 1 << len(names) {
		var set []string
		for i, name := range names {
			if bits>>i&1 == 1 {
				set = append(set, name)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

// edges are extents around the tile sizes, vector widths and grains that
// backends are built from.
var edges = []int{1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 31, 32, 33, 37, 63, 64, 65, 97, 127, 128, 129}

func denseCases() (cases []*Case) {
	relu, none := glyph.Activation{Kind: glyph.ReLU}, glyph.Activation{}
	add := func(c ...*Case) { cases = append(cases, c...) }
	both := func(n, in, out int, act glyph.Activation) {
		l := denseLayer{n, in, out, act}
		add(l.forward(true), l.backward("dx", "dw", "db"))
	}
	both(1, 1, 1, none)
	// Every edge in every role: the offsets are prime to the number of edges.
	for i, n := range edges {
		in, out := edges[(i*5+7)%len(edges)], edges[(i*9+13)%len(edges)]
		both(n, in, out, relu)
	}
	for _, act := range activations {
		l := denseLayer{17, 33, 31, act}
		add(l.forward(true), l.forward(false), l.backward("dx", "dw", "db"))
	}
	for _, want := range choices("dx", "dw", "db") {
		add(denseLayer{9, 17, 10, glyph.Activation{Kind: glyph.Tanh}}.backward(want...))
	}
	// Long sums in each role.
	both(2, 4099, 3, none)
	both(1031, 5, 3, none)
	both(3, 5, 1031, none)
	// The layers of the mlp and cnn presets.
	for _, l := range []denseLayer{
		{16, 784, 256, relu}, {128, 256, 10, none}, {7, 784, 10, none}, {64, 576, 256, relu},
		{128, 784, 256, relu}, {1024, 784, 1024, relu},
	} {
		for _, c := range []*Case{l.forward(true), l.backward("dw", "db"), l.backward("dx", "dw", "db")} {
			c.Layer = true
			add(c)
		}
	}
	return cases
}

package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// adjoint: y is linear in x and in w, so ⟨dy, y⟩ = ⟨dx, x⟩ = ⟨dw, w⟩, and
// ⟨db, b⟩ = ⟨dy, b⟩ for a bias in every row. Each side sums the same products
// dy·w·x and is off by at most 8u times the sum of their magnitudes, which the
// backend computes itself from the magnitudes of its inputs.
func adjoint(b glyph.Backend, r *Report, forward, backward *Case) {
	in := backward.Values()
	y := evaluate(b, forward, in)["y"]
	back := evaluate(b, backward, in)
	x, w, dy := in.Tensor["x"], in.Tensor["w"], in.Tensor["dy"]

	magnitudes := Values{Tensor: map[string][]float64{"x": absolute(x), "w": absolute(w)}}
	magnitude := dot(absolute(dy), evaluate(b, forward, magnitudes)["y"])
	r.near("⟨dx, x⟩", dot(back["dx"], x), dot(dy, y), 2*sumError*magnitude, b)
	r.near("⟨dw, w⟩", dot(back["dw"], w), dot(dy, y), 2*sumError*magnitude, b)

	bias := make([]float64, len(back["db"]))
	normal(1)(glyph.NewRand(9, glyph.StreamTest, 0), bias, Values{})
	rows := make([]float64, len(dy))
	for i := range rows {
		rows[i] = bias[i%len(bias)]
	}
	r.near("⟨db, b⟩", dot(back["db"], bias), dot(dy, rows), sumError*dot(absolute(dy), absolute(rows)), b)
}

// near holds a number that a property compares to within e·u.
func (r *Report) near(name string, got, want, e float64, b glyph.Backend) {
	r.compare(name, Compare([]float64{got}, []Number{{want, e}}, roundoff(b)))
}

func absolute(v []float64) []float64 {
	a := make([]float64, len(v))
	for i, x := range v {
		a[i] = math.Abs(x)
	}
	return a
}

// adjointPool: while the maxima stay in place, pooling is linear.
func adjointPool(b glyph.Backend, r *Report) {
	for _, p := range []glyph.Pool{{Size: 2, Stride: 2}, {Size: 3, Stride: 2}, {Size: 2, Stride: 3}} {
		l := poolLayer{3, 9, 8, 5, p, normal(1), ""}
		in := l.backward().Values()
		y, dx := evaluate(b, l.forward(), in)["y"], evaluate(b, l.backward(), in)["dx"]
		dy, x := in.Tensor["dy"], in.Tensor["x"]
		r.near(fmt.Sprintf("⟨dx, x⟩ of %v", p), dot(dx, x), dot(dy, y), sumError*dot(absolute(dy), absolute(y)), b)
	}
}

// adjointDropout: dropout is a diagonal matrix, its own transpose.
func adjointDropout(b glyph.Backend, r *Report) {
	c := dropoutCase(1001, glyph.Mask{Rate: 0.3, Seed: 5, ID: 2}, 4, normal(1))
	in := c.Values()
	x := in.Tensor["x"]
	y := evaluate(b, c, in)["y"]
	dy := make([]float64, len(x))
	normal(1)(glyph.NewRand(6, glyph.StreamTest, 0), dy, in)
	round32(dy)
	in.Tensor["x"] = dy
	dx := evaluate(b, c, in)["y"]
	r.near("⟨dx, x⟩", dot(dx, x), dot(dy, y), 2*dot(absolute(dy), absolute(y)), b)
}

func round32(v []float64) {
	for i, x := range v {
		v[i] = float64(float32(x))
	}
}

//go:build cgo

package gpu

import (
	"fmt"
	"math"
	"testing"

	"glyph"
	"glyph/cpu"
)

type pair struct {
	t    *testing.T
	a, o glyph.Backend
	id   uint32
}

type tp struct{ g, c glyph.Tensor }

func (p *pair) tensor(off int, s glyph.Shape) tp {
	p.id++
	n := s.Size()
	v := make([]float32, n)
	r := glyph.NewRand(7, glyph.StreamTest, p.id)
	for i := range v {
		v[i] = float32(r.Normal())
	}
	g := glyph.Tensor{Buf: p.a.Alloc(off + n + 3), Off: off, Shape: s}
	c := glyph.Tensor{Buf: p.o.Alloc(off + n + 3), Off: off, Shape: s}
	p.a.Write(g, v)
	p.o.Write(c, v)
	return tp{g, c}
}

func (p *pair) same(name string, x tp, tol float64) {
	p.t.Helper()
	n := x.g.Size()
	a, b := make([]float32, n), make([]float32, n)
	if err := p.a.Read(a, x.g); err != nil {
		p.t.Fatal(err)
	}
	p.o.Read(b, x.c)
	worst, at := 0.0, 0
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if math.IsNaN(float64(a[i])) != math.IsNaN(float64(b[i])) {
			d = 1e9
		}
		if d > worst {
			worst, at = d, i
		}
	}
	if worst > tol {
		p.t.Errorf("%s: worst %g at %d: %g want %g", name, worst, at, a[at], b[at])
	}
}

func TestTmpDense(t *testing.T) {
	b := open(t)
	o := cpu.New[float64](2)
	for _, ft := range append([]*tile{nil, skinnyTile}, tiles...) {
		b.forceTile = ft
		for _, s := range [][4]int{{16, 784, 256, 0}, {16, 256, 10, 64}, {7, 13, 5, 3}, {130, 68, 132, 4}, {300, 33, 40, 1}, {1, 1, 1, 0}} {
			for k, act := range []glyph.Activation{{}, {Kind: glyph.ReLU}, glyph.Leaky(0.2), {Kind: glyph.Sigmoid}, {Kind: glyph.Tanh}} {
				if k > 1 && s[0] != 7 {
					continue
				}
				p := &pair{t: t, a: b, o: o}
				n, in, out, off := s[0], s[1], s[2], s[3]
				y, x, w, bias := p.tensor(off, glyph.Shape{n, out}), p.tensor(off, glyph.Shape{n, in}), p.tensor(off, glyph.Shape{out, in}), p.tensor(off, glyph.Shape{out})
				b.Dense(y.g, x.g, w.g, bias.g, act)
				o.Dense(y.c, x.c, w.c, bias.c, act)
				name := fmt.Sprint(ft, s, act)
				p.same(name+" y", y, 1e-4)
				if ft == skinnyTile {
					continue
				}
				for _, b.forceSplit = range []int{0, 3} {
					dx, dw, db, dy := p.tensor(off, x.g.Shape), p.tensor(off, w.g.Shape), p.tensor(off, bias.g.Shape), p.tensor(off, y.g.Shape)
					b.DenseBackward(dx.g, dw.g, db.g, dy.g, y.g, x.g, w.g, act)
					o.DenseBackward(dx.c, dw.c, db.c, dy.c, y.c, x.c, w.c, act)
					p.same(name+" dx", dx, 1e-3)
					p.same(name+" dw", dw, 1e-3)
					p.same(name+" db", db, 1e-3)
					db2 := p.tensor(off, bias.g.Shape)
					b.DenseBackward(glyph.Tensor{}, glyph.Tensor{}, db2.g, dy.g, y.g, x.g, w.g, act)
					o.DenseBackward(glyph.Tensor{}, glyph.Tensor{}, db2.c, dy.c, y.c, x.c, w.c, act)
					p.same(name+" db2", db2, 1e-3)
				}
			}
		}
	}
	b.forceSplit = 0
	t.Logf("%+v programs %d", b.Stats(), len(b.programs))
}

func TestTmpConv(t *testing.T) {
	b := open(t)
	o := cpu.New[float64](2)
	for _, ft := range append([]*tile{nil}, tiles...) {
		b.forceTile = ft
		for _, s := range []struct {
			n, h, w, c, k, r, s int
			cv                  glyph.Conv
		}{
			{3, 9, 8, 4, 8, 3, 3, glyph.Conv{Stride: 1, Pad: 1}},
			{2, 11, 7, 3, 5, 3, 2, glyph.Conv{Stride: 2, Pad: 1}},
			{4, 28, 28, 1, 32, 3, 3, glyph.Conv{Stride: 1, Pad: 1}},
			{2, 7, 7, 8, 6, 1, 1, glyph.Conv{Stride: 3, Pad: 0}},
		} {
			if ft != nil && s.c == 1 {
				continue
			}
			act := glyph.Activation{Kind: glyph.ReLU}
			p := &pair{t: t, a: b, o: o}
			x, w := p.tensor(0, glyph.Shape{s.n, s.h, s.w, s.c}), p.tensor(4, glyph.Shape{s.k, s.r, s.s, s.c})
			ys, err := s.cv.Shape(x.g.Shape, w.g.Shape)
			if err != nil {
				t.Fatal(err)
			}
			y, bias := p.tensor(0, ys), p.tensor(0, glyph.Shape{s.k})
			b.Conv2D(y.g, x.g, w.g, bias.g, s.cv, act)
			o.Conv2D(y.c, x.c, w.c, bias.c, s.cv, act)
			name := fmt.Sprint(ft, s)
			p.same(name+" y", y, 1e-4)
			for _, b.forceSplit = range []int{0, 3} {
				dx, dw, db, dy := p.tensor(0, x.g.Shape), p.tensor(0, w.g.Shape), p.tensor(0, bias.g.Shape), p.tensor(0, y.g.Shape)
				b.Conv2DBackward(dx.g, dw.g, db.g, dy.g, y.g, x.g, w.g, s.cv, act)
				o.Conv2DBackward(dx.c, dw.c, db.c, dy.c, y.c, x.c, w.c, s.cv, act)
				p.same(name+" dx", dx, 1e-3)
				p.same(name+" dw", dw, 1e-3)
				p.same(name+" db", db, 1e-3)
			}
		}
	}
	b.forceSplit = 0
}

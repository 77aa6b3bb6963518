package backendtest

import (
	"math"

	"glyph"
)

// imageMutations are of convolution and pooling.
func imageMutations() (list []mutation) {
	conv := func(name string, f func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation)) {
		list = append(list, mutation{name, "Conv2D", func(m *mutant) {
			m.conv = func(y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) { f(m, y, x, w, b, c, act) }
		}})
	}
	zero := glyph.Tensor{}
	conv("bias dropped", func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2D(y, x, w, zero, c, act)
	})
	conv("kernel flipped", func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2D(y, x, m.changed(w, flip(w.Shape)), b, c, act)
	})
	conv("kernel rows and columns swapped", func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2D(y, x, m.changed(w, func(v []float32) {
			old, s := append([]float32(nil), v...), w.Shape
			for i := range v {
				ch, tap, k := i%s[3], i/s[3]%(s[1]*s[2]), i/s[3]/s[1]/s[2]
				v[i] = old[(k*s[1]*s[2]+tap%s[2]*s[1]+tap/s[2])*s[3]+ch]
			}
		}), b, c, act)
	})
	conv("stride and pad swapped", func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2D(y, x, w, b, c, act)
		l := convLayer{x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], w.Shape[0], w.Shape[1], w.Shape[2], c, act}
		m.edit(y, func(v []float32) { swapped(l, v, m.get(x), m.get(w), m.get(b)) })
	})
	conv("x in half precision", func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2D(y, m.changed(x, each(half)), w, b, c, act)
	})
	conv("last image not written", func(m *mutant, y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		old := m.get(y)
		m.Backend.Conv2D(y, x, w, b, c, act)
		m.edit(y, func(v []float32) { copy(v[len(v)/y.Shape[0]*(y.Shape[0]-1):], old[len(v)/y.Shape[0]*(y.Shape[0]-1):]) })
	})

	back := func(name string, f func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation)) {
		list = append(list, mutation{name, "Conv2DBackward", func(m *mutant) {
			m.convBack = func(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
				f(m, dx, dw, db, dy, y, x, w, c, act)
			}
		}})
	}
	back("dx with the kernel flipped", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2DBackward(dx, dw, db, dy, y, x, m.changed(w, flip(w.Shape)), c, act)
	})
	back("dw flipped", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2DBackward(dx, dw, db, dy, y, x, w, c, act)
		m.edit(dw, flip(w.Shape))
	})
	back("derivative dropped", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, _ glyph.Activation) {
		m.Backend.Conv2DBackward(dx, dw, db, dy, y, x, w, c, glyph.Activation{})
	})
	back("pixels that meet no tap not written", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		old := m.get(dx)
		m.Backend.Conv2DBackward(dx, dw, db, dy, y, x, w, c, act)
		if c.Stride > w.Shape[1] {
			m.edit(dx, func(v []float32) { keepWhereZero(v, old) })
		}
	})
	back("dw without the last image", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		m.Backend.Conv2DBackward(dx, dw, db, m.changed(dy, func(v []float32) { clear(v[len(v)/dy.Shape[0]*(dy.Shape[0]-1):]) }), y, x, w, c, act)
		m.Backend.Conv2DBackward(dx, zero, db, dy, y, x, w, c, act)
	})

	pool := func(name string, f func(m *mutant, y, x glyph.Tensor, p glyph.Pool)) {
		list = append(list, mutation{name, "MaxPool2D", func(m *mutant) {
			m.pool = func(y, x glyph.Tensor, p glyph.Pool) { f(m, y, x, p) }
		}})
	}
	pool("maximum from 0", func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
		m.Backend.MaxPool2D(y, x, p)
		m.edit(y, each(func(v float32) float32 {
			if v < 0 {
				return 0
			}
			return v
		}))
	})
	pool("NaN passed over", func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
		m.Backend.MaxPool2D(y, m.changed(x, each(func(v float32) float32 {
			if v != v {
				return float32(math.Inf(-1))
			}
			return v
		})), p)
	})
	pool("stride for size", func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
		m.Backend.MaxPool2D(y, x, p)
		if smaller := (glyph.Pool{Size: min(p.Size, p.Stride), Stride: p.Stride}); smaller != p {
			l := poolLayer{x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], smaller, nil, ""}
			if l.yShape() == y.Shape {
				m.Backend.MaxPool2D(y, x, smaller)
			}
		}
	})

	poolBack := func(name string, f func(m *mutant, l poolLayer, dx, dy, y, x []float32)) {
		list = append(list, mutation{name, "MaxPool2DBackward", func(m *mutant) {
			m.poolBack = func(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
				m.Backend.MaxPool2DBackward(dx, dy, y, x, p)
				l := poolLayer{x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], p, nil, ""}
				m.edit(dx, func(v []float32) {
					clear(v)
					f(m, l, v, m.get(dy), m.get(y), m.get(x))
				})
			}
		}})
	}
	poolBack("last of equals", func(_ *mutant, l poolLayer, dx, dy, y, x []float32) {
		last := map[int]int{}
		l.window(func(i, j int) {
			if x[j] == y[i] {
				last[i] = j
			}
		})
		for i := range y {
			if j, ok := last[i]; ok {
				dx[j] += dy[i]
			}
		}
	})
	poolBack("to all equals", func(_ *mutant, l poolLayer, dx, dy, y, x []float32) {
		l.window(func(i, j int) {
			if x[j] == y[i] {
				dx[j] += dy[i]
			}
		})
	})
	poolBack("overlapping windows overwrite", func(_ *mutant, l poolLayer, dx, dy, y, x []float32) {
		done := map[int]bool{}
		l.window(func(i, j int) {
			if x[j] == y[i] && !done[i] {
				done[i] = true
				dx[j] = dy[i]
			}
		})
	})
	return list
}

// flip turns each kernel of (K, R, S, C) around.
func flip(s glyph.Shape) func([]float32) {
	return func(v []float32) {
		old, taps := append([]float32(nil), v...), s[1]*s[2]
		for i := range v {
			c, tap, k := i%s[3], i/s[3]%taps, i/s[3]/taps
			v[i] = old[(k*taps+taps-1-tap)*s[3]+c]
		}
	}
}

// swapped is the convolution with Pad in the place of Stride and back.
func swapped(l convLayer, y, x, w, b []float32) {
	shape := l.yShape()
	for i := range y {
		k, q, p, n := i%l.k, i/l.k%shape[2], i/l.k/shape[2]%shape[1], i/l.k/shape[2]/shape[1]
		z := 0.0
		if len(b) > 0 {
			z = float64(b[k])
		}
		for tap := range l.r * l.s {
			h, v := p*l.Pad-l.Stride+tap/l.s, q*l.Pad-l.Stride+tap%l.s
			for c := range l.c {
				if h >= 0 && h < l.h && v >= 0 && v < l.w {
					z += float64(x[((n*l.h+h)*l.w+v)*l.c+c]) * float64(w[(k*l.r*l.s+tap)*l.c+c])
				}
			}
		}
		y[i] = float32(l.act.Value(z))
	}
}

func keepWhereZero(v, old []float32) {
	for i := range v {
		if v[i] == 0 {
			v[i] = old[i]
		}
	}
}

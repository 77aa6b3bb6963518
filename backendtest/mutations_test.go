package backendtest

import (
	"math"

	"glyph"
)

// mutations is the list of mistakes, each on one operation.
func mutations() (list []mutation) {
	add := func(op, name string, apply func(m *mutant)) { list = append(list, mutation{name, op, apply}) }
	dense := func(name string, f func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation)) {
		add("Dense", name, func(m *mutant) {
			m.dense = func(y, x, w, b glyph.Tensor, act glyph.Activation) { f(m, y, x, w, b, act) }
		})
	}
	zero := glyph.Tensor{}
	dense("bias dropped", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) { m.Backend.Dense(y, x, w, zero, act) })
	dense("activation dropped", func(m *mutant, y, x, w, b glyph.Tensor, _ glyph.Activation) {
		m.Backend.Dense(y, x, w, b, glyph.Activation{})
	})
	dense("index transposed", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Dense(y, x, m.changed(w, transpose(w.Shape[0], w.Shape[1])), b, act)
	})
	dense("x in half precision", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Dense(y, m.changed(x, each(half)), w, b, act)
	})
	dense("sum without its tail", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		in := x.Shape[1]
		m.Backend.Dense(y, m.changed(x, func(v []float32) {
			for i := range v {
				if i%in >= in&^3 {
					v[i] = 0
				}
			}
		}), w, b, act)
	})
	dense("added to what was there", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		old := m.get(y)
		m.Backend.Dense(y, x, w, b, act)
		m.edit(y, func(v []float32) {
			for i := range v {
				v[i] += old[i]
			}
		})
	})
	dense("last element not written", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		old := m.get(y)
		m.Backend.Dense(y, x, w, b, act)
		m.edit(y, func(v []float32) { v[len(v)-1] = old[len(v)-1] })
	})
	outside := func(past int) func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		return func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
			m.Backend.Dense(y, x, w, b, act)
			at := y.Off - 1
			if past > 0 {
				at = y.Off + y.Size() + past - 1
			}
			if at >= 0 && at < y.Buf.Len() {
				m.Write(glyph.Tensor{Buf: y.Buf, Off: at, Shape: glyph.Shape{1}}, []float32{0})
			}
		}
	}
	dense("written past the end", outside(1))
	dense("written a tile past the end", outside(64))
	dense("written before the start", outside(0))
	dense("offset off the grid ignored", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Dense(y, x, w, b, act)
		if y.Off%glyph.Align != 0 { // a backend that binds on the grid and forgets the rest
			m.edit(y, func(v []float32) { copy(v[1:], append([]float32(nil), v...)) })
		}
	})
	dense("input touched", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Dense(y, x, w, b, act)
		m.edit(w, func(v []float32) { v[0] = math.Nextafter32(v[0], 9) })
	})
	calls := 0
	dense("other bits every second time", func(m *mutant, y, x, w, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Dense(y, x, w, b, act)
		if calls++; calls%2 == 0 {
			m.edit(y, func(v []float32) { v[0] = math.Nextafter32(v[0], 9) })
		}
	})
	add("", "other bits every fifth time", func(m *mutant) {
		m.dense = func(y, x, w, b glyph.Tensor, act glyph.Activation) {
			m.Backend.Dense(y, x, w, b, act)
			if calls++; calls%5 == 0 {
				m.edit(y, func(v []float32) { v[0] = math.Nextafter32(v[0], 9) })
			}
		}
	})

	back := func(name string, f func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation)) {
		add("DenseBackward", name, func(m *mutant) {
			m.denseBack = func(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) { f(m, dx, dw, db, dy, y, x, w, act) }
		})
	}
	back("derivative dropped", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, _ glyph.Activation) {
		m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, glyph.Activation{})
	})
	back("derivative 1 at y = 0", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		m.Backend.DenseBackward(dx, dw, db, dy, m.changed(y, each(func(v float32) float32 {
			if v == 0 && act.Kind == glyph.ReLU {
				return 1
			}
			return v
		})), x, w, act)
	})
	back("dw transposed", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, act)
		if !dw.IsZero() {
			m.edit(dw, transpose(dw.Shape[0], dw.Shape[1]))
		}
	})
	back("db without the last sample", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, act)
		m.Backend.DenseBackward(zero, zero, db, m.changed(dy, func(v []float32) { clear(v[len(v)-dy.Shape[1]:]) }), y, x, w, act)
	})
	back("dw of the mean", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, act)
		m.edit(dw, each(func(v float32) float32 { return v / float32(x.Shape[0]) }))
	})
	back("dw added to what was there", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		old := m.get(dw)
		m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, act)
		m.edit(dw, func(v []float32) {
			for i := range v {
				v[i] += old[i]
			}
		})
	})
	back("db only with dw", func(m *mutant, dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		if dw.IsZero() {
			db = zero
		}
		m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, act)
	})
	add("", "dx of the wrong rows", func(m *mutant) {
		m.denseBack = func(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
			m.Backend.DenseBackward(dx, dw, db, dy, y, x, w, act)
			m.edit(dx, func(v []float32) { copy(v, append([]float32(nil), v[1:]...)) })
		}
	})
	list = append(list, imageMutations()...)
	list = append(list, poolMutations()...)
	list = append(list, normMutations()...)
	list = append(list, augmentMutations()...)
	return append(list, stepMutations()...)
}

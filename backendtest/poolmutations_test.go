package backendtest

import (
	"math"

	"glyph"
)

// poolMutations are of average and global pooling, and of sums.
func poolMutations() (list []mutation) {
	list = append(list, addMutations()...)
	list = append(list, avgPoolMutations()...)
	return append(list, globalPoolMutations()...)
}

func addMutations() (list []mutation) {
	add := func(name string, f func(m *mutant, y, a, b glyph.Tensor, act glyph.Activation)) {
		list = append(list, mutation{name, "Add", func(m *mutant) {
			m.add = func(y, a, b glyph.Tensor, act glyph.Activation) { f(m, y, a, b, act) }
		}})
	}
	add("activation dropped", func(m *mutant, y, a, b glyph.Tensor, _ glyph.Activation) {
		m.Backend.Add(y, a, b, glyph.Activation{})
	})
	add("one term activated", func(m *mutant, y, a, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Add(y, m.changed(a, each(func(x float32) float32 { return float32(act.Value(float64(x))) })), b, glyph.Activation{})
	})
	add("b in half precision", func(m *mutant, y, a, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Add(y, a, m.changed(b, each(half)), act)
	})
	add("added to what was there", func(m *mutant, y, a, b glyph.Tensor, act glyph.Activation) {
		old := m.get(y)
		m.Backend.Add(y, a, b, act)
		m.edit(y, func(v []float32) {
			for i := range v {
				v[i] += old[i]
			}
		})
	})
	add("last element not written", func(m *mutant, y, a, b glyph.Tensor, act glyph.Activation) {
		old := m.get(y)
		m.Backend.Add(y, a, b, act)
		m.edit(y, func(v []float32) { v[len(v)-1] = old[len(v)-1] })
	})
	add("ReLU of a NaN is 0", func(m *mutant, y, a, b glyph.Tensor, act glyph.Activation) {
		m.Backend.Add(y, a, b, act)
		m.edit(y, each(func(v float32) float32 {
			if v != v && act.Kind == glyph.ReLU {
				return 0
			}
			return v
		}))
	})
	list = append(list, mutation{"a difference", "", func(m *mutant) {
		m.add = func(y, a, b glyph.Tensor, act glyph.Activation) {
			m.Backend.Add(y, a, m.changed(b, each(func(v float32) float32 { return -v })), act)
		}
	}})

	back := func(name string, f func(m *mutant, dx, dy, y glyph.Tensor, act glyph.Activation)) {
		list = append(list, mutation{name, "AddBackward", func(m *mutant) {
			m.addBack = func(dx, dy, y glyph.Tensor, act glyph.Activation) { f(m, dx, dy, y, act) }
		}})
	}
	back("derivative dropped", func(m *mutant, dx, dy, y glyph.Tensor, _ glyph.Activation) {
		m.Backend.AddBackward(dx, dy, y, glyph.Activation{})
	})
	back("derivative at 0 is 1", func(m *mutant, dx, dy, y glyph.Tensor, act glyph.Activation) {
		m.Backend.AddBackward(dx, dy, m.changed(y, each(func(v float32) float32 {
			if v == 0 && act.Kind == glyph.ReLU {
				return 1
			}
			return v
		})), act)
	})
	return list
}

func avgPoolMutations() (list []mutation) {
	forward := func(op, name string, f func(m *mutant, y, x glyph.Tensor, p glyph.Pool)) {
		list = append(list, mutation{name, op, func(m *mutant) {
			m.avgPool = func(y, x glyph.Tensor, p glyph.Pool) { f(m, y, x, p) }
		}})
	}
	scaled := func(by func(p glyph.Pool) float32) func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
		return func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
			m.Backend.AvgPool2D(y, x, p)
			m.edit(y, each(func(v float32) float32 { return v * by(p) }))
		}
	}
	sums := scaled(func(p glyph.Pool) float32 { return float32(p.Size * p.Size) })
	forward("AvgPool2D", "sums", sums)
	forward("", "sums instead of averages", sums)
	forward("AvgPool2D", "divided by the area of the strides", scaled(func(p glyph.Pool) float32 {
		return float32(p.Size*p.Size) / float32(p.Stride*p.Stride)
	}))
	forward("AvgPool2D", "the greatest", func(m *mutant, y, x glyph.Tensor, p glyph.Pool) { m.Backend.MaxPool2D(y, x, p) })
	forward("AvgPool2D", "x in half precision", func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
		m.Backend.AvgPool2D(y, m.changed(x, each(half)), p)
	})
	forward("AvgPool2D", "NaN passed over", func(m *mutant, y, x glyph.Tensor, p glyph.Pool) {
		m.Backend.AvgPool2D(y, m.changed(x, each(noNaN)), p)
	})

	back := func(name string, f func(m *mutant, l poolLayer, dx, dy []float32)) {
		list = append(list, mutation{name, "AvgPool2DBackward", func(m *mutant) {
			m.avgPoolBack = func(dx, dy glyph.Tensor, p glyph.Pool) {
				m.Backend.AvgPool2DBackward(dx, dy, p)
				l := poolLayer{dx.Shape[0], dx.Shape[1], dx.Shape[2], dx.Shape[3], p, nil, ""}
				m.edit(dx, func(v []float32) { f(m, l, v, m.get(dy)) })
			}
		}})
	}
	back("not divided", func(_ *mutant, l poolLayer, dx, _ []float32) {
		each(func(v float32) float32 { return v * float32(l.Size*l.Size) })(dx)
	})
	back("overlapping windows overwrite", func(_ *mutant, l poolLayer, dx, dy []float32) {
		l.window(func(i, j int) { dx[j] = dy[i] / float32(l.Size*l.Size) })
	})
	back("pixels in no window not written", func(_ *mutant, l poolLayer, dx, _ []float32) {
		covered := map[int]bool{}
		l.window(func(_, j int) { covered[j] = true })
		for j := range dx {
			if !covered[j] {
				dx[j] = float32(math.NaN())
			}
		}
	})
	return list
}

func noNaN(v float32) float32 {
	if v != v {
		return 0
	}
	return v
}

func globalPoolMutations() (list []mutation) {
	forward := func(op, name string, f func(m *mutant, y, x glyph.Tensor, k glyph.PoolKind)) {
		list = append(list, mutation{name, op, func(m *mutant) {
			m.globalPool = func(y, x glyph.Tensor, k glyph.PoolKind) { f(m, y, x, k) }
		}})
	}
	forward("GlobalPool2D", "the mean for the greatest", func(m *mutant, y, x glyph.Tensor, _ glyph.PoolKind) {
		m.Backend.GlobalPool2D(y, x, glyph.Average)
	})
	forward("", "the greatest for the mean", func(m *mutant, y, x glyph.Tensor, _ glyph.PoolKind) {
		m.Backend.GlobalPool2D(y, x, glyph.Maximum)
	})
	forward("GlobalPool2D", "maximum from 0", func(m *mutant, y, x glyph.Tensor, k glyph.PoolKind) {
		m.Backend.GlobalPool2D(y, x, k)
		if k == glyph.Maximum {
			m.edit(y, each(func(v float32) float32 {
				if v < 0 {
					return 0
				}
				return v
			}))
		}
	})
	forward("GlobalPool2D", "NaN passed over", func(m *mutant, y, x glyph.Tensor, k glyph.PoolKind) {
		m.Backend.GlobalPool2D(y, m.changed(x, each(func(v float32) float32 {
			if v != v && k == glyph.Maximum {
				return float32(math.Inf(-1))
			}
			return v
		})), k)
	})
	forward("GlobalPool2D", "a running float32 sum", func(m *mutant, y, x glyph.Tensor, k glyph.PoolKind) {
		m.Backend.GlobalPool2D(y, x, k)
		l := globalPoolLayer{x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], k, nil, ""}
		if k == glyph.Average {
			values := m.get(x)
			m.edit(y, func(v []float32) {
				clear(v)
				l.channels(func(i, j int) { v[i] += values[j] })
				each(func(v float32) float32 { return v / float32(l.h*l.w) })(v)
			})
		}
	})

	back := func(name string, f func(l globalPoolLayer, dx, dy, y, x []float32)) {
		list = append(list, mutation{name, "GlobalPool2DBackward", func(m *mutant) {
			m.globalPoolBack = func(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
				m.Backend.GlobalPool2DBackward(dx, dy, y, x, k)
				l := globalPoolLayer{x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], k, nil, ""}
				m.edit(dx, func(v []float32) { f(l, v, m.get(dy), m.get(y), m.get(x)) })
			}
		}})
	}
	back("mean not divided", func(l globalPoolLayer, dx, _, _, _ []float32) {
		if l.kind == glyph.Average {
			each(func(v float32) float32 { return v * float32(l.h*l.w) })(dx)
		}
	})
	back("to all equals", func(l globalPoolLayer, dx, dy, y, x []float32) {
		if l.kind == glyph.Maximum {
			l.channels(func(i, j int) {
				if x[j] == y[i] {
					dx[j] = dy[i]
				}
			})
		}
	})
	back("last of equals", func(l globalPoolLayer, dx, dy, y, x []float32) {
		if l.kind == glyph.Maximum {
			clear(dx)
			last := map[int]int{}
			l.channels(func(i, j int) {
				if x[j] == y[i] {
					last[i] = j
				}
			})
			for i, j := range last {
				dx[j] = dy[i]
			}
		}
	})
	back("a NaN equals itself", func(l globalPoolLayer, dx, dy, y, x []float32) {
		if l.kind == glyph.Maximum {
			l.channels(func(i, j int) {
				if x[j] != x[j] && y[i] != y[i] {
					dx[j] = dy[i]
				}
			})
		}
	})
	return list
}

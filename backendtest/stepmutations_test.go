package backendtest

import (
	"glyph"
)

// stepMutations are of what is left of a training step.
func stepMutations() (list []mutation) {
	add := func(op, name string, apply func(m *mutant)) { list = append(list, mutation{name, op, apply}) }
	dropout := func(op, name string, f func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints)) {
		add(op, name, func(m *mutant) {
			m.dropout = func(y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) { f(m, y, x, k, clock) }
		})
	}
	scaled := func(by func(k glyph.Mask) float32) func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
		return func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
			m.Backend.Dropout(y, x, k, clock)
			m.edit(y, each(func(v float32) float32 { return v * by(k) }))
		}
	}
	dropout("Dropout", "not scaled", scaled(func(k glyph.Mask) float32 { return 1 - k.Rate }))
	dropout("Dropout", "scaled by 1/rate", scaled(func(k glyph.Mask) float32 { return (1 - k.Rate) / max(k.Rate, 1e-9) }))
	nextStep := func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
		m.Backend.Dropout(y, x, k, m.moved(clock, func(v []int32) { v[glyph.ClockStep]++ }))
	}
	dropout("Dropout", "mask of the next step", nextStep)
	dropout("", "mask of the next step", nextStep)
	dropout("", "mask of one step for all", func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
		m.Backend.Dropout(y, x, k, m.moved(clock, func(v []int32) { v[glyph.ClockStep] = 0 }))
	})
	dropout("Dropout", "ID not used", func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
		k.ID = 0
		m.Backend.Dropout(y, x, k, clock)
	})
	dropout("Dropout", "high half of the seed not used", func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
		k.Seed &= 0xffff_ffff
		m.Backend.Dropout(y, x, k, clock)
	})
	dropout("Dropout", "multiplied by 0", func(m *mutant, y, x glyph.Tensor, k glyph.Mask, clock glyph.Ints) {
		m.Backend.Dropout(y, x, k, clock)
		values := m.get(x)
		m.edit(y, func(v []float32) {
			for i := range v {
				if v[i] == 0 {
					v[i] = 0 * values[i]
				}
			}
		})
	})

	softmax := func(name string, f func(m *mutant, loss, hits, dlogits, logits, t glyph.Tensor)) {
		add("SoftmaxCrossEntropy", name, func(m *mutant) {
			m.softmax = func(loss, hits, dlogits, logits, t glyph.Tensor) { f(m, loss, hits, dlogits, logits, t) }
		})
	}
	softmax("gradient of the sum", func(m *mutant, loss, hits, dlogits, logits, t glyph.Tensor) {
		m.Backend.SoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
		m.edit(dlogits, each(func(v float32) float32 { return v * float32(t.Shape[0]) }))
	})
	softmax("logits in half precision", func(m *mutant, loss, hits, dlogits, logits, t glyph.Tensor) {
		m.Backend.SoftmaxCrossEntropy(loss, hits, dlogits, m.changed(logits, each(half)), t)
	})
	softmax("exp overflows", func(m *mutant, loss, hits, dlogits, logits, t glyph.Tensor) {
		m.Backend.SoftmaxCrossEntropy(loss, hits, dlogits, m.changed(logits, each(func(v float32) float32 { return min(v, 88) })), t)
	})
	softmax("last of equals", func(m *mutant, loss, hits, dlogits, logits, t glyph.Tensor) {
		m.Backend.SoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
		m.Backend.SoftmaxCrossEntropy(glyph.Tensor{}, hits, glyph.Tensor{}, m.changed(logits, reverseRows(t.Shape[1])), m.changed(t, reverseRows(t.Shape[1])))
	})
	softmax("hits only with loss", func(m *mutant, loss, hits, dlogits, logits, t glyph.Tensor) {
		if loss.IsZero() {
			hits = loss
		}
		m.Backend.SoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
	})

	add("L2", "lambda for lambda/2", func(m *mutant) {
		m.l2 = func(penalty, w glyph.Tensor, lambda float32) { m.Backend.L2(penalty, w, 2*lambda) }
	})
	add("L2", "a running float32 sum", func(m *mutant) {
		m.l2 = func(penalty, w glyph.Tensor, lambda float32) {
			m.Backend.L2(penalty, w, lambda)
			var s float32
			for _, v := range m.get(w) {
				s += v * v
			}
			m.Write(penalty, []float32{lambda / 2 * s})
		}
	})

	optimize := func(name string, f func(m *mutant, w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer)) {
		add("Optimize", name, func(m *mutant) {
			m.optimize = func(w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
				f(m, w, mm, v, g, lr, clock, weights, o)
			}
		})
	}
	for name, prefix := range map[string]func(weights, n int) int{
		"all decay": func(_, n int) int { return n }, "none decays": func(int, int) int { return 0 },
		"one weight too few decays": func(w, _ int) int { return max(w-1, 0) }, "one bias decays": func(w, n int) int { return min(w+1, n) },
	} {
		optimize(name, func(m *mutant, w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
			m.Backend.Optimize(w, mm, v, g, lr, clock, prefix(weights, w.Size()), o)
		})
	}
	optimize("learning rates wrap", func(m *mutant, w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
		step := int(m.ints(clock)[glyph.ClockStep])
		m.Backend.Optimize(w, mm, v, g, m.changed(lr, func(r []float32) {
			at := r[step%len(r)]
			each(func(float32) float32 { return at })(r)
		}), clock, weights, o)
	})
	optimize("correction of the step before", func(m *mutant, w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
		step := int(m.ints(clock)[glyph.ClockStep])
		m.Backend.Optimize(w, mm, v, g, m.changed(lr, func(r []float32) {
			at := r[min(step, len(r)-1)]
			each(func(float32) float32 { return at })(r)
		}), m.moved(clock, func(v []int32) { v[glyph.ClockStep] = max(v[glyph.ClockStep]-1, 0) }), weights, o)
	})
	optimize("moments not kept", func(m *mutant, w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
		m.Backend.Optimize(w, m.changed(mm, func([]float32) {}), v, g, lr, clock, weights, o)
	})
	optimize("Nesterov as momentum", func(m *mutant, w, mm, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
		if o.Kind == glyph.Nesterov {
			o.Kind = glyph.Momentum
		}
		m.Backend.Optimize(w, mm, v, g, lr, clock, weights, o)
	})

	list = append(list, averageMutations()...)
	advance := func(op, name string, f func(m *mutant, clock glyph.Ints, log, loss, hits, penalty glyph.Tensor)) {
		add(op, name, func(m *mutant) {
			m.advance = func(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) { f(m, clock, log, loss, hits, penalty) }
		})
	}
	stopped := func(m *mutant, clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
		m.Backend.Advance(m.moved(clock, func([]int32) {}), log, loss, hits, penalty)
	}
	advance("Advance", "clock stands still", stopped)
	advance("", "clock stands still", stopped)
	advance("Advance", "row not moved", func(m *mutant, clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
		row := m.ints(clock)[glyph.ClockRow]
		m.Backend.Advance(clock, log, loss, hits, penalty)
		v := m.ints(clock)
		v[glyph.ClockRow] = row
		m.WriteInts(clock, v)
	})
	advance("Advance", "row of the next step", func(m *mutant, clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
		m.Backend.Advance(m.moved(clock, func(v []int32) { v[glyph.ClockStep]++ }), log, loss, hits, penalty)
		m.Backend.Advance(clock, glyph.Tensor{}, loss, hits, penalty)
	})
	advance("Advance", "penalty dropped", func(m *mutant, clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
		m.Backend.Advance(clock, log, loss, hits, glyph.Tensor{})
	})

	gather := func(op, name string, f func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32)) {
		add(op, name, func(m *mutant) {
			m.gather = func(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
				f(m, x, t, set, order, clock, s)
			}
		})
	}
	atStart := func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
		m.Backend.Gather(x, t, set, order, m.moved(clock, func(v []int32) { v[glyph.ClockRow] = 0 }), s)
	}
	gather("Gather", "always the first batch", atStart)
	gather("Gather", "the order does not wrap", func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
		n := order.Len()
		m.Backend.Gather(x, t, set, order, m.moved(clock, func(v []int32) { v[glyph.ClockRow] = min(v[glyph.ClockRow], int32(max(n-x.Shape[0], 0))) }), s)
	})
	gather("Gather", "order not used", func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
		m.Backend.Gather(x, t, set, m.moved(order, func(v []int32) {
			for i := range v {
				v[i] = int32(i % set.Len())
			}
		}), clock, s)
	})
	gather("Gather", "mean not subtracted", func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
		set.Mean = m.changed(set.Mean, func(v []float32) { clear(v) })
		m.Backend.Gather(x, t, set, order, clock, s)
	})
	gather("Gather", "one scale for all pixels", func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
		set.Scale = m.changed(set.Scale, func(v []float32) { at := v[0]; each(func(float32) float32 { return at })(v) })
		m.Backend.Gather(x, t, set, order, clock, s)
	})
	gather("Gather", "smoothing ignored", func(m *mutant, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32) {
		m.Backend.Gather(x, t, set, order, clock, 0)
	})

	add("Confusion", "prediction for label", func(m *mutant) {
		m.confusion = func(counts glyph.Ints, logits, t glyph.Tensor) { m.Backend.Confusion(counts, t, logits) }
	})
	add("Confusion", "overwritten", func(m *mutant) {
		m.confusion = func(counts glyph.Ints, logits, t glyph.Tensor) {
			m.WriteInts(counts, make([]int32, counts.Len()))
			m.Backend.Confusion(counts, logits, t)
		}
	})
	add("Copy", "last element not written", func(m *mutant) {
		m.copy = func(dst, src glyph.Tensor) {
			old := m.get(dst)
			m.Backend.Copy(dst, src)
			m.edit(dst, func(v []float32) { v[len(v)-1] = old[len(v)-1] })
		}
	})
	add("Copy", "zeros without their sign", func(m *mutant) {
		m.copy = func(dst, src glyph.Tensor) {
			m.Backend.Copy(dst, src)
			m.edit(dst, each(func(v float32) float32 { return v + 0 }))
		}
	})
	add("Copy", "subnormals flushed", func(m *mutant) {
		m.copy = func(dst, src glyph.Tensor) {
			m.Backend.Copy(dst, src)
			m.edit(dst, each(func(v float32) float32 {
				if v < 0x1p-126 && v > -0x1p-126 {
					return 0
				}
				return v
			}))
		}
	})
	for name, change := range map[string]int{"once too often": 1, "once too little": -1} {
		add("", "repeated "+name, func(m *mutant) {
			m.repeat = func(n int, step func()) { m.Backend.Repeat(max(n+change, 0), step) }
		})
	}
	add("", "an operation that starts when the host waits", func(m *mutant) {
		m.dense = func(y, x, w, b glyph.Tensor, act glyph.Activation) {
			m.flush()
			m.pending = func() { m.Backend.Dense(y, x, w, b, act) }
		}
	})
	add("", "a source that is read when the host waits", func(m *mutant) {
		m.write = func(dst glyph.Tensor, src []float32) {
			m.flush()
			m.pending = func() { m.Backend.Write(dst, src) }
		}
	})
	add("", "memory not zeroed", func(m *mutant) {
		m.alloc = func(n int) glyph.Buffer {
			b := m.Backend.Alloc(n)
			m.Write(glyph.Tensor{Buf: b, Off: n - 1, Shape: glyph.Shape{1}}, []float32{1})
			return b
		}
	})
	return list
}

func reverseRows(classes int) func([]float32) {
	return func(v []float32) {
		for ; len(v) > 0; v = v[classes:] {
			for i, j := 0, classes-1; i < j; i, j = i+1, j-1 {
				v[i], v[j] = v[j], v[i]
			}
		}
	}
}

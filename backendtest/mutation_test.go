package backendtest

import (
	"math"
	"slices"
	"testing"

	"glyph"
	"glyph/cpu"
)

// mutation is a mistake that the suite has to see.
type mutation struct {
	name  string
	op    string // whose cases are run; "" for none, then the properties
	apply func(m *mutant)
}

// conform runs the cases of an operation, or the properties, and counts those
// that fail. Under -short the first is enough.
func conform(b glyph.Backend, op string) (failed, all int, first string) {
	note := func(name string, r Report) {
		if all++; len(r.Failures) > 0 {
			if failed++; first == "" {
				first = name + ": " + r.Failures[0]
			}
		}
	}
	for _, c := range Cases() {
		if c.Op == op && c.Fits(true) && !(testing.Short() && failed > 0) {
			note(c.String(), Check(b, c))
		}
	}
	if op == "" {
		for _, p := range Properties() {
			if testing.Short() && failed > 0 {
				break
			}
			note(p.Name, p.Check(b))
		}
	}
	return failed, all, first
}

func TestMutationsAreCaught(t *testing.T) {
	for _, mu := range mutations() {
		name := mu.op
		if name == "" {
			name = "properties"
		}
		t.Run(name+"/"+mu.name, func(t *testing.T) {
			m := newMutant(cpu.New[float32](1))
			defer m.Close()
			mu.apply(m)
			failed, all, first := conform(m, mu.op)
			if failed == 0 {
				t.Errorf("passes all of %d", all)
			}
			t.Logf("fails %d of %d; %.150s", failed, all, first)
		})
	}
}

// Every operation of the interface has cases.
func TestEveryOperationHasCases(t *testing.T) {
	for _, op := range methods[glyph.Operations]() {
		b := cpu.New[float32](1)
		if failed, all, first := conform(b, op); all == 0 || failed > 0 {
			t.Errorf("%s: %d of %d cases fail: %s", op, failed, all, first)
		}
		b.Close()
	}
}

// Operands rounded to half precision are far outside of every bound.
func TestHalfPrecisionIsCaught(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	m := newMutant(b)
	m.dense = func(y, x, w, bias glyph.Tensor, act glyph.Activation) {
		b.Dense(y, m.changed(x, each(half)), m.changed(w, each(half)), bias, act)
	}
	m.conv = func(y, x, w, bias glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		b.Conv2D(y, m.changed(x, each(half)), m.changed(w, each(half)), bias, c, act)
	}
	m.denseBack = func(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
		b.DenseBackward(dx, dw, db, m.changed(dy, each(half)), y, m.changed(x, each(half)), m.changed(w, each(half)), act)
	}
	m.convBack = func(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
		b.Conv2DBackward(dx, dw, db, m.changed(dy, each(half)), y, m.changed(x, each(half)), m.changed(w, each(half)), c, act)
	}
	least := math.Inf(1)
	for _, c := range Cases() {
		sums := c.Op == "Dense" || c.Op == "DenseBackward" || c.Op == "Conv2D" || c.Op == "Conv2DBackward"
		if !sums || !c.Fits(true) || c.FLOPs < 1000 || hasSpecials(c) {
			continue
		}
		r := Check(m, c)
		if r.Share < 10 {
			t.Errorf("%v uses %.3f of its bound", c, r.Share)
		}
		least = min(least, r.Share)
	}
	t.Logf("half precision uses %.0f times its bound or more", least)
}

// A wrong gradient is seen by the gate.
func TestGradientGateSeesAWrongGradient(t *testing.T) {
	m := oracleMutant{cpu.NewOracle(1)}
	defer m.Close()
	wrong := map[string]bool{}
	for _, g := range GradientChecks(m) {
		if !g.OK() {
			wrong[g.Name] = true
		}
	}
	for _, g := range GradientChecks(m.Oracle) {
		if want := slices.Contains([]string{"dense tanh dw", "dense tanh db", "dense tanh dx"}, g.Name); want != wrong[g.Name] || !g.OK() {
			t.Errorf("%s: wrong %t, want %t; error without the mutation %g", g.Name, wrong[g.Name], want, g.Error)
		}
	}
}

// oracleMutant takes y for 1.00001·y in the derivative of tanh.
type oracleMutant struct{ cpu.Oracle }

func (m oracleMutant) DenseBackward(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
	if act.Kind == glyph.Tanh {
		wrong := read(m.Oracle, y)
		for i := range wrong {
			wrong[i] *= 1.00001
		}
		y = glyph.NewTensor(m.Oracle, y.Shape)
		write(m.Oracle, y, wrong)
	}
	m.Oracle.DenseBackward(dx, dw, db, dy, y, x, w, act)
}

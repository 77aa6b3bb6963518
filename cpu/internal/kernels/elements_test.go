//go:build unix

package kernels

import (
	"fmt"
	"math"
	"testing"

	"glyph/cpu/internal/guard"
)

// element is a kernel that works element by element, and its formula. Arrays
// that it writes come first.
type element[T Float] struct {
	name            string
	written, arrays int
	run             func(k *Kernels[T], a [][]T)
	formula         func(a []float64) []float64 // of the arrays' elements: the written ones
	units           float64                     // the error allowed, in units of the largest operand or result
}

const rate, other, third = 0.125, 0.875, 0.0625

func elements[T Float]() []element[T] {
	one := func(f func(x float64) float64) func([]float64) []float64 {
		return func(a []float64) []float64 { return []float64{f(a[0])} }
	}
	return append(updates[T](), []element[T]{
		{"add", 1, 2, func(k *Kernels[T], a [][]T) { k.Add(a[0], a[1]) }, func(a []float64) []float64 { return []float64{a[0] + a[1]} }, 1},
		{"plus", 1, 3, func(k *Kernels[T], a [][]T) { k.Plus(a[0], a[1], a[2]) }, func(a []float64) []float64 { return []float64{a[1] + a[2]} }, 1},
		{"plusReLU", 1, 3, func(k *Kernels[T], a [][]T) { k.PlusReLU(a[0], a[1], a[2]) }, func(a []float64) []float64 { return []float64{max(a[1]+a[2], 0)} }, 1},
		{"scaled", 1, 2, func(k *Kernels[T], a [][]T) { k.Scaled(a[0], a[1], rate) }, func(a []float64) []float64 { return []float64{rate * a[1]} }, 1},
		{"relu", 1, 1, func(k *Kernels[T], a [][]T) { k.ReLU(a[0]) }, one(func(x float64) float64 { return max(x, 0) }), 0},
		{"leaky", 1, 1, func(k *Kernels[T], a [][]T) { k.LeakyReLU(a[0], rate) }, one(func(x float64) float64 { return max(x, rate*x) }), 1},
		{"sigmoid", 1, 1, func(k *Kernels[T], a [][]T) { k.Sigmoid(a[0]) }, one(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }), 6},
		{"tanh", 1, 1, func(k *Kernels[T], a [][]T) { k.Tanh(a[0]) }, one(math.Tanh), 6},
		{"reluGrad", 1, 3, func(k *Kernels[T], a [][]T) { k.ReLUGrad(a[0], a[1], a[2]) }, func(a []float64) []float64 { return []float64{pick(a[2] > 0, a[1], 0)} }, 0},
		{"leakyGrad", 1, 3, func(k *Kernels[T], a [][]T) { k.LeakyReLUGrad(a[0], a[1], a[2], rate) }, func(a []float64) []float64 { return []float64{pick(a[2] > 0, a[1], rate*a[1])} }, 1},
		{"sigmoidGrad", 1, 3, func(k *Kernels[T], a [][]T) { k.SigmoidGrad(a[0], a[1], a[2]) }, func(a []float64) []float64 { return []float64{a[1] * a[2] * (1 - a[2])} }, 16},
		{"tanhGrad", 1, 3, func(k *Kernels[T], a [][]T) { k.TanhGrad(a[0], a[1], a[2]) }, func(a []float64) []float64 { return []float64{a[1] * (1 - a[2]*a[2])} }, 16},
	}...)
}

// updates is the rules, with w, m and v, and g last; m and v are not negative
// where the rule takes a root of them.
func updates[T Float]() []element[T] {
	root := math.Sqrt
	return []element[T]{
		{"sgd", 1, 2, func(k *Kernels[T], a [][]T) { k.SGD(a[0], a[1], rate, third) }, func(a []float64) []float64 {
			return []float64{a[0] - rate*(a[1]+third*a[0])}
		}, 4},
		{"momentum", 2, 3, func(k *Kernels[T], a [][]T) { k.Momentum(a[0], a[1], a[2], rate, other, third) }, func(a []float64) []float64 {
			m := other*a[1] + a[2] + third*a[0]
			return []float64{a[0] - rate*m, m}
		}, 8},
		{"nesterov", 2, 3, func(k *Kernels[T], a [][]T) { k.Nesterov(a[0], a[1], a[2], rate, other, third) }, func(a []float64) []float64 {
			g := a[2] + third*a[0]
			m := other*a[1] + g
			return []float64{a[0] - rate*(g+other*m), m}
		}, 8},
		{"rmsprop", 2, 3, func(k *Kernels[T], a [][]T) { k.RMSProp(a[0], a[1], a[2], rate, other, third, third) }, func(a []float64) []float64 {
			g := a[2] + third*a[0]
			v := other*a[1] + (1-other)*g*g
			return []float64{a[0] - rate*g/(root(v)+third), v}
		}, 16},
		{"adam", 3, 4, func(k *Kernels[T], a [][]T) {
			k.Adam(a[0], a[1], a[2], a[3], AdamRates[T]{LR: rate, Beta1: other, Beta2: rate, Eps: third, L2: third, Decay: rate, CorrectM: 2, CorrectV: 3})
		}, func(a []float64) []float64 {
			g := a[3] + third*a[0]
			m, v := other*a[1]+(1-other)*g, rate*a[2]+(1-rate)*g*g
			return []float64{a[0] - rate*rate*a[0] - rate*(m*2)/(root(v*3)+third), m, v}
		}, 32},
		{"average", 1, 2, func(k *Kernels[T], a [][]T) { k.Average(a[0], a[1], third) }, func(a []float64) []float64 {
			return []float64{a[0] + third*(a[1]-a[0])}
		}, 4},
		{"adadelta", 3, 4, func(k *Kernels[T], a [][]T) { k.Adadelta(a[0], a[1], a[2], a[3], rate, other, third, third) }, func(a []float64) []float64 {
			g := a[3] + third*a[0]
			v := other*a[2] + (1-other)*g*g
			d := root(a[1]+third) / root(v+third) * g
			return []float64{a[0] - rate*d, other*a[1] + (1-other)*d*d, v}
		}, 64},
	}
}

func pick(yes bool, a, b float64) float64 {
	if yes {
		return a
	}
	return b
}

// Every kernel at 0 to 2 vectors of elements and one more, and at more than a
// few, between pages that fault, against its formula; both instruction sets give
// the same bits.
func TestElements(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testElements[float32](t) })
	t.Run("float64", func(t *testing.T) { testElements[float64](t) })
}

func testElements[T Float](t *testing.T) {
	if len(For[T]()) == 0 {
		t.Skip("no vector kernels on this processor")
	}
	for _, e := range elements[T]() {
		for n := range 36 {
			if n > 33 {
				n *= 30
			}
			var first [][]T
			for _, k := range For[T]() {
				for _, atEnd := range []bool{false, true} {
					got := e.check(t, k, n, atEnd)
					if first == nil {
						first = got
					}
					for i := range got {
						for j, v := range got[i] {
							if v != first[i][j] {
								t.Fatalf("%s of %d with %s: [%d][%d] = %v, and %v with other kernels", e.name, n, k.Name, i, j, v, first[i][j])
							}
						}
					}
				}
			}
		}
	}
}

// check runs e on n elements and returns what it wrote.
func (e element[T]) check(t *testing.T, k *Kernels[T], n int, atEnd bool) (got [][]T) {
	t.Helper()
	arrays, before := make([][]T, e.arrays), make([][]T, e.arrays)
	for i := range arrays {
		arrays[i] = guard.Slice[T](t, n, atEnd)
		fill(arrays[i], uint32(10+i))
		if roots := e.name == "rmsprop" || e.arrays == 4; roots && i > 0 && i < e.arrays-1 {
			for j, v := range arrays[i] {
				arrays[i][j] = max(v, -v)
			}
		}
		before[i] = append([]T(nil), arrays[i]...)
	}
	e.run(k, arrays)
	operands := make([]float64, e.arrays)
	for j := range n {
		size := 1.0
		for i := range operands {
			operands[i] = float64(before[i][j])
			size = max(size, math.Abs(operands[i]))
		}
		want := e.formula(operands)
		for i := range arrays {
			if i >= e.written {
				if arrays[i][j] != before[i][j] {
					t.Fatalf("%s of %d with %s changes what it reads", e.name, n, k.Name)
				}
				continue
			}
			v := float64(arrays[i][j])
			if d := math.Abs(v - want[i]); !(d <= e.units*unit[T]()*max(size, math.Abs(want[i]), size*size)) {
				t.Fatalf("%s of %d with %s: [%d][%d] = %v, want %v", e.name, n, k.Name, i, j, v, want[i])
			}
		}
	}
	return arrays[:e.written]
}

// Exp is within 2 units in the last place, 0 where the result is no normal
// number, and a NaN of a NaN; so is all that is made of it.
func TestExp(t *testing.T) {
	for _, k := range For[float64]() {
		x := guard.Slice[float64](t, 40_001, true)
		for i := range x {
			x[i] = -700 + 1400*float64(i)/float64(len(x))
			if i%2 == 0 {
				x[i] = 2 * float64(i-20_000) / 20_000
			}
		}
		y := append([]float64(nil), x...)
		k.Exp(y)
		worst := 0.0
		for i, v := range y {
			worst = max(worst, math.Abs(v-math.Exp(x[i]))/math.Exp(x[i]))
		}
		if !(worst <= 2*0x1p-52) {
			t.Errorf("%s: off by %.2f units in the last place", k.Name, worst*0x1p52)
		}
		special := []float64{math.NaN(), math.Inf(-1), -708, -1e300, 0, math.Inf(1), math.Float64frombits(0xfff8000000000123)}
		k.Exp(special)
		if s := fmt.Sprint(special); s != fmt.Sprint([]float64{math.NaN(), 0, 0, 0, 1, math.Exp(709), math.NaN()}) {
			t.Errorf("%s: %s", k.Name, s)
		}
	}
}

// Sigmoid and tanh have their limits, and tanh the precision of small numbers.
func TestActivationsLimits(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testLimits[float32](t) })
	t.Run("float64", func(t *testing.T) { testLimits[float64](t) })
}

func testLimits[T Float](t *testing.T) {
	inf, nan := T(math.Inf(1)), T(math.NaN())
	for _, k := range For[T]() {
		x := []T{-inf, -1000, -20, -0.63, -0.62, -1e-6, 0, 1e-20, 0.62, 0.63, 5, 20, 1000, inf, nan}
		tanh, sigmoid := append([]T(nil), x...), append([]T(nil), x...)
		k.Tanh(tanh)
		k.Sigmoid(sigmoid)
		for i, v := range x {
			want := math.Tanh(float64(v))
			if d := math.Abs(float64(tanh[i]) - want); !(d <= 6*unit[T]()*math.Abs(want)) && want == want {
				t.Errorf("%s: tanh %v is %v, want %v", k.Name, v, tanh[i], want)
			}
			want = 1 / (1 + math.Exp(-float64(v)))
			if d := math.Abs(float64(sigmoid[i]) - want); !(d <= 6*unit[T]()) && want == want {
				t.Errorf("%s: sigmoid %v is %v, want %v", k.Name, v, sigmoid[i], want)
			}
		}
		if last := len(x) - 1; tanh[last] == tanh[last] || sigmoid[last] == sigmoid[last] {
			t.Errorf("%s: of a NaN %v and %v", k.Name, tanh[last], sigmoid[last])
		}
	}
}

package backendtest

import (
	"fmt"
	"math"
)

// The u that backends are held to. For float32 it is the unit roundoff. For
// float64 it is twice that, since the definition is float64 arithmetic and errs
// by as much as the backend may.
const (
	U32 = 0x1p-24
	U64 = 0x1p-52
)

// Comparison is the result of Compare.
type Comparison struct {
	// Share is the largest |got - want| as a share of its bound: infinite where
	// an exact result differs or a NaN stands for a number. Over 1 fails.
	Share float64
	// Index is where that is; Got, Want and Bound stand there.
	Index            int
	Got, Want, Bound float64
	// Outside is how many elements are outside their bounds.
	Outside int
}

// OK reports whether every element is within its bound.
func (c Comparison) OK() bool { return c.Outside == 0 }

func (c Comparison) String() string {
	if c.OK() {
		return fmt.Sprintf("%.3f of the bound at [%d]", c.Share, c.Index)
	}
	return fmt.Sprintf("%d outside, worst at [%d]: got %.9g, want %.9g ± %.3g (%.3g of the bound)",
		c.Outside, c.Index, c.Got, c.Want, c.Bound, c.Share)
}

// Compare holds every element of got to |got - want| <= bound. Where want is NaN, got
// must be too. Where the definition has 0 times NaN or Inf, got may be NaN. u is U32 or
// U64.
func Compare(got []float64, want []Number, u float64) Comparison {
	if len(got) != len(want) {
		return Comparison{Share: math.Inf(1), Got: float64(len(got)), Want: float64(len(want)), Outside: max(len(got), len(want), 1)}
	}
	var c Comparison
	for i, w := range want {
		s := share(got[i], w.Value, w.Bound(u))
		if w.mayBeNaN() && got[i] != got[i] {
			s = 0
		}
		if !(s <= 1) {
			c.Outside++
		}
		if s > c.Share || i == 0 {
			c.Share, c.Index, c.Got, c.Want, c.Bound = s, i, got[i], w.Value, w.Bound(u)
		}
	}
	return c
}

// share is |got - want|/bound, 0 for equals and infinite for anything that
// cannot be measured.
func share(got, want, bound float64) float64 {
	if got == want || (got != got && want != want) {
		return 0
	}
	s := math.Abs(got-want) / bound
	if s != s || math.IsInf(bound, 1) {
		return math.Inf(1)
	}
	return s
}

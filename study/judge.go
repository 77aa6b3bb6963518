package study

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Alpha is the significance level of every claim: the probability of a wrong "holds",
// and of a wrong "does not hold".
const Alpha = 0.05

// Verdict is what the data say about a claim.
type Verdict uint8

// The verdicts.
const (
	Undecided Verdict = iota
	Holds
	DoesNotHold
)

func (v Verdict) String() string {
	return [...]string{"undecided", "holds", "does not hold"}[v]
}

// Test is the test of a contrast.
type Test struct {
	Says     string
	Estimate float64 // Σ cᵢ·mean
	Above    float64 // what it is claimed to be above
	T, DF    float64 // of Welch's t-test; 0 where nothing varies
	// Yes is the p-value against "not above", No that against "not below",
	// both after Holm's correction.
	Yes, No float64
	Missing string // why there is no test, or ""
}

// Judgement is a verdict with its tests.
type Judgement struct {
	Verdict Verdict
	Tests   []Test
}

// Judge puts a claim to the test. values has a number for each seed of an arm,
// in the order of the seeds, or nothing for an arm that was not run.
//
// Each contrast Σ cᵢ·μᵢ > δ is tested by t = (Σ cᵢ·x̄ᵢ - δ)/√Σ cᵢ²·sᵢ²/nᵢ with
// the degrees of freedom of Welch 1947 and Satterthwaite 1946,
//
//	(Σ cᵢ²·sᵢ²/nᵢ)² / Σ (cᵢ²·sᵢ²/nᵢ)²/(nᵢ - 1),
//
// one-sided, both ways. The p-values of a claim's contrasts are corrected by
// Holm 1979. The claim holds if all are below Alpha one way, and does not hold
// if any is below Alpha the other way. Where nothing varies from seed to seed
// the difference itself decides.
func Judge(c Claim, values func(arm string) []float64) Judgement {
	var j Judgement
	for _, k := range c.contrasts() {
		j.Tests = append(j.Tests, k.test(values))
	}
	holm(j.Tests, func(t *Test) *float64 { return &t.Yes })
	holm(j.Tests, func(t *Test) *float64 { return &t.No })
	all := len(j.Tests) > 0
	for _, t := range j.Tests {
		if t.Missing != "" || !(t.Yes < Alpha) {
			all = false
		}
		if t.Missing == "" && t.No < Alpha {
			j.Verdict = DoesNotHold
			return j
		}
	}
	if all {
		j.Verdict = Holds
	}
	return j
}

// test is Welch's t-test of a contrast.
func (k contrast) test(values func(arm string) []float64) Test {
	t := Test{Says: k.says, Above: k.above, Yes: 1, No: 1}
	var variance, satterthwaite float64
	for _, term := range k.terms {
		x, missing := term.values(values)
		if missing != "" {
			t.Missing = missing
			return t
		}
		mean, v := stat.MeanVariance(x, nil)
		v *= term.times * term.times / float64(len(x))
		t.Estimate += term.times * mean
		variance += v
		satterthwaite += v * v / float64(len(x)-1)
	}
	difference := t.Estimate - t.Above
	if variance == 0 {
		switch {
		case difference > 0:
			t.Yes = 0
		case difference < 0:
			t.No = 0
		}
		return t
	}
	t.T, t.DF = difference/math.Sqrt(variance), variance*variance/satterthwaite
	student := distuv.StudentsT{Sigma: 1, Nu: t.DF}
	t.Yes, t.No = student.CDF(-t.T), student.CDF(t.T)
	return t
}

// values is a term's number for each seed.
func (k term) values(of func(arm string) []float64) (x []float64, missing string) {
	columns := make([][]float64, len(k.of))
	least := math.MaxInt
	for i, arm := range k.of {
		columns[i] = of(arm)
		least = min(least, len(columns[i]))
		if least == 0 {
			return nil, arm + " was not run"
		}
	}
	if least < 2 {
		return nil, "needs at least 2 seeds"
	}
	if len(columns) == 1 {
		return columns[0], ""
	}
	row := make([]float64, len(columns))
	for seed := range least {
		for i := range columns {
			row[i] = columns[i][seed]
		}
		x = append(x, stat.StdDev(row, nil))
	}
	return x, ""
}

// holm corrects the p-values of tests that were made, in place: the i-th
// smallest of m is multiplied by m - i + 1, and none falls below one before it.
func holm(tests []Test, p func(*Test) *float64) {
	var all []*float64
	for i := range tests {
		if tests[i].Missing == "" {
			all = append(all, p(&tests[i]))
		}
	}
	slices.SortStableFunc(all, func(a, b *float64) int {
		switch {
		case *a < *b:
			return -1
		case *a > *b:
			return 1
		}
		return 0
	})
	before := 0.0
	for i, v := range all {
		before = max(before, min(1, float64(len(all)-i)**v))
		*v = before
	}
}

// Interval is the half width of the 95 % confidence interval of a mean, by
// Student's t: t(0.975, n-1)·s/√n. It is infinite for one value.
func Interval(x []float64) float64 {
	if len(x) < 2 {
		return math.Inf(1)
	}
	student := distuv.StudentsT{Sigma: 1, Nu: float64(len(x) - 1)}
	return student.Quantile(0.975) * stat.StdDev(x, nil) / math.Sqrt(float64(len(x)))
}

// Together is the verdict on a finding from those on its claims: it holds if all
// do, and does not hold if any does not.
func Together(verdicts []Verdict) Verdict {
	result := Holds
	for _, v := range verdicts {
		if v == DoesNotHold {
			return DoesNotHold
		}
		if v != Holds {
			result = Undecided
		}
	}
	if len(verdicts) == 0 {
		return Undecided
	}
	return result
}

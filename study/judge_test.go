package study

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// about is n numbers with that mean and a standard deviation of about 0.01.
func about(mean float64, n int) (v []float64) {
	for i := range n {
		v = append(v, mean+0.01*math.Cos(math.Pi*float64(i)+mean))
	}
	m := average(v)
	for i := range v {
		v[i] += mean - m
	}
	return v
}

// Planted results give each verdict for each kind of claim.
func TestVerdicts(t *testing.T) {
	type planted map[string]float64 // means
	for _, c := range []struct {
		claim                 Claim
		holds, fails, between planted
	}{
		{Beats{A: []string{"a"}, B: []string{"b"}},
			planted{"a": 0.9, "b": 0.8}, planted{"a": 0.8, "b": 0.9}, planted{"a": 0.800, "b": 0.802}},
		{Beats{A: []string{"a"}, B: []string{"b"}, By: 0.1}, // better, but not by enough
			planted{"a": 0.9, "b": 0.7}, planted{"a": 0.85, "b": 0.8}, planted{"a": 0.9, "b": 0.801}},
		{Beats{A: []string{"a"}, B: []string{"b"}, By: -0.1}, // worse, but not by much
			planted{"a": 0.85, "b": 0.86}, planted{"a": 0.7, "b": 0.9}, planted{"a": 0.7, "b": 0.801}},
		{Best{"a", []string{"b", "c"}},
			planted{"a": 0.9, "b": 0.8, "c": 0.7}, planted{"a": 0.8, "b": 0.7, "c": 0.9}, planted{"a": 0.8, "b": 0.7, "c": 0.802}},
		{Falls{[]string{"a", "b", "c"}},
			planted{"a": 0.9, "b": 0.8, "c": 0.7}, planted{"a": 0.9, "b": 0.7, "c": 0.8}, planted{"a": 0.9, "b": 0.8, "c": 0.799}},
		{Within{"a", "b", 0.1},
			planted{"a": 0.81, "b": 0.8}, planted{"a": 0.6, "b": 0.8}, planted{"a": 0.701, "b": 0.8}},
		{Reaches{"a", 0.88},
			planted{"a": 0.95}, planted{"a": 0.8}, planted{"a": 0.882}},
		{Diminishes{[3]string{"a", "b", "c"}},
			planted{"a": 0.5, "b": 0.8, "c": 0.85}, planted{"a": 0.5, "b": 0.55, "c": 0.9}, planted{"a": 0.5, "b": 0.6, "c": 0.701}},
		{All{Beats{A: []string{"a"}, B: []string{"b"}}, Reaches{"a", 0.5}},
			planted{"a": 0.9, "b": 0.8}, planted{"a": 0.4, "b": 0.3}, planted{"a": 0.9, "b": 0.899}},
	} {
		for _, want := range []struct {
			Verdict
			means planted
		}{{Holds, c.holds}, {DoesNotHold, c.fails}, {Undecided, c.between}} {
			seeds := func(arm string) []float64 {
				mean, ok := want.means[arm]
				if !ok {
					t.Fatalf("%#v asks for %q", c.claim, arm)
				}
				return about(mean, 4)
			}
			if got := Judge(c.claim, seeds); got.Verdict != want.Verdict {
				t.Errorf("%#v of %v: %v, want %v\n%+v", c.claim, want.means, got.Verdict, want.Verdict, got.Tests)
			}
			one := Judge(c.claim, func(arm string) []float64 { return seeds(arm)[:1] })
			none := Judge(c.claim, func(string) []float64 { return nil })
			if one.Verdict != Undecided || none.Verdict != Undecided || one.Tests[0].Missing == "" || none.Tests[0].Missing == "" {
				t.Errorf("%#v of one seed: %v, of none: %v", c.claim, one, none)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	wide := map[string][]float64{"a": {0.5, 0.51, 0.49}, "b": {0.9, 0.92, 0.91}}
	narrow := map[string][]float64{"a": {0.80, 0.81, 0.79}, "b": {0.80, 0.83, 0.80}}
	similar := map[string][]float64{"a": {0.6, 0.8, 0.7}, "b": {0.7, 0.7, 0.9}}
	for _, c := range []struct {
		more, less map[string][]float64
		want       Verdict
	}{{wide, narrow, Holds}, {narrow, wide, DoesNotHold}, {similar, similar, Undecided}} {
		claim := SpreadsMore{[]string{"more a", "more b"}, []string{"less a", "less b"}}
		j := Judge(claim, func(arm string) []float64 {
			if arm[:4] == "more" {
				return c.more[arm[5:]]
			}
			return c.less[arm[5:]]
		})
		if j.Verdict != c.want {
			t.Errorf("%v, want %v: %+v", j.Verdict, c.want, j.Tests)
		}
	}
}

// The numbers are from the formulas by hand: p by integrating the density of
// Student's t numerically, the interval by its quantile in closed form for two
// degrees of freedom, q·√(2/(1 - q²)) with q = 0.95.
func TestWelch(t *testing.T) {
	arms := map[string][]float64{
		"a": {0.8212, 0.8155, 0.8301}, "b": {0.8041, 0.8122, 0.7988, 0.8090},
	}
	j := Judge(Beats{A: []string{"a"}, B: []string{"b"}}, func(arm string) []float64 { return arms[arm] })
	got := j.Tests[0]
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"t", got.T, 3.14783823348}, {"df", got.DF, 3.78253856772}, {"p", got.Yes, 0.018679719135}, {"1 - p", got.No, 1 - 0.018679719135},
		{"estimate", got.Estimate, 0.8222666666666667 - 0.806025},
		{"interval", Interval(arms["a"]), 0.0182788202753},
	} {
		if !(math.Abs(c.got-c.want) < 1e-9) {
			t.Errorf("%s is %.12g, want %.12g", c.name, c.got, c.want)
		}
	}
}

// Where nothing varies the numbers decide.
func TestNothingVaries(t *testing.T) {
	for _, c := range []struct {
		a, b float64
		want Verdict
	}{{0.2, 0.1, Holds}, {0.1, 0.2, DoesNotHold}, {0.1, 0.1, Undecided}} {
		arms := map[string][]float64{"a": {c.a, c.a}, "b": {c.b, c.b}}
		j := Judge(Beats{A: []string{"a"}, B: []string{"b"}}, func(arm string) []float64 { return arms[arm] })
		if j.Verdict != c.want {
			t.Errorf("%v and %v: %v, want %v", c.a, c.b, j.Verdict, c.want)
		}
	}
}

// Of four tests that were made, 0.01, 0.03, 0.04 and 0.9 become 4·0.01, 3·0.03, no
// less than that, and 0.9.
func TestHolm(t *testing.T) {
	tests := []Test{{Yes: 0.01}, {Yes: 0.04}, {Yes: 0.03}, {Yes: 0.001, Missing: "not made"}, {Yes: 0.9}}
	holm(tests, func(t *Test) *float64 { return &t.Yes })
	want := []float64{0.04, 0.09, 0.09, 0.001, 0.9}
	for i := range tests {
		if math.Abs(tests[i].Yes-want[i]) > 1e-15 {
			t.Errorf("p[%d] is %v, want %v", i, tests[i].Yes, want[i])
		}
	}
}

// Many comparisons at once need more than one.
func TestHolmCounts(t *testing.T) {
	arms := map[string][]float64{"a": {0.80, 0.83, 0.81}, "b": {0.78, 0.76, 0.79}}
	values := func(arm string) []float64 { return arms[arm[:1]] }
	if j := Judge(Best{"a", []string{"b"}}, values); j.Verdict != Holds {
		t.Errorf("one comparison: %v, %+v", j.Verdict, j.Tests)
	}
	var others []string
	for i := range 12 {
		others = append(others, fmt.Sprint("b", i))
	}
	if j := Judge(Best{"a", others}, values); j.Verdict != Undecided {
		t.Errorf("twelve comparisons: %v, %+v", j.Verdict, j.Tests[0])
	}
}

func TestAllBelow(t *testing.T) {
	claim := AllBelow{1e-10}
	for _, c := range []struct {
		errors []float64
		want   Verdict
	}{
		{[]float64{1e-12, 9e-11}, Holds}, {[]float64{1e-12, 1e-10}, DoesNotHold},
		{[]float64{1e-12, math.NaN(), 1e-13}, DoesNotHold}, {nil, Undecided},
	} {
		g := &Gradients{}
		for i, e := range c.errors {
			g.Checks = append(g.Checks, GradientCheck{fmt.Sprint(i), e})
		}
		if j := claim.judge(g); j.Verdict != c.want {
			t.Errorf("%v: %v, want %v", c.errors, j.Verdict, c.want)
		}
	}
	if j := claim.judge(nil); j.Verdict != Undecided {
		t.Errorf("none: %v", j.Verdict)
	}
}

func TestTogether(t *testing.T) {
	for _, c := range []struct {
		of   []Verdict
		want Verdict
	}{
		{[]Verdict{Holds, Holds}, Holds}, {[]Verdict{Holds, Undecided}, Undecided},
		{[]Verdict{Undecided, DoesNotHold, Holds}, DoesNotHold}, {nil, Undecided},
	} {
		if got := Together(c.of); got != c.want {
			t.Errorf("%v: %v, want %v", c.of, got, c.want)
		}
		slices.Reverse(c.of)
		if got := Together(c.of); got != c.want {
			t.Errorf("%v: %v, want %v", c.of, got, c.want)
		}
	}
}

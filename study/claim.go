package study

import (
	"fmt"
	"math"

	"glyph/internal/message"
)

// Statement is a claim about the arms of an experiment, as data.
type Statement struct {
	Finding int    // the number of the finding it is part of, or 0
	Says    string // in words
	Of      Measure
	Claim   Claim
}

// Measure is the quantity of a trial that a claim is about.
type Measure uint8

// The measures.
const (
	// Accuracy is that on the test set.
	Accuracy Measure = iota
	// Vanishing is log₁₀ of the gradient norm of the last weight tensor over
	// that of the first, at initialisation: how many powers of ten the
	// gradient loses on its way back.
	Vanishing
)

// Claim is a kind of claim with the labels of its arms. It is made up of a list of
// contrasts; see Judge.
type Claim interface {
	arms() []string
	contrasts() []contrast
}

// contrast is a claim Σ terms > above.
type contrast struct {
	says  string
	terms []term
	above float64
}

// term is a coefficient times the mean of an arm; or, with several arms, times
// the mean over seeds of the standard deviation between them.
type term struct {
	times float64
	of    []string
}

func mean(label string, times float64) term { return term{times, []string{label}} }

// Beats claims that the mean of every A is above that of every B, by more than
// By. A negative By claims that A is worse by less than -By at most.
type Beats struct {
	A, B []string
	By   float64
}

func (c Beats) arms() []string { return append(c.A[:len(c.A):len(c.A)], c.B...) }

func (c Beats) contrasts() (list []contrast) {
	for _, a := range c.A {
		for _, b := range c.B {
			list = append(list, contrast{a + " − " + b, []term{mean(a, 1), mean(b, -1)}, c.By})
		}
	}
	return list
}

// Best claims that an arm's mean is above that of each of the others.
type Best struct {
	Arm    string
	Others []string
}

func (c Best) arms() []string        { return append([]string{c.Arm}, c.Others...) }
func (c Best) contrasts() []contrast { return Beats{A: []string{c.Arm}, B: c.Others}.contrasts() }

// Falls claims that means fall from arm to arm. Reversed, it claims that they
// rise.
type Falls struct{ Arms []string }

func (c Falls) arms() []string { return c.Arms }

func (c Falls) contrasts() (list []contrast) {
	for i := 1; i < len(c.Arms); i++ {
		list = append(list, Beats{A: c.Arms[i-1 : i], B: c.Arms[i : i+1]}.contrasts()...)
	}
	return list
}

// Within claims that two means are less than By apart (two one-sided tests,
// Schuirmann 1987).
type Within struct {
	A, B string
	By   float64
}

func (c Within) arms() []string { return []string{c.A, c.B} }

func (c Within) contrasts() []contrast {
	return append(Beats{[]string{c.A}, []string{c.B}, -c.By}.contrasts(), Beats{[]string{c.B}, []string{c.A}, -c.By}.contrasts()...)
}

// Reaches claims that an arm's mean is above a level.
type Reaches struct {
	Arm   string
	Level float64
}

func (c Reaches) arms() []string { return []string{c.Arm} }

func (c Reaches) contrasts() []contrast {
	return []contrast{{c.Arm, []term{mean(c.Arm, 1)}, c.Level}}
}

// SpreadsMore claims that the arms of A differ more among each other than those
// of B: for each seed the standard deviation between the arms is taken, and its
// means over the seeds are compared. Both sets feel the same noise from seed to
// seed if they have as many arms.
type SpreadsMore struct{ A, B []string }

func (c SpreadsMore) arms() []string { return append(c.A[:len(c.A):len(c.A)], c.B...) }

func (c SpreadsMore) contrasts() []contrast {
	says := fmt.Sprintf("spread of %s from %s − spread of %s from %s", message.Count(len(c.A), "arm"), c.A[0], message.Count(len(c.B), "arm"), c.B[0])
	return []contrast{{says, []term{{1, c.A}, {-1, c.B}}, 0}}
}

// Diminishes claims that the step from the second arm to the third gains less
// than that from the first to the second.
type Diminishes struct{ Arms [3]string }

func (c Diminishes) arms() []string { return c.Arms[:] }

func (c Diminishes) contrasts() []contrast {
	a := c.Arms
	says := fmt.Sprintf("gain %s → %s − gain %s → %s", a[0], a[1], a[1], a[2])
	return []contrast{{says, []term{mean(a[1], 2), mean(a[0], -1), mean(a[2], -1)}, 0}}
}

// All claims several things at once.
type All []Claim

func (c All) arms() (labels []string) {
	for _, part := range c {
		labels = append(labels, part.arms()...)
	}
	return labels
}

func (c All) contrasts() (list []contrast) {
	for _, part := range c {
		list = append(list, part.contrasts()...)
	}
	return list
}

// AllBelow claims that every number of a comparison is below a bound. Nothing in
// it is random, so there is no test: the numbers decide.
type AllBelow struct{ Bound float64 }

func (AllBelow) arms() []string        { return nil }
func (AllBelow) contrasts() []contrast { return nil }

func (c AllBelow) judge(g *Gradients) Judgement {
	if g == nil || len(g.Checks) == 0 {
		return Judgement{Tests: []Test{{Says: "gradients", Missing: "gradients were not compared"}}}
	}
	worst := g.Checks[0]
	for _, check := range g.Checks {
		if check.Error > worst.Error || math.IsNaN(check.Error) {
			worst = check
		}
		if math.IsNaN(worst.Error) {
			break // nothing is worse
		}
	}
	j := Judgement{Verdict: DoesNotHold, Tests: []Test{{Says: "largest error, of " + worst.Name, Estimate: worst.Error, Above: c.Bound}}}
	if worst.Error < c.Bound {
		j.Verdict = Holds
	}
	return j
}

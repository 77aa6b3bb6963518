package backendtest

import (
	"regexp"
	"slices"
	"time"

	"glyph"
)

// StepComparison is training steps of a network on two backends, operation by
// operation.
type StepComparison struct {
	Operations []OpComparison
	// Outside is the first operation that was outside its bound on the backend
	// under test; nil where there is none.
	Outside *Judgement
}

// OpComparison is one operation of a step, the largest error of its calls in
// all steps as a share of the bound, and the times of the last, when everything
// is warm.
type OpComparison struct {
	Case                *Case
	Share, AgainstShare float64
	Time, AgainstTime   time.Duration
	Outside             bool // on the backend under test
}

// CompareSteps has run take the given number of training steps of a network on a
// backend, and judges every operation on b and on the other backend (see [Judge]).
// An error from run counts only while all operations are inside their bounds: a
// broken one may produce values that are not finite.
func CompareSteps(b, other glyph.Backend, steps int, run func(b glyph.Backend) error) (c StepComparison, err error) {
	var all []Judgement
	judge := Judge(b, other, func(j Judgement) {
		if len(j.Report.Failures) > 0 && c.Outside == nil {
			c.Outside = &j
		}
		all = append(all, j)
	})
	if err := run(judge); err != nil && c.Outside == nil {
		return c, err
	}
	perStep := len(all) / steps
	for i := range perStep {
		last := all[len(all)-perStep+i]
		op := OpComparison{Case: last.Case, Time: last.Time, AgainstTime: last.AgainstTime}
		for k := i; k < len(all); k += perStep {
			op.Share, op.AgainstShare = max(op.Share, all[k].Report.Share), max(op.AgainstShare, all[k].Against.Share)
			op.Outside = op.Outside || len(all[k].Report.Failures) > 0
		}
		c.Operations = append(c.Operations, op)
	}
	return c, nil
}

// List is the operations that run calls on a backend, which also executes them.
func List(b glyph.Backend, run func(b glyph.Backend) error) (ops []Op, err error) {
	err = run(NewSpy(b, func(c *Case, a Args) {
		c.Call(b, a)
		ops = append(ops, Op{c, a})
	}))
	return ops, err
}

// Time is how long an operation takes, measured for about the given time: by the
// device's own clock where it times its kernels, elsewhere by repeating it.
func (o Op) Time(b glyph.Backend, about time.Duration) (time.Duration, error) {
	again := func() { o.Again(b) }
	took, err := Measure(b, about, func(n int) { b.Repeat(n, again) })
	timer, ok := b.(glyph.Timer)
	if !ok || err != nil {
		return took, err
	}
	n := int(max(5, min(1000, about/max(took, 1))))
	timer.SetTiming(true)
	timer.Times()
	b.Repeat(n, again)
	err = b.Sync()
	var total time.Duration
	for _, k := range timer.Times() {
		total += k.Total
	}
	timer.SetTiming(false)
	if total == 0 {
		return took, err
	}
	return total / time.Duration(n), err
}

// Measure is how long f takes, the median of rounds that take about the given
// time together. f asks for n repetitions.
func Measure(b glyph.Backend, about time.Duration, f func(n int)) (time.Duration, error) {
	f(1) // programs are built, memory is touched
	if err := b.Sync(); err != nil {
		return 0, err
	}
	const rounds = 5
	n := 1
	for {
		took := timed(b, func() { f(n) })
		if took > about/rounds/2 || n >= 1<<20 {
			break
		}
		n *= 2
	}
	var each [rounds]time.Duration
	for i := range each {
		each[i] = timed(b, func() { f(n) }) / time.Duration(n)
	}
	slices.Sort(each[:])
	return each[rounds/2], b.Sync()
}

// moment is the part of a case's name that says when, not what.
var moment = regexp.MustCompile(`,? (of \d+ images|seed|id|step|row) .*?(,.*|:.*|$)`)

// About is what the case works on, just long enough to identify it in a network.
func (c *Case) About() string { return moment.ReplaceAllString(c.Name, "") }

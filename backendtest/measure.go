package backendtest

import (
	"slices"
	"time"

	"glyph"
)

// Op is an operation as a network asks for it, on its operands.
type Op struct {
	Case *Case
	args Args
}

// Again asks the backend for the operation once more.
func (o Op) Again(b glyph.Backend) { o.Case.Call(b, o.args) }

// Bytes is what the operation has to move: each operand once, and twice what it
// updates. Of a table, such as a data set, it counts what is used.
func (o Op) Bytes() int64 { return o.Case.traffic() }

// List is a Spy that runs every operation and adds it to ops.
func List(b glyph.Backend, ops *[]Op) *Spy {
	return NewSpy(b, func(c *Case, a Args) {
		c.Call(b, a)
		*ops = append(*ops, Op{c, a})
	})
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

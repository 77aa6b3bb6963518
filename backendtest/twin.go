package backendtest

import (
	"time"

	"glyph"
)

// Judgement is the result of an operation of a network on two backends, each with
// its largest error as a share of its bound.
type Judgement struct {
	Case        *Case
	Report      Report // of the backend under test
	Against     Report // of the other
	Time        time.Duration
	AgainstTime time.Duration // on the other
}

// Judge is a Spy that runs every operation on a backend and, from the same
// inputs, on another, and holds both to the definition. A network on it continues
// with the results of the first. done is called for each operation.
//
// The definition is in plain loops, so this is slow: use it for a few steps of a
// small batch.
func Judge(b, other glyph.Backend, done func(Judgement)) *Spy {
	var s *Spy
	s = NewSpy(b, func(c *Case, a Args) {
		in := s.Inputs(c, a)
		want := c.Define(in)
		j := Judgement{Case: c}

		p := replica(other, c, in)
		j.AgainstTime = timed(other, p.call)
		j.Against = guarded(func(r *Report) { p.compare(r, want) })
		p.free()

		mine := &placed{b: b, c: c, args: a}
		j.Time = timed(b, mine.call)
		j.Report = guarded(func(r *Report) { mine.compare(r, want) })
		done(j)
	})
	return s
}

// replica places a case with these inputs on another backend.
func replica(b glyph.Backend, c *Case, in Values) *placed {
	a := Args{tensors{}, map[string]glyph.Ints{}, map[string]glyph.Bytes{}}
	for _, o := range c.Tensors {
		t := glyph.NewTensor(b, o.Shape)
		if values, ok := in.Tensor[o.Name]; ok {
			write(b, t, values)
		}
		a.Tensor[o.Name] = t
	}
	for _, o := range c.Ints {
		a.Ints[o.Name] = b.AllocInts(len(in.Ints[o.Name]))
		b.WriteInts(a.Ints[o.Name], in.Ints[o.Name])
	}
	for _, o := range c.Bytes {
		a.Bytes[o.Name] = b.Upload(in.Bytes[o.Name])
	}
	return &placed{b: b, c: c, args: a, layout: apart}
}

// timed is how long an operation takes until its results are there.
func timed(b glyph.Backend, call func()) time.Duration {
	b.Sync() //nolint:errcheck // reading the results tells
	start := time.Now()
	call()
	b.Sync() //nolint:errcheck // as above
	return time.Since(start)
}

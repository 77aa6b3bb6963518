package backendtest

import (
	"fmt"
	"slices"

	"glyph"
)

// memories is the memory of a case's operands by name.
func (a Args) memories() map[string]glyph.Memory {
	m := map[string]glyph.Memory{}
	for name, t := range a.Tensor {
		m[name] = t.Buf
	}
	for name, i := range a.Ints {
		m[name] = i
	}
	for name, p := range a.Bytes {
		m[name] = p
	}
	return m
}

// afterFree: freed memory can't be used by any operation or transfer, nor be
// freed again; a call that is refused leaves the backend as it was.
func afterFree(b glyph.Backend, r *Report) {
	for _, c := range oneEach() {
		in := c.Values()
		for name := range place(b, c, apart, in).args.memories() {
			p := place(b, c, apart, in)
			b.Free(p.args.memories()[name])
			r.panics(fmt.Sprintf("%s of freed %s", c.Op, name), usedAfterFree, p.call)
		}
	}
	t, i, p := glyph.NewTensor(b, glyph.Shape{3}), b.AllocInts(3), b.Upload([]byte{1})
	b.Free(t.Buf, i, p)
	r.panics("Write", usedAfterFree, func() { b.Write(t, make([]float32, 3)) })
	r.panics("Read", usedAfterFree, func() { b.Read(make([]float32, 3), t) })
	r.panics("WriteInts", usedAfterFree, func() { b.WriteInts(i, make([]int32, 3)) })
	r.panics("ReadInts", usedAfterFree, func() { b.ReadInts(make([]int32, 3), i) })
	for _, m := range []glyph.Memory{t.Buf, i, p} {
		r.panics(fmt.Sprintf("Free of %T", m), usedAfterFree, func() { b.Free(m) })
	}
	r.panics("Free of nothing", ofAnother, func() { b.Free(nil) })
}

// foreignMemory: memory of a backend of the same kind can't be used either.
func foreignMemory(open func() glyph.Backend, r *Report) {
	b, other := open(), open()
	for _, c := range oneEach() {
		in := c.Values()
		for name := range place(b, c, apart, in).args.memories() {
			p, theirs := place(b, c, apart, in), place(other, c, apart, in)
			if t, ok := theirs.args.Tensor[name]; ok {
				p.args.Tensor[name] = t
			} else if i, ok := theirs.args.Ints[name]; ok {
				p.args.Ints[name] = i
			} else {
				p.args.Bytes[name] = theirs.args.Bytes[name]
			}
			r.panics(fmt.Sprintf("%s of another's %s", c.Op, name), ofAnother, p.call)
		}
	}
	t, i, p := glyph.NewTensor(other, glyph.Shape{3}), other.AllocInts(3), other.Upload([]byte{1})
	r.panics("Write", ofAnother, func() { b.Write(t, make([]float32, 3)) })
	r.panics("Read", ofAnother, func() { b.Read(make([]float32, 3), t) })
	r.panics("WriteInts", ofAnother, func() { b.WriteInts(i, make([]int32, 3)) })
	r.panics("ReadInts", ofAnother, func() { b.ReadInts(make([]int32, 3), i) })
	for _, m := range []glyph.Memory{t.Buf, i, p} {
		r.panics(fmt.Sprintf("Free of %T", m), ofAnother, func() { b.Free(m) })
	}
	for _, x := range []glyph.Backend{b, other} {
		if err := x.Close(); err != nil {
			r.failf("Close: %v", err)
		}
	}
}

// freeIsDeferred: operations before a Free run as if it weren't there, in a
// recorded step too.
func freeIsDeferred(b glyph.Backend, r *Report) {
	const n = 5000
	want := make([]float64, n)
	src := make([]float32, n)
	for i := range src {
		src[i] = float32(i%251) - 100
		want[i] = float64(src[i])
	}
	for _, repeats := range []int{0, 3} {
		x, h, y := glyph.NewTensor(b, glyph.Shape{n}), glyph.NewTensor(b, glyph.Shape{n}), glyph.NewTensor(b, glyph.Shape{n})
		b.Write(x, src)
		step := func() {
			b.Copy(h, x)
			b.Copy(y, h)
		}
		if repeats > 0 {
			b.Repeat(repeats, step)
		} else {
			step()
		}
		b.Free(x.Buf, h.Buf)
		if got := read(b, y); !slices.Equal(got, want) {
			r.failf("a result is another when its operands are freed, %d repeats", repeats)
		}
	}
}

// freedAndAllocated: memory in the place of freed memory is zeroed, and is what
// operations then use.
func freedAndAllocated(b glyph.Backend, r *Report) {
	const n = 1000
	shape := glyph.Shape{n}
	y := glyph.NewTensor(b, shape)
	for round := range 20 {
		x := glyph.NewTensor(b, shape)
		b.Copy(y, x)
		if v := read(b, y); slices.ContainsFunc(v, func(v float64) bool { return v != 0 }) {
			r.failf("round %d: memory is not zeroed", round)
		}
		src := slices.Repeat([]float32{float32(round + 1)}, n)
		b.Write(x, src)
		b.Copy(y, x)
		if v := read(b, y); v[0] != float64(round+1) || v[n-1] != float64(round+1) {
			r.failf("round %d: copied %v and %v", round, v[0], v[n-1])
		}
		b.Free(x.Buf)
	}
}

// scoped: a Scope computes as its backend does, and its Close frees what was
// allocated through it and nothing else.
func scoped(b glyph.Backend, r *Report) {
	mine := newTrainer(b)
	mine.step()
	s := glyph.NewScope(b)
	t := newTrainer(s)
	t.step()
	early := s.Alloc(3)
	s.Free(early)
	t.b = b // whose reading may be exact
	if !slices.Equal(t.state(), mine.state()) {
		r.failf("a step in a scope gives other bits")
	}
	if err := s.Close(); err != nil {
		r.failf("Close: %v", err)
	}
	if err := s.Close(); err != nil {
		r.failf("a second Close: %v", err)
	}
	for _, m := range []glyph.Memory{t.params.Buf, t.clock, t.set.Images} {
		r.panics(fmt.Sprintf("%T of the scope", m), usedAfterFree, func() { b.Free(m) })
	}
	r.panics("the scope", usedAfterClose, func() { s.Alloc(1) })
	before := mine.state()
	mine.initial()
	mine.step()
	if !slices.Equal(before, mine.state()) {
		r.failf("after a scope is closed the backend gives other bits")
	}
}

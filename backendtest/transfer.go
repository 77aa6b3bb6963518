package backendtest

import (
	"math"
	"slices"

	"glyph"
)

// transfers: what is written is read, elsewhere nothing changes, what is
// allocated is zero, and a source may be reused at once.
func transfers(b glyph.Backend, r *Report) {
	if b.Name() == "" {
		r.failf("Name is empty")
	}
	for _, n := range []int{1, 2, 3, 63, 65, 1000, 70_001} {
		fresh := glyph.NewTensor(b, glyph.Shape{n})
		if v := read(b, fresh); slices.ContainsFunc(v, func(x float64) bool { return math.Float64bits(x) != 0 }) {
			r.failf("Alloc(%d) is not zero", n)
		}
		if fresh.Buf.Len() != n {
			r.failf("Alloc(%d) has %d elements", n, fresh.Buf.Len())
		}
		roundTrip(b, r, fresh)
		i := b.AllocInts(n)
		if v := readInts(b, i); slices.ContainsFunc(v, func(x int32) bool { return x != 0 }) {
			r.failf("AllocInts(%d) is not zero", n)
		}
		words := make([]int32, n)
		for k := range words {
			words[k] = []int32{0, -1, math.MaxInt32, math.MinInt32, 7}[k%5]
		}
		want := slices.Clone(words)
		b.WriteInts(i, words)
		clear(words)
		if !slices.Equal(readInts(b, i), want) {
			r.failf("WriteInts and ReadInts of %d differ", n)
		}
		if i.Len() != n || b.Upload(make([]byte, n)).Len() != n {
			r.failf("Ints or Bytes of %d have another length", n)
		}
	}
	if err := b.Sync(); err != nil {
		r.failf("Sync: %v", err)
	}
}

// roundTrip writes to the middle of t and looks at all of it.
func roundTrip(b glyph.Backend, r *Report, t glyph.Tensor) {
	n := t.Size()
	values := make([]float64, n)
	sprinkled(glyph.NewRand(uint64(n), glyph.StreamTest, 0), values, Values{})
	want := make([]float32, n)
	lo, hi := n/3, n/3+(n+1)/2
	for i := lo; i < hi; i++ {
		want[i] = float32(values[i])
	}
	src := slices.Clone(want[lo:hi])
	b.Write(glyph.Tensor{Buf: t.Buf, Off: lo, Shape: glyph.Shape{hi - lo}}, src)
	clear(src)
	got := make([]float32, n)
	if err := b.Read(got, t); err != nil {
		panic(deviceError{err})
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) && (got[i] == got[i] || want[i] == want[i]) {
			r.failf("%d written from %d to %d: element %d is %g, want %g", n, lo, hi, i, got[i], want[i])
			return
		}
	}
}

// ordered: each operation sees what those before it did, whether or not the
// host waits in between. Two buffers take turns, so that an operation started
// too early reads what is old and one that ends too late overwrites what is
// new.
func ordered(b glyph.Backend, r *Report) {
	l := denseLayer{64, 64, 64, glyph.Activation{Kind: glyph.Tanh}}
	run := func(wait bool) []uint64 {
		p := place(b, l.forward(true), aligned, l.forward(true).Values())
		t := p.args.Tensor
		for range 12 {
			b.Dense(t["y"], t["x"], t["w"], t["b"], l.act)
			if wait {
				b.Sync()
			}
			b.Copy(t["x"], t["y"])
			if wait {
				b.Sync()
			}
		}
		return bitsOf(p.read("y"))
	}
	if !slices.Equal(run(true), run(false)) {
		r.failf("waiting between operations changes the result")
	}
}

//go:build cgo

package gpu

import (
	"math"
	"testing"

	"glyph"
)

func (b *Backend) submissions() (n uint64) {
	b.call(func() { n = uint64(b.state.counts.submissions) })
	return n
}

// A submission ends before the command with which it would hold more arithmetic, or
// more commands, than one may.
func TestSubmissionsAreBounded(t *testing.T) {
	b := open(t)
	y, x := glyph.NewTensor(b, glyph.Shape{64}), glyph.NewTensor(b, glyph.Shape{64})
	step := func(flops float64) func() {
		return func() {
			b.start(b.program(copyKernel, values{128, 1}))
			b.out(y)
			b.in(x)
			b.launch.uniform(64)
			b.run(1, flops)
		}
	}
	for _, c := range []struct {
		flops   float64
		repeats int
		want    uint64
	}{{maxWork * 0.6, 10, 9}, {maxWork * 0.3, 10, 3}, {1000, 1500, 2}} {
		b.call(func() { b.state.unflushed, b.state.work = 0, 0 })
		before := b.submissions()
		b.begin(<-b.free)
		step(c.flops)()
		b.jobs <- job{batch: b.end(), repeats: c.repeats}
		if got := b.submissions() - before; got != c.want {
			t.Errorf("%d commands of %g FLOP are %d submissions, want %d before the last", c.repeats, c.flops, got, c.want)
		}
	}
}

// What is read comes by way of a buffer of its own, in pieces, from any place.
func TestReadsAreStaged(t *testing.T) {
	b := open(t)
	n := stagingSize/4*2 + 1234
	x := glyph.NewTensor(b, glyph.Shape{n + 5})
	src := make([]float32, n+5)
	for i := range src {
		src[i] = float32(i)
	}
	b.Write(x, src)
	part := glyph.Tensor{Buf: x.Buf, Off: 5, Shape: glyph.Shape{n}}
	dst := make([]float32, n)
	if err := b.Read(dst, part); err != nil {
		t.Fatal(err)
	}
	for i, v := range dst {
		if v != float32(i+5) {
			t.Fatalf("element %d is %v", i, v)
		}
	}
	if b.staging == 0 {
		t.Error("nothing was staged")
	}
}

// Numbers that kernels cannot index are refused, whatever the device would take: what the
// last invocation of the largest tensor computes is still an int.
func TestIndexesHaveLimits(t *testing.T) {
	if maxBytes(octets{}) != math.MaxUint32+1 {
		t.Error("bytes are not counted in 32 bits")
	}
	elements, a := maxBytes(floats{})/4, int64(4*1024)
	if last := (elements + a - 1) / a * a; last > math.MaxInt32 || elements < math.MaxInt32*9/10 {
		t.Errorf("%d elements, and %d with the rest of a work group, are not counted in an int", elements, last)
	}
	b := open(t)
	b.device.Limits.StorageBlock = math.MaxInt64
	b.start(b.program(copyKernel, values{128, 1}))
	huge := floats{&buffer{owner: b, c: b.memory(b.Alloc(1)).c, length: 1 << 31, bytes: 4 << 31, size: 4 << 31}}
	b.out(glyph.Tensor{Buf: huge, Shape: glyph.Shape{1 << 31}})
	wantError(t, b.Sync(), "copy.comp", "8.0 GiB", "limit of 8.0 GiB")
	b.err = nil
}

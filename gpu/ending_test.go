//go:build cgo

package gpu

import (
	"fmt"
	"math"
	"testing"

	"glyph"
)

// runFused does a step once, and only as a compiled one: all that it leaves is from that.
func runFused(b *Backend, step func()) (f fused) {
	f = fusedIn(b, step)
	defer b.endRecord()
	b.recordStep(step)
	b.jobs <- job{batch: b.play(b.fuse(), <-b.free), repeats: 1, step: true}
	return f
}

// Pooling and dropout in the stores of a convolution, of its gradient and of a dense
// layer's: windows with a NaN, infinities, zeros of both signs and equal numbers, images of
// odd sizes, and channels that are and aren't read in fours give the bits of one
// operation after the other.
func TestEndings(t *testing.T) {
	t.Parallel()
	b := openFused(t)
	shared := false
	b.forceFixed, b.forceTile = &shared, &tile{16, 16, 4, 4, true, false, 1}
	for _, s := range []glyph.Shape{{2, 5, 7, 4}, {3, 4, 5, 3}, {2, 7, 4, 4}} {
		for _, kept := range []bool{false, true} {
			e := newEndings(b, s)
			e.kept = kept
			e.step()
			want := e.results(t, b)
			for _, x := range append(e.all(), e.y, e.pooled, e.dpooled, e.dropped, e.dflat, e.dflat2) {
				b.Write(x, make([]float32, x.Size()))
			}
			f := runFused(b, e.step)
			got := e.results(t, b)
			if four := one(s[3] == 4); f.pooled != 1 || f.dropped != four || f.unpooled != 1+four || f.undropped != 2*four {
				t.Errorf("%v: fused is %+v", s, f)
			}
			for i := range want {
				if i > 1 || kept {
					sameBits(t, fmt.Sprintf("%v, kept %t: result %d", s, kept, i), got[i], want[i])
				}
			}
		}
	}
}

// endings is the operations around a convolution y (N, H, W, C) and its pooling.
type endings struct {
	b                        *Backend
	kept                     bool
	x, w, y, pooled, drops   glyph.Tensor
	ones, weights            glyph.Tensor // of a convolution and a dense layer behind
	dz, dpooled, dropped, dy glyph.Tensor
	dflat, dflat2, dx, dy2   glyph.Tensor
	copied, copied2          glyph.Tensor
	clock                    glyph.Ints
}

func newEndings(b *Backend, s glyph.Shape) *endings {
	n, c := s[0], s[3]
	tensor := func(s glyph.Shape) glyph.Tensor { return glyph.NewTensor(b, s) }
	small := glyph.Shape{n, s[1] / 2, s[2] / 2, c}
	flat := glyph.Shape{n, small.Sample().Size()}
	e := &endings{b: b, x: tensor(glyph.Shape{n, s[1], s[2], 1}), w: tensor(glyph.Shape{c, 1, 1, 1}), y: tensor(s), copied: tensor(s), copied2: tensor(small),
		pooled: tensor(small), drops: tensor(small), ones: tensor(glyph.Shape{1, 1, 1, c}), weights: tensor(glyph.Shape{1, flat[1]}),
		dz: tensor(glyph.Shape{n, small[1], small[2], 1}), dpooled: tensor(small), dropped: tensor(small), dy: tensor(s),
		dflat: tensor(flat), dflat2: tensor(flat), dx: tensor(glyph.Shape{n, 1}), dy2: tensor(s), clock: b.AllocInts(glyph.ClockLen)}
	r := glyph.NewRand(4, glyph.StreamTest, uint32(s[1]))
	nan, inf, zero := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	values := []float32{nan, inf, -inf, zero, 0, 1, 1, -1, -2, 3, 3, 0.5}
	for _, x := range []glyph.Tensor{e.x, e.dz, e.dx} {
		v := make([]float32, x.Size())
		for i := range v {
			v[i] = values[r.IntN(len(values))]
		}
		b.Write(x, v)
	}
	for _, x := range []glyph.Tensor{e.w, e.ones, e.weights} {
		v := make([]float32, x.Size())
		for i := range v {
			v[i] = []float32{1, -1, 0.5}[i%3]
		}
		b.Write(x, v)
	}
	return e
}

func (e *endings) step() {
	pool, conv, mask := glyph.Pool{Size: 2, Stride: 2}, glyph.Conv{Stride: 1}, glyph.Mask{Rate: 0.4, Seed: 3, ID: 1}
	none := glyph.Tensor{}
	e.b.Conv2D(e.y, e.x, e.w, none, conv, glyph.Leaky(0.5))
	e.b.MaxPool2D(e.pooled, e.y, pool)
	drop := func(y, x glyph.Tensor) glyph.Tensor { // which kernels do in fours
		if e.y.Shape[3]%4 != 0 {
			return x
		}
		e.b.Dropout(y, x, mask, e.clock)
		return y
	}
	drop(e.drops, e.pooled)
	if e.kept {
		e.b.Copy(e.copied, e.y)
		e.b.Copy(e.copied2, e.pooled)
	}
	e.b.Conv2DBackward(e.dpooled, none, none, e.dz, e.dz, e.pooled, e.ones, conv, glyph.Activation{})
	e.b.MaxPool2DBackward(e.dy, drop(e.dropped, e.dpooled), e.pooled, e.y, pool)
	e.b.DenseBackward(e.dflat, none, none, e.dx, e.dx, e.dflat2, e.weights, glyph.Activation{})
	e.b.MaxPool2DBackward(e.dy2, drop(e.dflat2, e.dflat).Reshape(e.pooled.Shape), e.pooled, e.y, pool)
}

// all is what is compared: first what is only where y and pooled are kept.
func (e *endings) all() []glyph.Tensor {
	return []glyph.Tensor{e.copied, e.copied2, e.drops, e.dy, e.dy2}
}

func (e *endings) results(t *testing.T, b *Backend) (list [][]float32) {
	for _, x := range e.all() {
		v := make([]float32, x.Size())
		if err := b.Read(v, x); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

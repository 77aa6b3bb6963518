//go:build cgo

package gpu

import (
	"testing"

	"glyph"
)

// firstLayer is a step of a first convolution alone, of which a test changes one thing.
type firstLayer struct {
	b                     *Backend
	x, t, y, dy, w, dw    glyph.Tensor
	some                  glyph.Tensor // of x, which is convolved; zero for all
	loss, lr, log, copied glyph.Tensor
	set                   glyph.Dataset
	order, clock, clock2  glyph.Ints
	conv                  glyph.Conv
	augmented, after      bool   // the images are, and they are made after they were read
	early, between, late  func() // before the convolution, between it and its gradient, and at the end
}

func newFirstLayer(b *Backend) *firstLayer {
	tensor := func(s ...int) (t glyph.Tensor) { copy(t.Shape[:], s); return glyph.NewTensor(b, t.Shape) }
	nothing := func() {}
	return &firstLayer{b: b, x: tensor(2, 6, 6, 1), t: tensor(2, 4), y: tensor(2, 6, 6, 4), dy: tensor(2, 6, 6, 4), w: tensor(4, 1, 1, 1), dw: tensor(4, 1, 1, 1),
		loss: tensor(2), lr: tensor(1), log: tensor(2, glyph.LogLen), copied: tensor(1), order: b.AllocInts(4), clock: b.AllocInts(glyph.ClockLen), clock2: b.AllocInts(glyph.ClockLen),
		set:  glyph.Dataset{Images: b.Upload(make([]byte, 4*36)), Labels: b.Upload(make([]byte, 4)), Shape: glyph.Shape{4, 6, 6, 1}, Mean: tensor(1), Scale: tensor(1)},
		conv: glyph.Conv{Stride: 1}, early: nothing, between: nothing, late: nothing}
}

func (f *firstLayer) step() {
	b, c, none := f.b, f.conv, glyph.Tensor{}
	switch {
	case f.after:
		defer b.Gather(f.x, f.t, f.set, f.order, f.clock, 0)
	case f.augmented:
		b.GatherAugmented(f.x, f.t, f.set, f.order, f.clock, 0, glyph.Augmentation{Shift: 1}, 1)
	default:
		b.Gather(f.x, f.t, f.set, f.order, f.clock, 0)
	}
	x := f.x
	if !f.some.IsZero() {
		x = f.some
	}
	f.early()
	b.Conv2D(f.y, x, f.w, none, c, glyph.Activation{})
	f.between()
	if f.dw.IsZero() {
		return
	}
	b.Conv2DBackward(none, f.dw, none, f.dy, f.y, x, f.w, c, glyph.Activation{})
	b.Optimize(f.w.Reshape(glyph.Shape{4}), none, none, f.dw.Reshape(glyph.Shape{4}), f.lr, f.clock2, 4, glyph.NewOptimizer(glyph.SGD))
	f.late()
}

// A Gather is done in the loads of a first convolution only where nobody can tell: each case
// is a step where it is, but for one thing that some condition is there for.
func TestGatherHasConditions(t *testing.T) {
	b := openFused(t)
	b.dry = true
	none := glyph.Tensor{}
	for _, c := range []struct {
		name   string
		change func(f *firstLayer)
		want   int // of nodes that gather
	}{
		{"nothing else", func(*firstLayer) {}, 2},
		{"nothing is trained", func(f *firstLayer) { f.dw = none }, 1},
		{"of what is gathered, others read what they may", func(f *firstLayer) {
			logits := glyph.NewTensor(f.b, f.t.Shape)
			f.between = func() {
				f.b.Copy(f.copied, f.set.Mean)
				f.b.SoftmaxCrossEntropy(f.loss, none, none, logits, f.t)
			}
		}, 2},
		{"images are those of the last step", func(f *firstLayer) { f.dw, f.after = none, true }, 0},
		{"images are augmented", func(f *firstLayer) { f.augmented = true }, 0},
		{"images are read before", func(f *firstLayer) { f.early = func() { f.b.L2(f.copied, f.x.Reshape(glyph.Shape{f.x.Size()}), 1) } }, 0},
		{"images are read at the end", func(f *firstLayer) { f.late = func() { f.b.L2(f.copied, f.x.Reshape(glyph.Shape{f.x.Size()}), 1) } }, 0},
		{"images are read by another layer", func(f *firstLayer) {
			pooled := glyph.NewTensor(f.b, glyph.Shape{2, 3, 3, 1})
			f.between = func() { f.b.AvgPool2D(pooled, f.x, glyph.Pool{Size: 2, Stride: 2}) }
		}, 0},
		{"images are overwritten", func(f *firstLayer) {
			zeros := glyph.NewTensor(f.b, f.x.Shape)
			f.between = func() { f.b.Copy(f.x, zeros) }
		}, 0},
		{"a second convolution reads them", func(f *firstLayer) {
			y := glyph.NewTensor(f.b, f.y.Shape)
			f.between = func() { f.b.Conv2D(y, f.x, f.w, none, glyph.Conv{Stride: 1}, glyph.Activation{}) }
		}, 0},
		{"the convolution reads some of them", func(f *firstLayer) {
			f.some, f.y, f.dy = f.x.Head(1), f.y.Head(1), f.dy.Head(1)
		}, 0},
		{"images have three channels", func(f *firstLayer) {
			f.x, f.w, f.dw = glyph.NewTensor(f.b, glyph.Shape{2, 6, 2, 3}), glyph.NewTensor(f.b, glyph.Shape{4, 1, 1, 3}), none
			f.y, f.set.Shape = glyph.NewTensor(f.b, glyph.Shape{2, 6, 2, 4}), glyph.Shape{4, 6, 2, 3}
		}, 0},
		{"filters are a part of the images", func(f *firstLayer) { f.w.Buf, f.w.Off, f.dw = f.x.Buf, f.x.Off, none }, 0},
		{"dy is a part of the images", func(f *firstLayer) {
			f.x = glyph.NewTensor(f.b, glyph.Shape{2, 12, 12, 1})
			f.set.Images, f.set.Shape = f.b.Upload(make([]byte, 4*144)), glyph.Shape{4, 12, 12, 1}
			f.y, f.dy = glyph.NewTensor(f.b, glyph.Shape{2, 6, 6, 4}), glyph.Tensor{Buf: f.x.Buf, Off: f.x.Off, Shape: glyph.Shape{2, 6, 6, 4}}
			f.conv.Stride = 2
		}, 0},
		{"filters are not in fours", func(f *firstLayer) {
			f.y, f.w, f.dw = glyph.NewTensor(f.b, glyph.Shape{2, 6, 6, 3}), glyph.NewTensor(f.b, glyph.Shape{3, 1, 1, 1}), none
		}, 0},
		{"dy is not in fours", func(f *firstLayer) {
			f.dy = glyph.Tensor{Buf: f.b.Alloc(f.dy.Size() + 1), Off: 1, Shape: f.dy.Shape}
		}, 0},
		{"the order is overwritten", func(f *firstLayer) { f.between = func() { f.b.WriteInts(f.order, make([]int32, 4)) } }, 0},
		{"the mean is overwritten", func(f *firstLayer) { f.early = func() { f.b.Copy(f.set.Mean, f.copied) } }, 0},
		{"the clock moves between", func(f *firstLayer) {
			f.between = func() { f.b.Advance(f.clock, f.log, f.loss, none, none) }
		}, 0},
		{"labels are read before", func(f *firstLayer) { f.early = func() { f.b.L2(f.copied, f.t.Reshape(glyph.Shape{f.t.Size()}), 1) } }, 0},
		{"labels are overwritten before", func(f *firstLayer) {
			zeros := glyph.NewTensor(f.b, f.t.Shape)
			f.early = func() { f.b.Copy(f.t, zeros) }
		}, 0},
		{"the convolution overwrites the mean", func(f *firstLayer) {
			f.dw, f.set.Mean = none, glyph.Tensor{Buf: f.y.Buf, Off: f.y.Off, Shape: f.set.Mean.Shape}
		}, 0},
		{"targets lie elsewhere", func(f *firstLayer) { f.t = glyph.Tensor{Buf: f.b.Alloc(pooledMost), Shape: f.t.Shape} }, 0},
		{"labels lie elsewhere", func(f *firstLayer) {
			f.set.Shape[0] = pooledMost + 1
			f.set.Images, f.set.Labels = f.b.Upload(make([]byte, f.set.Shape.Size())), f.b.Upload(make([]byte, pooledMost+1))
		}, 0},
		{"the mean lies elsewhere", func(f *firstLayer) { f.set.Mean = glyph.Tensor{Buf: f.b.Alloc(pooledMost), Shape: f.set.Mean.Shape} }, 0},
		{"the scale lies elsewhere", func(f *firstLayer) { f.set.Scale = glyph.Tensor{Buf: f.b.Alloc(pooledMost), Shape: f.set.Scale.Shape} }, 0},
		{"the order lies elsewhere", func(f *firstLayer) { f.order = f.b.AllocInts(pooledMost) }, 0},
		{"the update goes by another clock", func(f *firstLayer) { f.clock2 = f.b.AllocInts(glyph.ClockLen) }, 0},
	} {
		f := newFirstLayer(b)
		f.clock2 = f.clock
		c.change(f)
		b.flush()
		if got := fusedIn(b, f.step); got.gathered != c.want {
			t.Errorf("%s: %d nodes gather, want %d: %+v", c.name, got.gathered, c.want, got)
		}
	}
}

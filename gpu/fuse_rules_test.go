//go:build cgo

package gpu

import (
	"testing"

	"glyph"
)

// fused is which rules were used for a step.
type fused struct {
	softmax, dx, updates, pair, advance, drop bool
	gathered                                  int // nodes that gather
	pooled, dropped                           int // layers with max pooling and dropout of what they compute,
	unpooled, undropped                       int // and gradients
}

func fusedIn(b *Backend, step func()) (f fused) {
	defer b.endRecord()
	b.recordStep(step)
	for _, n := range b.fuse() {
		f.softmax = f.softmax || n.softmax != nil
		f.dx = f.dx || n.back != nil
		switch {
		case n.softmax != nil:
			f.drop = f.drop || n.drop != nil
		case n.op.backward():
			f.unpooled, f.undropped = f.unpooled+one(n.pool != nil), f.undropped+one(n.drop != nil)
		default:
			f.pooled, f.dropped = f.pooled+one(n.pool != nil), f.dropped+one(n.drop != nil)
		}
		f.updates = f.updates || n.update != nil
		f.pair = f.pair || n.pair != nil
		f.advance = f.advance || n.advance != nil
		f.gathered += one(n.gather != nil)
	}
	return f
}

// A rule is used only where nobody can tell: each case is a step like one that is fused
// whole, but for one thing that some condition of a rule is there for.
func TestFusionHasConditions(t *testing.T) {
	all := fused{softmax: true, dx: true, updates: true, pair: true, advance: true}
	without := func(change func(*fused)) fused { f := all; change(&f); return f }
	noHead := without(func(f *fused) { f.softmax, f.dx = false, false })
	noUpdates := without(func(f *fused) { f.updates, f.pair = false, false })
	for _, c := range []struct {
		name   string
		change func(b *Backend, tr *trainer)
		want   fused
	}{
		{"all", func(*Backend, *trainer) {}, all},
		{"the logits are read at the end", func(b *Backend, tr *trainer) {
			counts := b.AllocInts(100)
			tr.before = func() { b.Confusion(counts, tr.logits, tr.t) }
		}, fused{updates: true, pair: true}},
		{"the loss lies elsewhere", func(b *Backend, tr *trainer) {
			tr.loss = glyph.Tensor{Buf: b.Alloc(pooledMost), Shape: tr.loss.Shape}
		}, fused{updates: true, pair: true}},
		{"the learning rates lie elsewhere", func(b *Backend, tr *trainer) {
			tr.lr = glyph.Tensor{Buf: b.Alloc(pooledMost), Shape: glyph.Shape{1}}
		}, noUpdates},
		{"a loss overwrites what other samples' are made of", func(_ *Backend, tr *trainer) {
			tr.loss = glyph.Tensor{Buf: tr.h.Buf, Shape: tr.loss.Shape}
		}, noHead},
		{"a gradient is read", func(b *Backend, tr *trainer) {
			sum := glyph.NewTensor(b, glyph.Shape{1})
			tr.before = func() { b.L2(sum, tr.g, 2) }
		}, noUpdates},
		{"weights are read after their gradients are made", func(b *Backend, tr *trainer) {
			to := glyph.NewTensor(b, tr.w.Shape)
			tr.before = func() { b.Copy(to, tr.w) }
		}, noUpdates},
		{"padding between gradients is not zero", func(b *Backend, tr *trainer) {
			b.Write(glyph.Tensor{Buf: tr.g.Buf, Off: tr.g.Size() - 1, Shape: glyph.Shape{1}}, []float32{1})
		}, noUpdates},
		{"padding between gradients is written", func(b *Backend, tr *trainer) {
			one := glyph.NewTensor(b, glyph.Shape{1})
			tr.before = func() { b.Copy(glyph.Tensor{Buf: tr.g.Buf, Off: tr.g.Size() - 1, Shape: one.Shape}, one) }
		}, noUpdates},
		{"a second update", func(b *Backend, tr *trainer) {
			tr.before = func() { b.Optimize(tr.w, tr.m, tr.v, tr.g, tr.lr, tr.clock, tr.weights, tr.rule) }
		}, noUpdates},
		{"more parameters than gradients", func(b *Backend, tr *trainer) {
			more := func() glyph.Tensor { return glyph.NewTensor(b, glyph.Shape{tr.w.Size() + glyph.Align}) }
			w, m, v := more(), more(), more()
			g := glyph.Tensor{Buf: tr.g.Buf, Shape: tr.w.Shape}
			g.Shape[0] -= glyph.Align
			tr.w, tr.m, tr.v = w.Head(g.Size()), m.Head(g.Size()), v.Head(g.Size())
			tr.g = g
		}, noUpdates},
		{"something comes after Advance", func(b *Backend, tr *trainer) {
			to := glyph.NewTensor(b, tr.log.Shape)
			tr.after = func() { b.Copy(to, tr.log) }
		}, without(func(f *fused) { f.advance = false })},
		{"the log overwrites the learning rate", func(_ *Backend, tr *trainer) {
			tr.lr = glyph.Tensor{Buf: tr.log.Buf, Off: tr.log.Off, Shape: glyph.Shape{1}}
		}, without(func(f *fused) { f.advance = false })},
		{"a gradient that has to wait is overwritten", func(b *Backend, tr *trainer) {
			back := tr.backward[0]
			zeros := glyph.NewTensor(b, tr.dlogits.Shape)
			tr.backward[0] = func() { b.Copy(tr.dlogits, zeros); back() }
		}, without(func(f *fused) { f.pair = false })},
	} {
		b := openFused(t)
		b.dry = true
		tr := mlp(b, 16)
		c.change(b, tr)
		b.flush()
		if got := fusedIn(b, tr.step); got != c.want {
			t.Errorf("%s: fused is %+v, want %+v", c.name, got, c.want)
		}
	}
	b := openFused(t)
	b.dry = true
	net := cnn(b, 4, [3]int{8, 8, 8})
	if !fusedIn(b, net.step).drop {
		t.Error("the gradient's dropout is not fused")
	}
	to := glyph.NewTensor(b, net.dd.Shape)
	net.before = func() { b.Copy(to, net.dd) }
	if fusedIn(b, net.step).drop {
		t.Error("what a fused dropout does not write is read")
	}
	b = openFused(t)
	b.fuses = false
	tr := mlp(b, 4)
	if asked, compiled := b.StepCost(tr.step); asked != compiled {
		t.Errorf("with fusing off a step is %+v, asked for as %+v", compiled, asked)
	}
}

// The gradient of the last layer's input stays where something reads it before its
// dropout does: next to each other they are, where the last layer is not trained.
func TestDropoutOfReadGradient(t *testing.T) {
	b := openFused(t)
	b.dry = true
	tensor := func(s ...int) (t glyph.Tensor) { copy(t.Shape[:], s); return glyph.NewTensor(b, t.Shape) }
	x, w, logits, dlogits, labels := tensor(16, 256), tensor(10, 256), tensor(16, 10), tensor(16, 10), tensor(16, 10)
	dx, dropped, copied, loss, clock := tensor(16, 256), tensor(16, 256), tensor(16, 256), tensor(16), b.AllocInts(glyph.ClockLen)
	for _, read := range []bool{false, true} {
		got := fusedIn(b, func() {
			b.Dense(logits, x, w, glyph.Tensor{}, glyph.Activation{})
			b.SoftmaxCrossEntropy(loss, glyph.Tensor{}, dlogits, logits, labels)
			b.DenseBackward(dx, glyph.Tensor{}, glyph.Tensor{}, dlogits, logits, x, w, glyph.Activation{})
			if read {
				b.Copy(copied, dx)
			}
			b.Dropout(dropped, dx, glyph.Mask{Rate: 0.5}, clock)
		})
		if !got.dx || got.drop == read {
			t.Errorf("with the gradient read: %t, fused is %+v", read, got)
		}
	}
}

// Pooling's backward pass and dropout follow in a gradient's kernel only where the gradient
// is still there, nobody else reads it, and nothing is overwritten that is needed.
func TestEndingsHaveConditions(t *testing.T) {
	b := openFused(t)
	b.dry = true
	e := newEndings(b, glyph.Shape{2, 4, 4, 4})
	pool, none, nothing := glyph.Pool{Size: 2, Stride: 2}, glyph.Tensor{}, func() {}
	like := func(x glyph.Tensor) glyph.Tensor { return glyph.NewTensor(b, x.Shape) }
	small, large, flat := like(e.dpooled), like(e.y), like(e.dflat)
	over := glyph.Tensor{Buf: e.dy.Buf, Off: e.dy.Off, Shape: e.dz.Shape}
	for _, c := range []struct {
		name           string
		between, after func()
		dz             glyph.Tensor
		want           fused
	}{
		{"nothing else", nothing, nothing, e.dz, fused{unpooled: 1, undropped: 1}},
		{"the gradients are read", nothing, func() { b.Copy(small, e.dpooled); b.Copy(flat, e.dflat) }, e.dz, fused{}},
		{"the gradients are overwritten", func() { b.Copy(e.dpooled, small); b.Copy(e.dflat, flat) }, nothing, e.dz, fused{}},
		{"y is overwritten", func() { b.Copy(e.y, large) }, nothing, e.dz, fused{undropped: 1}},
		{"the result overwrites what the gradient is made of", nothing, nothing, over, fused{undropped: 1}},
	} {
		got := fusedIn(b, func() {
			b.Conv2DBackward(e.dpooled, none, none, c.dz, c.dz, e.pooled, e.ones, glyph.Conv{Stride: 1}, glyph.Activation{})
			b.DenseBackward(e.dflat, none, none, e.dx, e.dx, e.dflat2, e.weights, glyph.Activation{})
			c.between()
			b.MaxPool2DBackward(e.dy, e.dpooled, e.pooled, e.y, pool)
			b.Dropout(e.dflat2, e.dflat, glyph.Mask{Rate: 0.5}, e.clock)
			c.after()
		})
		if got != c.want {
			t.Errorf("%s: fused is %+v, want %+v", c.name, got, c.want)
		}
	}
}

//go:build cgo

package gpu

import (
	"math"
	"strings"
	"testing"

	"glyph"
)

// trainer is a small network's tensors and its training step, written out:
// what package models builds.
type trainer struct {
	b                 glyph.Backend
	set               glyph.Dataset
	order, clock      glyph.Ints
	x, t              glyph.Tensor
	loss, hits, log   glyph.Tensor
	lr, w, g, m, v    glyph.Tensor
	weights           int
	rule              glyph.Optimizer
	forward, backward []func()
	logits, dlogits   glyph.Tensor
	h                 glyph.Tensor // of an mlp
	dd                glyph.Tensor // of a cnn: the gradient of the last layer's input
	before, after     func()       // the update, and the step, or nil
}

const trainImages = 96

func newTrainer(b glyph.Backend, batch int, params []glyph.Shape) (*trainer, []glyph.Tensor, []glyph.Tensor) {
	tr := &trainer{b: b, rule: glyph.NewOptimizer(glyph.Adam)}
	tr.rule.L2 = 1e-4
	r := glyph.NewRand(3, glyph.StreamTest, 1)
	images, labels := make([]byte, trainImages*784), make([]byte, trainImages)
	for i := range labels {
		labels[i] = byte(i % 10)
		for k := range 784 {
			if (k/28+3*int(labels[i]))%10 < 3 {
				images[i*784+k] = byte(100 + r.IntN(100))
			}
		}
	}
	scalar := func(v float32) glyph.Tensor {
		t := glyph.NewTensor(b, glyph.Shape{1})
		b.Write(t, []float32{v})
		return t
	}
	tr.set = glyph.Dataset{Images: b.Upload(images), Labels: b.Upload(labels), Shape: glyph.Shape{trainImages, 28, 28, 1},
		Mean: scalar(48), Scale: scalar(1.0 / 88)}
	order := make([]int32, trainImages)
	for i := range order {
		order[i] = int32(i)
	}
	r.Shuffle(order)
	tr.order, tr.clock = b.AllocInts(trainImages), b.AllocInts(glyph.ClockLen)
	b.WriteInts(tr.order, order)
	tr.x = glyph.NewTensor(b, glyph.Shape{batch, 28, 28, 1})
	tr.t = glyph.NewTensor(b, glyph.Shape{batch, 10})
	tr.loss, tr.hits = glyph.NewTensor(b, glyph.Shape{batch}), glyph.NewTensor(b, glyph.Shape{batch})
	tr.log = glyph.NewTensor(b, glyph.Shape{32, glyph.LogLen})
	tr.lr = scalar(1e-3)
	total := 0
	for _, s := range params {
		total += glyph.AlignUp(s.Size())
		if s.Rank() > 1 {
			tr.weights = total
		}
	}
	arena := func() glyph.Tensor { return glyph.NewTensor(b, glyph.Shape{total}) }
	tr.w, tr.g, tr.m, tr.v = arena(), arena(), arena(), arena()
	at, start := 0, make([]float32, total)
	var ws, gs []glyph.Tensor
	for _, s := range params {
		ws = append(ws, glyph.Tensor{Buf: tr.w.Buf, Off: at, Shape: s})
		gs = append(gs, glyph.Tensor{Buf: tr.g.Buf, Off: at, Shape: s})
		if s.Rank() > 1 {
			for i := range s.Size() {
				start[at+i] = float32(r.Normal() * math.Sqrt(2/float64(s.Size()/s[0])))
			}
		}
		at += glyph.AlignUp(s.Size())
	}
	b.Write(tr.w, start)
	return tr, ws, gs
}

func (tr *trainer) step() {
	tr.b.Gather(tr.x, tr.t, tr.set, tr.order, tr.clock, 0.1)
	for _, f := range tr.forward {
		f()
	}
	tr.b.SoftmaxCrossEntropy(tr.loss, tr.hits, tr.dlogits, tr.logits, tr.t)
	for i := len(tr.backward) - 1; i >= 0; i-- {
		tr.backward[i]()
	}
	if tr.before != nil {
		tr.before()
	}
	tr.b.Optimize(tr.w, tr.m, tr.v, tr.g, tr.lr, tr.clock, tr.weights, tr.rule)
	tr.b.Advance(tr.clock, tr.log, tr.loss, tr.hits, glyph.Tensor{})
	if tr.after != nil {
		tr.after()
	}
}

func (tr *trainer) add(forward, backward func()) {
	tr.forward = append(tr.forward, forward)
	tr.backward = append(tr.backward, backward)
}

// result is the log and the weights.
func (tr *trainer) result(t *testing.T) (log, w []float32) {
	t.Helper()
	log, w = make([]float32, tr.log.Size()), make([]float32, tr.w.Size())
	for _, r := range []struct {
		dst []float32
		src glyph.Tensor
	}{{log, tr.log}, {w, tr.w}} {
		if err := tr.b.Read(r.dst, r.src); err != nil {
			t.Fatal(err)
		}
	}
	return log, w
}

// mlp is 784-256-10.
func mlp(b glyph.Backend, batch int) *trainer {
	const hidden = 256
	tr, w, g := newTrainer(b, batch, []glyph.Shape{{hidden, 784}, {10, hidden}, {hidden}, {10}})
	relu := glyph.Activation{Kind: glyph.ReLU}
	x := tr.x.Reshape(glyph.Shape{batch, 784})
	h, dh := glyph.NewTensor(b, glyph.Shape{batch, hidden}), glyph.NewTensor(b, glyph.Shape{batch, hidden})
	tr.h = h
	tr.logits, tr.dlogits = glyph.NewTensor(b, glyph.Shape{batch, 10}), glyph.NewTensor(b, glyph.Shape{batch, 10})
	tr.add(func() { b.Dense(h, x, w[0], w[2], relu) },
		func() { b.DenseBackward(glyph.Tensor{}, g[0], g[2], dh, h, x, w[0], relu) })
	tr.add(func() { b.Dense(tr.logits, h, w[1], w[3], glyph.Activation{}) },
		func() { b.DenseBackward(dh, g[1], g[3], tr.dlogits, tr.logits, h, w[1], glyph.Activation{}) })
	return tr
}

// cnn is the preset of that name: three times a 3×3 convolution and a pooling,
// then dense layers of 256, with dropout before and after, and of 10.
func cnn(b glyph.Backend, batch int, channels [3]int) *trainer {
	c := channels
	tr, w, g := newTrainer(b, batch, []glyph.Shape{{c[0], 3, 3, 1}, {c[1], 3, 3, c[0]}, {c[2], 3, 3, c[1]},
		{256, 9 * c[2]}, {10, 256}, {c[0]}, {c[1]}, {c[2]}, {256}, {10}})
	relu, conv, pool := glyph.Activation{Kind: glyph.ReLU}, glyph.Conv{Stride: 1, Pad: 1}, glyph.Pool{Size: 2, Stride: 2}
	x, dx := tr.x, glyph.Tensor{}
	both := func(s glyph.Shape) (glyph.Tensor, glyph.Tensor) { return glyph.NewTensor(b, s), glyph.NewTensor(b, s) }
	for i := range 3 {
		x0, dx0, wi, bi, gw, gb := x, dx, w[i], w[5+i], g[i], g[5+i]
		size := x0.Shape[1]
		y, dy := both(glyph.Shape{batch, size, size, c[i]})
		p, dp := both(glyph.Shape{batch, size / 2, size / 2, c[i]})
		tr.add(func() { b.Conv2D(y, x0, wi, bi, conv, relu) },
			func() { b.Conv2DBackward(dx0, gw, gb, dy, y, x0, wi, conv, relu) })
		tr.add(func() { b.MaxPool2D(p, y, pool) }, func() { b.MaxPool2DBackward(dy, dp, p, y, pool) })
		x, dx = p, dp
	}
	flat := glyph.Shape{batch, 9 * c[2]}
	x, dx = x.Reshape(flat), dx.Reshape(flat)
	h, dh := both(glyph.Shape{batch, 256})
	d, dd := both(glyph.Shape{batch, 256})
	e, de := both(flat)
	mask, mask2 := glyph.Mask{Rate: 0.25, Seed: 9, ID: 1}, glyph.Mask{Rate: 0.25, Seed: 9, ID: 2}
	tr.logits, tr.dlogits = both(glyph.Shape{batch, 10})
	tr.dd = dd
	tr.add(func() { b.Dropout(e, x, mask, tr.clock) }, func() { b.Dropout(dx, de, mask, tr.clock) })
	tr.add(func() { b.Dense(h, e, w[3], w[8], relu) },
		func() { b.DenseBackward(de, g[3], g[8], dh, h, e, w[3], relu) })
	tr.add(func() { b.Dropout(d, h, mask2, tr.clock) }, func() { b.Dropout(dh, dd, mask2, tr.clock) })
	tr.add(func() { b.Dense(tr.logits, d, w[4], w[9], glyph.Activation{}) },
		func() { b.DenseBackward(dd, g[4], g[9], tr.dlogits, tr.logits, d, w[4], glyph.Activation{}) })
	return tr
}

// perStep runs two steps after a first one, of which one is compiled, and counts what
// both asked of the device.
func perStep(t *testing.T, b *Backend, tr *trainer) (dispatches, barriers int) {
	t.Helper()
	b.Repeat(1, tr.step)
	if err := b.Sync(); err != nil {
		t.Fatal(err)
	}
	before := b.Counts()
	b.Repeat(2, tr.step)
	s := b.Counts().Sub(before)
	if s.Transfers != 0 || s.Waits != 0 {
		t.Errorf("two steps made %d transfers and %d waits, want none", s.Transfers, s.Waits)
	}
	return int(s.Dispatches), int(s.Barriers)
}

// The choices made for a GPU are counted and not run: what they are is known
// before, and software OpenGL would compile for a minute.
func TestStepCounts(t *testing.T) {
	for _, c := range []struct {
		name            string
		make            func(glyph.Backend) *trainer
		asked, compiled int
	}{
		{"mlp 784-256-10, batch 16", func(b glyph.Backend) *trainer { return mlp(b, 16) }, 8, 4},
		{"mlp 784-256-10, batch 128", func(b glyph.Backend) *trainer { return mlp(b, 128) }, 8, 4},
		{"cnn 32-64-64, batch 8", func(b glyph.Backend) *trainer { return cnn(b, 8, [3]int{32, 64, 64}) }, 26, 13},
	} {
		for i, how := range []string{"as this device does", "counted alone", "choices for hardware"} {
			if i == 0 && c.compiled != 4 || i == 0 && strings.Contains(c.name, "128") {
				continue // one is enough to show that what is counted is what is run
			}
			b := openFused(t)
			b.dry = i > 0
			b.device.Software = b.device.Software && i < 2
			tr := c.make(b)
			asked, compiled := b.StepCost(tr.step)
			t.Logf("%s, %s: %+v, compiled %+v", c.name, how, asked, compiled)
			if asked.Dispatches > c.asked || compiled.Dispatches > c.compiled || compiled.Barriers > compiled.Dispatches {
				t.Errorf("%s: %d and %d dispatches a step, want at most %d and %d", c.name, asked.Dispatches, compiled.Dispatches, c.asked, c.compiled)
			}
			if compiled.Bytes >= asked.Bytes || compiled.Bindings >= asked.Bindings {
				t.Errorf("%s: compiling saves nothing: %+v, %+v", c.name, asked, compiled)
			}
			dispatches, barriers := perStep(t, b, tr)
			if dispatches != asked.Dispatches+compiled.Dispatches || barriers != asked.Barriers+compiled.Barriers {
				t.Errorf("%s: two steps have %d dispatches and %d barriers", c.name, dispatches, barriers)
			}
		}
	}
}

// A repeated step does what the step called again and again does, and the same
// run gives the same bits.
func TestRepeatIsTheSameAsCalls(t *testing.T) {
	const steps = 6
	run := func(how func(b *Backend, step func())) (log, w []float32) {
		b := open(t)
		tr := cnn(b, 4, [3]int{8, 8, 8})
		how(b, tr.step)
		return tr.result(t)
	}
	log, w := run(func(b *Backend, step func()) { b.Repeat(steps, step) })
	for name, how := range map[string]func(b *Backend, step func()){
		"calls": func(_ *Backend, step func()) {
			for range steps {
				step()
			}
		},
		"the same": func(b *Backend, step func()) { b.Repeat(steps, step) },
		"in parts": func(b *Backend, step func()) {
			b.Repeat(2, step)
			step()
			b.Repeat(1, func() { b.Repeat(2, step) })
			b.Repeat(0, step)
			step()
		},
	} {
		log2, w2 := run(how)
		for i := range log {
			if math.Float32bits(log[i]) != math.Float32bits(log2[i]) {
				t.Errorf("%s: log[%d] is %v, want %v", name, i, log2[i], log[i])
			}
		}
		for i := range w {
			if math.Float32bits(w[i]) != math.Float32bits(w2[i]) {
				t.Fatalf("%s: w[%d] is %v, want %v", name, i, w2[i], w[i])
			}
		}
	}
	if log[0] == 0 || w[0] == 0 {
		t.Error("nothing was computed")
	}
}

// After the first call a step allocates nothing, called or repeated.
func TestStepAllocatesNothing(t *testing.T) {
	b := openFused(t)
	tr := mlp(b, 4)
	step := func() {
		tr.step()
		b.GatherAugmented(tr.x, tr.t, tr.set, tr.order, tr.clock, 0.1, glyph.Augmentation{Shift: 2, Rotation: 10}, 1)
	}
	repeat := func() { b.Repeat(3, step) }
	for name, f := range map[string]func(){"called": step, "repeated": repeat} {
		for range 2 * batchesInFlight {
			f()
		}
		if err := b.Sync(); err != nil { // the thread, too, has compiled all
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, f); n != 0 {
			t.Errorf("a step %s allocates %v times", name, n)
		}
	}
}

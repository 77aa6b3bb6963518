package backendtest

import (
	"glyph"
)

// Spy is a Backend that hands every operation, as a case with its operands, to a
// function, which may call it or not. A real network can so be judged, timed or
// listed operation by operation. Copy is not handed over: it moves state and is
// not part of a step.
//
// Spy embeds a Device and implements Operations method by method, so that a new
// operation can't be overlooked: without it, Spy does not implement Backend.
type Spy struct {
	glyph.Device
	do func(c *Case, a Args)

	backend glyph.Backend
	bytes   map[glyph.Bytes][]byte // what can't be read back
}

var _ glyph.Backend = (*Spy)(nil)

// NewSpy makes a Spy of b that hands operations to do.
func NewSpy(b glyph.Backend, do func(c *Case, a Args)) *Spy {
	return &Spy{Device: b, backend: b, do: do, bytes: map[glyph.Bytes][]byte{}}
}

// Upload keeps a copy on the host.
func (s *Spy) Upload(src []byte) glyph.Bytes {
	b := s.Device.Upload(src)
	s.bytes[b] = append([]byte(nil), src...)
	return b
}

// Free forgets the copies.
func (s *Spy) Free(memory ...glyph.Memory) {
	s.Device.Free(memory...)
	for _, m := range memory {
		if b, ok := m.(glyph.Bytes); ok {
			delete(s.bytes, b)
		}
	}
}

// Repeat calls step n times: a recorded step could not be inspected.
func (s *Spy) Repeat(n int, step func()) {
	for range n {
		step()
	}
}

// Inputs reads the operands of an operation, as the definition takes them.
func (s *Spy) Inputs(c *Case, a Args) Values {
	in := Values{map[string][]float64{}, map[string][]int32{}, map[string][]byte{}}
	for _, o := range c.Tensors {
		if o.Fill != nil {
			in.Tensor[o.Name] = read(s.backend, a.Tensor[o.Name])
		}
	}
	for _, o := range c.Ints {
		in.Ints[o.Name] = readInts(s.backend, a.Ints[o.Name])
	}
	for _, o := range c.Bytes {
		in.Bytes[o.Name] = s.bytes[a.Bytes[o.Name]]
	}
	return in
}

type tensors map[string]glyph.Tensor

// wanted lists which of the names have a tensor.
func (t tensors) wanted(names ...string) (given []string) {
	for _, name := range names {
		if !t[name].IsZero() {
			given = append(given, name)
		}
	}
	return given
}

func (s *Spy) call(c *Case, t tensors, clock glyph.Ints) {
	a := Args{Tensor: t}
	if clock != nil {
		a.Ints = map[string]glyph.Ints{"clock": clock}
	}
	s.do(c, a)
}

// Copy copies on the backend.
func (s *Spy) Copy(dst, src glyph.Tensor) { s.backend.Copy(dst, src) }

// Gather hands over Gather.
func (s *Spy) Gather(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) {
	glyph.CheckGather(x, t, set, order, clock, smoothing)
	s.gather(GatherCase(x.Shape[0], t.Shape[1], order.Len(), set.Shape, set.Mean.Size() > 1, smoothing), x, t, set, order, clock)
}

// GatherAugmented hands over GatherAugmented.
func (s *Spy) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	glyph.CheckGatherAugmented(x, t, set, order, clock, smoothing, a)
	c := GatherAugmentedCase(x.Shape[0], t.Shape[1], order.Len(), set.Shape, set.Mean.Size() > 1, smoothing, a, seed)
	s.gather(c, x, t, set, order, clock)
}

func (s *Spy) gather(c *Case, x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints) {
	s.do(c, Args{
		Tensor: tensors{"x": x, "t": t, "mean": set.Mean, "scale": set.Scale},
		Ints:   map[string]glyph.Ints{"order": order, "clock": clock},
		Bytes:  map[string]glyph.Bytes{"images": set.Images, "labels": set.Labels},
	})
}

// Dense hands over Dense.
func (s *Spy) Dense(y, x, w, b glyph.Tensor, act glyph.Activation) {
	glyph.CheckDense(y, x, w, b, act)
	s.call(DenseCase(x.Shape[0], x.Shape[1], w.Shape[0], !b.IsZero(), act), tensors{"y": y, "x": x, "w": w, "b": b}, nil)
}

// DenseBackward hands over DenseBackward.
func (s *Spy) DenseBackward(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
	glyph.CheckDenseBackward(dx, dw, db, dy, y, x, w, act)
	t := tensors{"dx": dx, "dw": dw, "db": db, "dy": dy, "y": y, "x": x, "w": w}
	s.call(DenseBackwardCase(x.Shape[0], x.Shape[1], w.Shape[0], act, t.wanted("dx", "dw", "db")...), t, nil)
}

// Conv2D hands over Conv2D.
func (s *Spy) Conv2D(y, x, w, b glyph.Tensor, g glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2D(y, x, w, b, g, act)
	s.call(Conv2DCase(x.Shape, w.Shape, !b.IsZero(), g, act), tensors{"y": y, "x": x, "w": w, "b": b}, nil)
}

// Conv2DBackward hands over Conv2DBackward.
func (s *Spy) Conv2DBackward(dx, dw, db, dy, y, x, w glyph.Tensor, g glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2DBackward(dx, dw, db, dy, y, x, w, g, act)
	t := tensors{"dx": dx, "dw": dw, "db": db, "dy": dy, "y": y, "x": x, "w": w}
	s.call(Conv2DBackwardCase(x.Shape, w.Shape, g, act, t.wanted("dx", "dw", "db")...), t, nil)
}

// MaxPool2D hands over MaxPool2D.
func (s *Spy) MaxPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2D(y, x, p)
	s.call(MaxPool2DCase(x.Shape, p), tensors{"y": y, "x": x}, nil)
}

// MaxPool2DBackward hands over MaxPool2DBackward.
func (s *Spy) MaxPool2DBackward(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2DBackward(dx, dy, y, x, p)
	s.call(MaxPool2DBackwardCase(x.Shape, p), tensors{"dx": dx, "dy": dy, "y": y, "x": x}, nil)
}

// AvgPool2D hands over AvgPool2D.
func (s *Spy) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2D(y, x, p)
	s.call(AvgPool2DCase(x.Shape, p), tensors{"y": y, "x": x}, nil)
}

// AvgPool2DBackward hands over AvgPool2DBackward.
func (s *Spy) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2DBackward(dx, dy, p)
	s.call(AvgPool2DBackwardCase(dx.Shape, p), tensors{"dx": dx, "dy": dy}, nil)
}

// GlobalPool2D hands over GlobalPool2D.
func (s *Spy) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2D(y, x, k)
	s.call(GlobalPool2DCase(x.Shape, k), tensors{"y": y, "x": x}, nil)
}

// GlobalPool2DBackward hands over GlobalPool2DBackward.
func (s *Spy) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2DBackward(dx, dy, y, x, k)
	s.call(GlobalPool2DBackwardCase(x.Shape, k), tensors{"dx": dx, "dy": dy, "y": y, "x": x}, nil)
}

// Add hands over Add.
func (s *Spy) Add(y, a, b glyph.Tensor, act glyph.Activation) {
	glyph.CheckAdd(y, a, b, act)
	s.call(AddCase(y.Shape, act), tensors{"y": y, "a": a, "b": b}, nil)
}

// AddBackward hands over AddBackward.
func (s *Spy) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	glyph.CheckAddBackward(dx, dy, y, act)
	s.call(AddBackwardCase(dx.Shape, act), tensors{"dx": dx, "dy": dy, "y": y}, nil)
}

// BatchNorm2D hands over BatchNorm2D.
func (s *Spy) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
	t := tensors{"y": y, "kept": kept, "mean": mean, "variance": variance, "x": x, "gamma": gamma, "beta": beta}
	s.call(BatchNorm2DCase(x.Shape, n, act), t, nil)
}

// BatchNorm2DBackward hands over BatchNorm2DBackward.
func (s *Spy) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	glyph.CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
	t := tensors{"dx": dx, "dgamma": dgamma, "dbeta": dbeta, "dy": dy, "y": y, "x": x, "gamma": gamma, "kept": kept}
	s.call(BatchNorm2DBackwardCase(x.Shape, act, t.wanted("dx", "dgamma", "dbeta")...), t, nil)
}

// BatchNorm2DInference hands over BatchNorm2DInference.
func (s *Spy) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
	t := tensors{"y": y, "x": x, "gamma": gamma, "beta": beta, "mean": mean, "variance": variance}
	s.call(BatchNorm2DInferenceCase(x.Shape, n, act), t, nil)
}

// Dropout hands over Dropout.
func (s *Spy) Dropout(y, x glyph.Tensor, m glyph.Mask, clock glyph.Ints) {
	glyph.CheckDropout(y, x, m, clock)
	s.call(DropoutCase(x.Size(), m), tensors{"y": y.Flat(), "x": x.Flat()}, clock)
}

// SoftmaxCrossEntropy hands over SoftmaxCrossEntropy.
func (s *Spy) SoftmaxCrossEntropy(loss, hits, dlogits, logits, t glyph.Tensor) {
	glyph.CheckSoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
	operands := tensors{"loss": loss, "hits": hits, "dlogits": dlogits, "logits": logits, "t": t}
	c := SoftmaxCrossEntropyCase(logits.Shape[0], logits.Shape[1], operands.wanted("loss", "hits", "dlogits")...)
	s.call(c, operands, nil)
}

// L2 hands over L2.
func (s *Spy) L2(penalty, w glyph.Tensor, lambda float32) {
	glyph.CheckL2(penalty, w, lambda)
	s.call(L2Case(w.Size(), lambda), tensors{"penalty": penalty, "w": w}, nil)
}

// Optimize hands over Optimize.
func (s *Spy) Optimize(w, m, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
	glyph.CheckOptimize(w, m, v, g, lr, clock, weights, o)
	s.call(OptimizeCase(w.Size(), weights, lr.Size(), o), tensors{"w": w, "m": m, "v": v, "g": g, "lr": lr}, clock)
}

// MovingAverage hands over MovingAverage.
func (s *Spy) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	glyph.CheckMovingAverage(average, w, decay, clock)
	s.call(MovingAverageCase(w.Size(), decay), tensors{"average": average, "w": w}, clock)
}

// Advance hands over Advance.
func (s *Spy) Advance(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
	glyph.CheckAdvance(clock, log, loss, hits, penalty)
	t := tensors{"log": log, "loss": loss, "hits": hits, "penalty": penalty}
	rows := 1
	if !log.IsZero() {
		rows = log.Shape[0]
	}
	s.call(AdvanceCase(loss.Shape[0], rows, t.wanted("log", "hits", "penalty")...), t, clock)
}

// Confusion hands over Confusion.
func (s *Spy) Confusion(counts glyph.Ints, logits, t glyph.Tensor) {
	glyph.CheckConfusion(counts, logits, t)
	s.do(ConfusionCase(logits.Shape[0], logits.Shape[1]),
		Args{Tensor: tensors{"logits": logits, "t": t}, Ints: map[string]glyph.Ints{"counts": counts}})
}

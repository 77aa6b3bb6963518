package timing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"glyph"
	"glyph/backendtest"
	"glyph/models"
	"glyph/train"
)

// measurement is of one network on one backend.
type measurement struct {
	ctx  context.Context
	b    glyph.Backend
	spec models.Spec
	data train.Data
	each time.Duration
	copy map[int64]float64 // GB/s of Copy, by the bytes that it moves
}

func options(batch int) train.Options {
	return train.Options{Epochs: 1, Batch: batch, LR: 0.01, Seed: 1}
}

// stepper builds the network for a batch, in the scope b.
func (m measurement) stepper(b glyph.Backend, opt train.Options) (*models.Network, *train.Stepper, error) {
	net, err := models.New(b, m.spec, opt.Batch)
	if err != nil {
		return nil, nil, err
	}
	net.Init(opt.Seed)
	stepper, err := train.NewStepper(b, net, m.data, opt)
	return net, stepper, err
}

// list is the operations of a step. With augmentation it differs in how it
// gathers, and has that operation beside the other.
func (m measurement) list(b glyph.Backend, batch int) ([]backendtest.Op, error) {
	var both [2][]backendtest.Op
	for i := range both {
		opt := options(batch)
		if i > 0 {
			opt.Augment = glyph.DefaultAugmentation()
		}
		ops, err := backendtest.List(b, func(b glyph.Backend) error {
			_, stepper, err := m.stepper(b, opt)
			if err == nil {
				stepper.Take(1)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		both[i] = ops
	}
	return slices.Insert(both[0], 1, both[1][0]), nil
}

// operations measures the operations of a step one by one.
func (m measurement) operations(batch int, peak *Report) (list []Operation, err error) {
	b := glyph.NewScope(m.b)
	defer func() { err = cmp.Or(err, b.Close()) }()
	ops, err := m.list(b, batch)
	if err != nil {
		return nil, err
	}
	for _, op := range ops {
		if err := m.ctx.Err(); err != nil {
			return nil, err
		}
		took, err := op.Time(m.b, m.each)
		if err != nil {
			return nil, err
		}
		s := took.Seconds()
		o := Operation{
			Model: m.spec.Model, Batch: batch, Op: op.Case.Op, Shape: op.Case.About(), Seconds: s,
			GFLOPS: op.Case.FLOPs / s / 1e9, GBytes: float64(op.Bytes()) / s / 1e9,
		}
		if peak.PeakFLOPS > 0 {
			o.Roofline = op.Case.FLOPs / peak.PeakFLOPS / s
		}
		if peak.PeakBytes > 0 {
			o.Roofline = max(o.Roofline, float64(op.Bytes())/peak.PeakBytes/s)
		}
		if peak.PeakBytes == 0 && op.Case.FLOPs == 0 && op.Bytes() >= leastCopy {
			if o.CopyGBytes, err = m.copySpeed(op.Bytes()); err != nil {
				return nil, err
			}
		}
		list = append(list, o)
	}
	return list, nil
}

// leastCopy is how many bytes an operation moves for memory to bound it, and not what
// it takes to start it.
const leastCopy = 1 << 20

// copySpeed is the GB/s of a Copy that moves as many bytes, half of them read and half
// written, so that they lie in the same caches.
func (m measurement) copySpeed(bytes int64) (float64, error) {
	if speed, known := m.copy[bytes]; known {
		return speed, nil
	}
	b := glyph.NewScope(m.b)
	shape := glyph.Shape{int(bytes / 8)}
	dst, src := glyph.NewTensor(b, shape), glyph.NewTensor(b, shape)
	b.Write(src, make([]float32, shape.Size()))
	took, err := backendtest.Measure(b, m.each, func(n int) { b.Repeat(n, func() { b.Copy(dst, src) }) })
	if err = cmp.Or(err, b.Close()); err != nil {
		return 0, err
	}
	m.copy[bytes] = float64(bytes) / took.Seconds() / 1e9
	return m.copy[bytes], nil
}

// step measures a whole training step, recorded as training does.
func (m measurement) step(batch int) (s Step, err error) {
	if err := m.ctx.Err(); err != nil {
		return s, err
	}
	b := glyph.NewScope(m.b)
	defer func() { err = cmp.Or(err, b.Close()) }()
	net, stepper, err := m.stepper(b, options(batch))
	if err != nil {
		return s, err
	}
	took, err := backendtest.Measure(b, 5*m.each, stepper.Take)
	if err != nil {
		return s, err
	}
	flops := 0
	for _, stage := range net.Stages() {
		flops += stage.TrainingFLOPs
	}
	s = Step{
		Model: m.spec.Model, Batch: batch, Seconds: took.Seconds(),
		ImagesPerSecond: float64(batch) / took.Seconds(),
		Epoch:           60000 / float64(batch) * took.Seconds(),
		GFLOPS:          float64(batch*flops) / took.Seconds() / 1e9,
	}
	if g, ok := m.b.(glyph.Counter); ok {
		before := g.Counts()
		const n = 10
		stepper.Take(n)
		c := g.Counts().Sub(before)
		s.Counts = &glyph.Counts{Dispatches: c.Dispatches / n, Barriers: c.Barriers / n, Transfers: c.Transfers / n, Waits: c.Waits / n}
	}
	if g, ok := m.b.(glyph.Coster); ok {
		asked, compiled := g.StepCost(stepper.Step)
		s.Asked, s.Compiled = &asked, &compiled
	}
	return s, b.Sync()
}

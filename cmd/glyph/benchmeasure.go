package main

import (
	"cmp"
	"slices"
	"time"

	"glyph"
	"glyph/backendtest"
	"glyph/models"
	"glyph/train"
)

// benchOps measures the operations of a training step one by one.
func benchOps(dev device, spec models.Spec, data train.Data, opt train.Options, each time.Duration, peak benchReport) (reports []opReport, err error) {
	b := glyph.NewScope(dev.Backend)
	defer func() { err = cmp.Or(err, b.Close()) }()
	step := func(opt train.Options) ([]backendtest.Op, error) {
		return backendtest.List(b, func(b glyph.Backend) error {
			net, err := models.New(b, spec, opt.Batch)
			if err != nil {
				return err
			}
			net.Init(opt.Seed)
			stepper, err := train.NewStepper(b, net, data, opt)
			if err == nil {
				stepper.Take(1)
			}
			return err
		})
	}
	ops, err := step(opt)
	if err != nil {
		return nil, err
	}
	// The same step with augmentation differs in how it gathers.
	opt.Augment = glyph.DefaultAugmentation()
	augmented, err := step(opt)
	if err != nil {
		return nil, err
	}
	for _, op := range slices.Insert(ops, 1, augmented[0]) {
		took, err := op.Time(dev.Backend, each)
		if err != nil {
			return nil, err
		}
		s := took.Seconds()
		r := opReport{
			Model: spec.Model, Batch: opt.Batch, Op: op.Case.Op, Shape: op.Case.About(), Seconds: s,
			GFLOPS: op.Case.FLOPs / s / 1e9, GBytes: float64(op.Bytes()) / s / 1e9,
		}
		if peak.PeakFLOPS > 0 {
			r.Roofline = op.Case.FLOPs / peak.PeakFLOPS / s
		}
		if peak.PeakBytes > 0 {
			r.Roofline = max(r.Roofline, float64(op.Bytes())/peak.PeakBytes/s)
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// benchStep measures a whole training step, recorded as training does.
func benchStep(dev device, spec models.Spec, data train.Data, opt train.Options, each time.Duration) (r netReport, err error) {
	b := glyph.NewScope(dev.Backend)
	defer func() { err = cmp.Or(err, b.Close()) }()
	net, err := models.New(b, spec, opt.Batch)
	if err != nil {
		return r, err
	}
	net.Init(opt.Seed)
	stepper, err := train.NewStepper(b, net, data, opt)
	if err != nil {
		return r, err
	}
	took, err := backendtest.Measure(b, 5*each, stepper.Take)
	if err != nil {
		return r, err
	}
	flops := 0
	for _, s := range net.Stages() {
		flops += s.TrainingFLOPs
	}
	r = netReport{
		Model: spec.Model, Batch: opt.Batch, Seconds: took.Seconds(),
		ImagesPerSecond: float64(opt.Batch) / took.Seconds(),
		Epoch:           60000 / float64(opt.Batch) * took.Seconds(),
		GFLOPS:          float64(opt.Batch*flops) / took.Seconds() / 1e9,
	}
	if g, ok := dev.Backend.(glyph.Counter); ok {
		before := g.Counts()
		const n = 10
		stepper.Take(n)
		c := g.Counts().Sub(before)
		r.Counts = &glyph.Counts{Dispatches: c.Dispatches / n, Barriers: c.Barriers / n, Transfers: c.Transfers / n, Waits: c.Waits / n}
	}
	return r, b.Sync()
}

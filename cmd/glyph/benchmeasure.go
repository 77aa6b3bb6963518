package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"glyph"
	"glyph/backendtest"
	"glyph/internal/message"
	"glyph/models"
	"glyph/train"
)

// benchOps measures the operations of a training step one by one.
func benchOps(dev device, spec models.Spec, data train.Data, opt train.Options, each time.Duration, peak benchReport) (reports []opReport, err error) {
	var ops []backendtest.Op
	spy := backendtest.List(dev.Backend, &ops)
	net, err := models.New(spy, spec, opt.Batch)
	if err != nil {
		return nil, err
	}
	net.Init(opt.Seed)
	stepper, err := train.NewStepper(spy, net, data, opt)
	if err != nil {
		return nil, err
	}
	stepper.Take(1)
	// The same step with augmentation differs in how it gathers.
	all := len(ops)
	opt.Augment = glyph.DefaultAugmentation()
	if stepper, err = train.NewStepper(spy, net, data, opt); err != nil {
		return nil, err
	}
	stepper.Take(1)
	ops = slices.Insert(ops[:all:all], 1, ops[all])
	for _, op := range ops {
		took, err := timeOp(dev, op, each)
		if err != nil {
			return nil, err
		}
		s := took.Seconds()
		r := opReport{
			Model: spec.Model, Batch: opt.Batch, Op: op.Case.Op, Shape: about(op.Case), Seconds: s,
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

// timeOp is what an operation takes: on a GPU by its own clock, kernel by
// kernel, elsewhere by repeating it.
func timeOp(dev device, op backendtest.Op, each time.Duration) (time.Duration, error) {
	again := func() { op.Again(dev.Backend) }
	took, err := backendtest.Measure(dev, each, func(n int) { dev.Repeat(n, again) })
	g, ok := dev.Backend.(glyph.Timer)
	if !ok || err != nil {
		return took, err
	}
	n := int(max(5, min(1000, each/max(took, 1))))
	g.SetTiming(true)
	g.Times()
	dev.Repeat(n, again)
	err = dev.Sync()
	var total time.Duration
	for _, k := range g.Times() {
		total += k.Total
	}
	g.SetTiming(false)
	if total == 0 {
		return took, err
	}
	return total / time.Duration(n), err
}

// benchStep measures a whole training step, recorded as training does.
func benchStep(dev device, spec models.Spec, data train.Data, opt train.Options, each time.Duration) (r netReport, err error) {
	net, err := models.New(dev, spec, opt.Batch)
	if err != nil {
		return r, err
	}
	net.Init(opt.Seed)
	stepper, err := train.NewStepper(dev, net, data, opt)
	if err != nil {
		return r, err
	}
	took, err := backendtest.Measure(dev, 5*each, stepper.Take)
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
	return r, dev.Sync()
}

func printOps(out io.Writer, ops []opReport, peak bool) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s, batch %d\t\ttime\tGFLOP/s\tGB/s\t", ops[0].Model, ops[0].Batch)
	if peak {
		fmt.Fprint(w, "of the roofline")
	}
	fmt.Fprintln(w)
	for _, o := range ops {
		arithmetic := "-"
		if o.GFLOPS > 0 {
			arithmetic = fmt.Sprintf("%.4g", o.GFLOPS)
		}
		fmt.Fprintf(w, "%s\t%s\t%v\t%s\t%.3g\t", o.Op, o.Shape, short(seconds(o.Seconds)), arithmetic, o.GBytes)
		if peak {
			share := "-"
			if o.Roofline > 0 {
				share = fmt.Sprintf("%.1f %%", 100*o.Roofline)
			}
			fmt.Fprint(w, share)
		}
		fmt.Fprintln(w)
	}
	w.Flush() //nolint:errcheck // an output that is gone stops nothing
}

func printSteps(out io.Writer, steps []netReport) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\ntraining\tbatch\ta step\timages/s\tan epoch of 60,000\tGFLOP/s")
	if steps[0].Counts != nil {
		fmt.Fprint(w, "\tdispatches\tbarriers\ttransfers\twaits a step")
	}
	fmt.Fprintln(w)
	for _, s := range steps {
		fmt.Fprintf(w, "%s\t%d\t%v\t%s\t%v\t%.4g", s.Model, s.Batch, short(seconds(s.Seconds)),
			message.Thousands(int(s.ImagesPerSecond)), short(seconds(s.Epoch)), s.GFLOPS)
		if c := s.Counts; c != nil {
			fmt.Fprintf(w, "\t%d\t%d\t%d\t%d", c.Dispatches, c.Barriers, c.Transfers, c.Waits)
		}
		fmt.Fprintln(w)
	}
	w.Flush() //nolint:errcheck // as above
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

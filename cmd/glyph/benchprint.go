package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"glyph"
	"glyph/backendtest/timing"
	"glyph/internal/message"
)

func printPeak(out io.Writer, r *timing.Report) {
	switch {
	case r.Version != "":
		fmt.Fprintf(out, "OpenGL %s\npeak %.4g GFLOP/s, %.4g GB/s\n", r.Version, r.PeakFLOPS/1e9, r.PeakBytes/1e9)
	case r.PeakFLOPS > 0:
		fmt.Fprintf(out, "peak %.4g GFLOP/s: multiply-adds in registers\n", r.PeakFLOPS/1e9)
	}
}

func printOps(out io.Writer, ops []timing.Operation, peak bool) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	copies := slices.ContainsFunc(ops, func(o timing.Operation) bool { return o.CopyGBytes > 0 })
	fmt.Fprintf(w, "\n%s, batch %d\t\ttime\tGFLOP/s\tGB/s\t", ops[0].Model, ops[0].Batch)
	if copies {
		fmt.Fprint(w, "GB/s of a copy\t")
	}
	if peak {
		fmt.Fprint(w, "of the roofline")
	}
	fmt.Fprintln(w)
	for _, o := range ops {
		arithmetic := "-"
		if o.GFLOPS > 0 {
			arithmetic = fmt.Sprintf("%.4g", o.GFLOPS)
		}
		fmt.Fprintf(w, "%s\t%s\t%v\t%s\t%.3g\t", o.Op, o.Shape, message.Brief(seconds(o.Seconds)), arithmetic, o.GBytes)
		if copies {
			speed := "-"
			if o.CopyGBytes > 0 {
				speed = fmt.Sprintf("%.3g", o.CopyGBytes)
			}
			fmt.Fprintf(w, "%s\t", speed)
		}
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

func printSteps(out io.Writer, steps []timing.Step) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\ntraining\tbatch\ta step\timages/s\tepoch of 60,000\tGFLOP/s")
	if steps[0].Counts != nil {
		fmt.Fprint(w, "\tdispatches\tbarriers\ttransfers\twaits per step")
	}
	fmt.Fprintln(w)
	for _, s := range steps {
		fmt.Fprintf(w, "%s\t%d\t%v\t%s\t%v\t%.4g", s.Model, s.Batch, message.Brief(seconds(s.Seconds)),
			message.Thousands(int(s.ImagesPerSecond)), message.Brief(seconds(s.Epoch)), s.GFLOPS)
		if c := s.Counts; c != nil {
			fmt.Fprintf(w, "\t%d\t%d\t%d\t%d", c.Dispatches, c.Barriers, c.Transfers, c.Waits)
		}
		fmt.Fprintln(w)
	}
	w.Flush() //nolint:errcheck // as above
	printCosts(out, steps)
}

// printCosts is what recorded steps ask of a device that compiles them.
func printCosts(out io.Writer, steps []timing.Step) {
	if steps[0].Compiled == nil {
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\na recorded step\tbatch\t\tdispatches\tbarriers\tbindings\tMB moved")
	for _, s := range steps {
		for i, c := range [...]*glyph.StepCost{s.Asked, s.Compiled} {
			how := [...]string{"as asked for", "compiled"}[i]
			fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%d\t%d\t%.2f\n", s.Model, s.Batch, how, c.Dispatches, c.Barriers, c.Bindings, float64(c.Bytes)/1e6)
		}
	}
	w.Flush() //nolint:errcheck // as above
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

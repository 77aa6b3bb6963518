package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/train"
)

// benchReport is what glyph bench --json prints.
type benchReport struct {
	Backend    string      `json:"backend"`
	Device     string      `json:"device"`
	Kernels    string      `json:"kernels,omitempty"` // of the CPU backend
	Version    string      `json:"version,omitempty"` // of OpenGL, with the driver's
	PeakFLOPS  float64     `json:"peak_flops,omitempty"`
	PeakBytes  float64     `json:"peak_bytes_per_second,omitempty"` // of a GPU: a CPU's caches have no one figure
	Operations []opReport  `json:"operations"`
	Steps      []netReport `json:"steps"`
}

// opReport is an operation of a training step.
type opReport struct {
	Model    string  `json:"model"`
	Batch    int     `json:"batch"`
	Op       string  `json:"op"`
	Shape    string  `json:"shape"`
	Seconds  float64 `json:"seconds"`
	GFLOPS   float64 `json:"gflops,omitempty"`
	GBytes   float64 `json:"gbytes_per_second"`
	Roofline float64 `json:"roofline,omitempty"` // share of min(peak FLOP/s, intensity × peak bytes/s)
}

// netReport is a whole training step.
type netReport struct {
	Model           string        `json:"model"`
	Batch           int           `json:"batch"`
	Seconds         float64       `json:"seconds"`
	ImagesPerSecond float64       `json:"images_per_second"`
	Epoch           float64       `json:"epoch_seconds"` // for 60,000 images at that speed
	GFLOPS          float64       `json:"gflops"`
	Counts          *glyph.Counts `json:"counts,omitempty"` // a step
}

// benchNetworks is what is measured.
var benchNetworks = []struct {
	spec    models.Spec
	batches []int
}{
	{models.Spec{Model: "mlp"}, []int{16, 128}},
	{models.Spec{Model: "cnn"}, []int{64, 128}},
	{models.Spec{Model: "kmnist-benchmark"}, []int{128}},
}

func newBench() *cobra.Command {
	var where backendFlags
	var each time.Duration
	var only string
	var asJSON, operations bool
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure operations and training steps on a backend",
		Long: `Measure each operation of a training step of the presets, its arithmetic and
traffic, and its share of the roofline: the least of the device's arithmetic and
its memory, both measured in the same run (of a CPU, of its arithmetic alone).
Then measure whole training steps.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if each < time.Millisecond || each > time.Minute {
				return fmt.Errorf("--time must be from 1ms to 1m, not %v", each)
			}
			dev, err := where.open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // Measure has told of device errors
			out := cmd.OutOrStdout()
			r, err := bench(dev, each, only, operations, showOn(out, asJSON, dev))
			if err != nil || !asJSON {
				return err
			}
			return json.NewEncoder(out).Encode(r)
		},
	}
	where.add(cmd.Flags(), "auto")
	cmd.Flags().DurationVar(&each, "time", 200*time.Millisecond, "how long to measure each thing")
	cmd.Flags().StringVar(&only, "model", "", "measure this `preset` alone (default: mlp, cnn, kmnist-benchmark)")
	cmd.Flags().BoolVar(&operations, "operations", true, "measure operations, and not whole steps alone")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of tables")
	return cmd
}

// benchShow is told of results as they come.
type benchShow struct {
	peak  func(benchReport)
	ops   func([]opReport)
	steps func([]netReport)
}

// showOn prints results, or with quiet nothing.
func showOn(out io.Writer, quiet bool, dev device) benchShow {
	if quiet {
		out = io.Discard
	}
	known := false // the peak
	return benchShow{
		peak: func(r benchReport) {
			if dev.note != "" {
				fmt.Fprintln(out, dev.note)
			}
			fmt.Fprintln(out, dev.title())
			printPeak(out, r)
			known = r.PeakFLOPS > 0
		},
		ops:   func(ops []opReport) { printOps(out, ops, known) },
		steps: func(steps []netReport) { printSteps(out, steps) },
	}
}

// bench measures everything.
func bench(dev device, each time.Duration, only string, operations bool, show benchShow) (r benchReport, err error) {
	r.Backend, r.Device, r.Version = dev.kind, dev.name, dev.version
	if dev.kind == "cpu" {
		r.Kernels = cpu.Kernel()
	}
	if p, ok := dev.Backend.(glyph.Peaker); ok {
		peak, err := p.Peak()
		if err != nil {
			return r, err
		}
		r.PeakFLOPS, r.PeakBytes = peak.FLOPS, peak.Bytes
	}
	show.peak(r)
	drawn := kmnist.Synthetic(kmnist.DefaultSeed, 1024, 10)
	data := train.Data{Train: set(drawn.Train), Classes: len(drawn.Classes)}
	data.Mean, data.Scale = kmnist.Normalise(drawn.Train, false)
	for _, n := range benchNetworks {
		if only != "" && only != n.spec.Model {
			continue
		}
		for i, batch := range n.batches {
			opt := train.Options{Epochs: 1, Batch: batch, LR: 0.01, Seed: 1}
			if operations && i == len(n.batches)-1 {
				ops, err := benchOps(dev, n.spec, data, opt, each, r)
				if err != nil {
					return r, err
				}
				show.ops(ops)
				r.Operations = append(r.Operations, ops...)
			}
			step, err := benchStep(dev, n.spec, data, opt, each)
			if err != nil {
				return r, err
			}
			r.Steps = append(r.Steps, step)
		}
	}
	if r.Steps == nil {
		return r, fmt.Errorf("--model %s is none of mlp, cnn, kmnist-benchmark", only)
	}
	show.steps(r.Steps)
	return r, nil
}

// Package timing times a backend: the operations of a training step one by one,
// with what share of the device they use, and whole steps as training takes them.
package timing

import (
	"context"
	"slices"
	"time"

	"glyph"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/models"
	"glyph/train"
)

// Report is what was measured.
type Report struct {
	Backend    string      `json:"backend"`
	Device     string      `json:"device"`
	Kernels    string      `json:"kernels,omitempty"` // of the CPU backend
	Version    string      `json:"version,omitempty"` // of OpenGL, with the driver's
	PeakFLOPS  float64     `json:"peak_flops,omitempty"`
	PeakBytes  float64     `json:"peak_bytes_per_second,omitempty"` // of a GPU: a CPU's caches have no one figure
	Operations []Operation `json:"operations"`
	Steps      []Step      `json:"steps"`
	// Tiles are those of the products of steps, on a backend with a choice.
	Tiles []glyph.TileChoice `json:"tiles,omitempty"`
}

// Operation is an operation of a training step.
type Operation struct {
	Model    string  `json:"model"`
	Batch    int     `json:"batch"`
	Op       string  `json:"op"`
	Shape    string  `json:"shape"`
	Seconds  float64 `json:"seconds"`
	GFLOPS   float64 `json:"gflops,omitempty"`
	GBytes   float64 `json:"gbytes_per_second"`
	Roofline float64 `json:"roofline,omitempty"` // share of min(peak FLOP/s, intensity × peak bytes/s)
	// CopyGBytes is, of an operation that memory bounds, the rate at which Copy moves as
	// many bytes, on a backend without a PeakBytes.
	CopyGBytes float64 `json:"copy_gbytes_per_second,omitempty"`
}

// Step is a whole training step.
type Step struct {
	Model           string        `json:"model"`
	Batch           int           `json:"batch"`
	Seconds         float64       `json:"seconds"`
	ImagesPerSecond float64       `json:"images_per_second"`
	Epoch           float64       `json:"epoch_seconds"` // for 60,000 images at that speed
	GFLOPS          float64       `json:"gflops"`
	Counts          *glyph.Counts `json:"counts,omitempty"` // a step
	// What a step asks of the device, as training asks for it and compiled.
	Asked    *glyph.StepCost `json:"asked,omitempty"`
	Compiled *glyph.StepCost `json:"compiled,omitempty"`
}

// networks is what is measured. Operations are at the last batch size.
var networks = []struct {
	model   string
	batches []int
}{{"mlp", []int{16, 128}}, {"cnn", []int{64, 128}}, {"kmnist-benchmark", []int{128}}, {"vgg", []int{64}}, {"resnet", []int{64}}}

// Networks are the presets that can be measured.
func Networks() (names []string) {
	for _, n := range networks {
		names = append(names, n.model)
	}
	return names
}

// Options say what to measure.
type Options struct {
	Each       time.Duration // how long to measure each thing
	Network    string        // one of Networks, or "" for all
	Operations bool          // and not whole steps alone
}

// Check reports options under which nothing can be measured.
func (o Options) Check() error {
	if o.Network != "" && !slices.Contains(Networks(), o.Network) {
		return message.Unknown("network", o.Network, Networks())
	}
	return nil
}

// Show is called with results as they come, and all of the report so far; any may
// be nil.
type Show struct {
	Peak       func(*Report)
	Operations func(*Report, []Operation) // of one network
	Steps      func(*Report)              // of all
}

// Measure adds what it measures on the backend to the report. It stops between
// measurements once ctx is done, with its error.
func (r *Report) Measure(ctx context.Context, b glyph.Backend, o Options, show Show) error {
	if err := o.Check(); err != nil {
		return err
	}
	if p, ok := b.(glyph.Peaker); ok {
		peak, err := p.Peak()
		if err != nil {
			return err
		}
		r.PeakFLOPS, r.PeakBytes = peak.FLOPS, peak.Bytes
	}
	if show.Peak != nil {
		show.Peak(r)
	}
	m := measurement{ctx: ctx, b: b, each: o.Each, data: images(), copy: map[int64]float64{}}
	for _, n := range networks {
		if o.Network != "" && o.Network != n.model {
			continue
		}
		m.spec = models.Spec{Model: n.model}
		if o.Operations {
			list, err := m.operations(n.batches[len(n.batches)-1], r)
			if err != nil {
				return err
			}
			if r.Operations = append(r.Operations, list...); show.Operations != nil {
				show.Operations(r, list)
			}
		}
		for _, batch := range n.batches {
			step, err := m.step(batch)
			if err != nil {
				return err
			}
			r.Steps = append(r.Steps, step)
		}
	}
	if t, ok := b.(glyph.Tiler); ok {
		r.Tiles = t.Tiles()
	}
	if show.Steps != nil {
		show.Steps(r)
	}
	return nil
}

// images is the training set: the contents of the images don't affect the speed.
func images() train.Data {
	drawn := kmnist.Synthetic(kmnist.DefaultSeed, 1024, 10)
	set := drawn.Train
	data := train.Data{Train: train.Set{Images: set.Images, Labels: set.Labels, Shape: glyph.Shape{set.H, set.W, 1}}, Classes: len(drawn.Classes)}
	data.Mean, data.Scale = kmnist.Normalise(set, false)
	return data
}

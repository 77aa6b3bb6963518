package study

import (
	"fmt"
	"glyph/internal/message"
	"math"
	"time"
)

// Rough constants of one core of a server processor with AVX-512, measured with
// the presets on an AMD EPYC (Zen 4). They only balance shards and estimate time
// before anything has been measured.
const (
	coreFLOPS    = 90e9   // of products, in training and evaluation
	paramSeconds = 0.4e-9 // for each parameter in each step: the update
	stepSeconds  = 20e-6  // for each step: calls and short loops
	pixelSeconds = 2e-9   // for each image element: gathering
	normsShare   = 256    // images of every measurement of norms
)

// cost estimates the seconds of a trial on one core.
func (p *Plan) cost(t Trial) float64 { return p.Data.cost(t) }

func (d Data) cost(t Trial) float64 {
	t.Spec.Input = d.Shape
	stages, err := t.Spec.Plan()
	if err != nil {
		return 0 // such settings are refused before
	}
	var train, forward, params float64
	for _, s := range stages {
		train += float64(s.TrainingFLOPs)
		forward += float64(s.Layer.FLOPs(s.In))
		params += float64(s.ParamCount())
	}
	images, evaluated := float64(t.Images), float64(d.Test)
	if t.Validation {
		evaluated = math.Round(ValidationShare * images)
		images -= evaluated
	}
	if t.Tuning != nil {
		images, evaluated = d.tuned(t)
	}
	if t.Views > 0 {
		evaluated *= 9 // label smoothing leaves few images of which a network is sure
	}
	gather := pixelSeconds * 28 * 28
	steps := math.Ceil(images/float64(t.Batch)) * float64(t.Epochs)
	seconds := steps*(stepSeconds+paramSeconds*params) +
		images*float64(t.Epochs)*(train/coreFLOPS+gather) +
		evaluated*(forward/coreFLOPS+gather)
	if t.Norms {
		seconds += float64(t.Epochs+1) * normsShare * train / coreFLOPS
	}
	return seconds
}

// tuned is how many images a sweep's trial trains on, and how many it evaluates over
// all epochs.
func (d Data) tuned(t Trial) (images, evaluated float64) {
	if images = float64(d.Train); t.Images > 0 {
		images = min(images, float64(t.Images))
	}
	held := t.Tuning.Validation
	if held < 1 {
		held = math.Round(held * images)
	}
	held = min(held, images)
	return images - held, held * float64(t.Epochs)
}

// Estimate is the seconds that the trials of a shard take on one core, by
// formula and not by measurement, and how many there are.
func (p *Plan) Estimate(s Shard) (seconds float64, trials int) {
	p.each(p.part(s), nil, func(t Trial, _ bool) {
		seconds += p.cost(t)
		trials++
	})
	if p.Gradients && s.Index == 0 {
		trials++
	}
	return seconds, trials
}

// Describe says how big the study is, or a shard of it, and about how long it takes
// with so many trials at once.
func (p *Plan) Describe(shard Shard, parallel int) string {
	kind := "full"
	if p.Quick {
		kind = "quick"
	}
	seconds, trials := p.Estimate(shard)
	text := fmt.Sprintf("%s, %s, %s, %s", kind, message.Count(len(p.Experiments), "experiment"), message.Count(trials, "trial"), message.Count(p.Seeds, "seed"))
	if shard.Count > 1 {
		text += ", shard " + shard.String()
	}
	return fmt.Sprintf("%s; %s on a server processor, measured as it goes", text, estimated(seconds/float64(parallel)))
}

// Describe says how large the sweep or a shard of it is, and about how long it takes
// with this many trials at once.
func (s *Sweep) Describe(shard Shard, parallel int) string {
	trials, _ := s.Count(shard, nil)
	text := fmt.Sprintf("%s, %s, %s", message.Count(len(s.Points), "combination"), message.Count(len(s.Seeds), "seed"), message.Count(trials, "training"))
	if shard.Count > 1 {
		text += ", shard " + shard.String()
	}
	seconds := s.Estimate(shard) / float64(parallel)
	return fmt.Sprintf("%s; %s on a server processor, measured as it goes", text, estimated(seconds))
}

// estimated is an estimate for display, rounded, since it is rough.
func estimated(seconds float64) string {
	if seconds < 1 {
		return "less than a second"
	}
	return fmt.Sprintf("about %v", message.Duration(time.Duration(seconds*float64(time.Second))))
}

package train

import (
	"context"
	"errors"
	"fmt"
	"math"

	"glyph"
	"glyph/models"
)

// RateTest says how [FindRate] goes through the learning rates: from Low to High,
// evenly spaced in the logarithm, in Steps steps, rounded up to whole epochs.
type RateTest struct {
	Low, High float64
	Steps     int
}

// RatePoint is a step of a learning-rate range test.
type RatePoint struct {
	Rate     float64 `json:"lr"`
	Loss     float64 `json:"loss"`     // of the step's batch, before the step
	Smoothed float64 `json:"smoothed"` // moving average up to it
}

// RateCurve is the result of a learning-rate range test.
type RateCurve struct {
	Points []RatePoint `json:"points"`
	// Suggested is a rate to train with: a quarter of Lowest.
	Suggested float64 `json:"suggested"`
	// Lowest is the rate at which the smoothed loss was lowest. Above it training
	// becomes unstable.
	Lowest float64 `json:"lowest_loss_at"`
	// Diverged reports whether the test ended early because the loss exploded.
	Diverged bool `json:"diverged"`
}

// Constants of a range test.
const (
	rateMemory = 0.95 // of the moving average, for each step
	explodes   = 4    // times the lowest smoothed loss ends the test
	settled    = 15   // steps after which the moving average is one
	mustFall   = 0.95 // of the first losses has to be reached
)

// Validate reports what is wrong with the test.
func (r RateTest) Validate() error {
	switch {
	case !(float32(r.Low) > 0) || !(r.High > r.Low) || math.IsInf(float64(float32(r.High)), 0):
		return fmt.Errorf("the learning rates must rise from a number above 0, not from %v to %v", r.Low, r.High)
	case r.Steps < 20 || r.Steps > 100_000:
		return fmt.Errorf("a range test has from 20 to 100,000 steps, not %d", r.Steps)
	}
	return nil
}

// FindRate runs the learning-rate range test of Smith 2017, section 3.3: the network is
// trained while the learning rate rises from very low to very high, and the loss shows
// at which rates it learns. The rate rises exponentially, not linearly as in the paper,
// since good rates can lie anywhere within several powers of ten. The network's weights
// are of no use afterwards.
//
// The test replaces the epochs, the schedule and the rate of the options; nothing is
// evaluated. It fails if the test is invalid or the loss falls at no rate, and returns
// the context's error when it is cancelled.
func FindRate(ctx context.Context, b glyph.Backend, net *models.Network, data Data, opt Options, test RateTest) (RateCurve, error) {
	var c RateCurve
	if err := test.Validate(); err != nil {
		return c, err
	}
	data.Validation, data.Test = Set{}, Set{}
	perEpoch, _, err := opt.Steps(data.Train.Len())
	if err != nil {
		return c, err
	}
	opt.Epochs = (test.Steps + perEpoch - 1) / max(1, perEpoch)
	opt.LR, opt.Schedule = test.High, Schedule{Kind: Ramp, From: test.Low / test.High}
	opt.Patience, opt.KeepBest = 0, false
	over, stop := context.WithCancel(ctx)
	defer stop()
	average, lowest := 0.0, math.Inf(1)
	say := Callbacks{Step: func(step int, loss, _ float64) {
		if c.Diverged {
			return // a step that was under way
		}
		average = rateMemory*average + (1-rateMemory)*loss
		p := RatePoint{float64(opt.Schedule.Rate(opt.LR, step, opt.Epochs, perEpoch)), loss, average / (1 - math.Pow(rateMemory, float64(step+1)))}
		c.Points = append(c.Points, p)
		lowest = min(lowest, p.Smoothed)
		if p.Smoothed > explodes*lowest && step > test.Steps/10 {
			c.Diverged = true
			stop()
		}
	}}
	_, err = Resume(over, Training{Backend: b, Net: net, Data: data, Options: opt, Callbacks: say})
	var broken *NotFinite
	switch {
	case ctx.Err() != nil:
		return c, ctx.Err()
	case errors.As(err, &broken):
		c.Diverged = true
	case err != nil:
		return c, err
	}
	return c, c.suggest()
}

// suggest finds the rate with the lowest loss and suggests a quarter of it. On the first
// 7,000 images of KMNIST that was the best of four rates, or within the spread of the
// best, for a linear classifier, an MLP with momentum and with Adam, and a CNN. The rate
// at which the loss falls fastest, another common choice, was too low for all of them.
func (c *RateCurve) suggest() error {
	best := 0
	for i, p := range c.Points {
		if p.Smoothed < c.Points[best].Smoothed {
			best = i
		}
	}
	start := min(settled, len(c.Points)-1)
	if start < 0 || !(c.Points[best].Smoothed < mustFall*c.Points[start].Smoothed) {
		return errors.New("the loss falls at no learning rate of the test: choose other rates, or take more steps")
	}
	c.Lowest = c.Points[best].Rate
	c.Suggested = c.Lowest / 4
	return nil
}

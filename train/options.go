package train

import (
	"fmt"
	"math"
	"strings"

	"glyph"
	"glyph/internal/message"
	"glyph/models"
)

// Options are the settings of a training.
type Options struct {
	Epochs    int
	Batch     int
	Rule      glyph.Optimizer
	LR        float64 // base learning rate, at the schedule's factor 1
	Schedule  Schedule
	Smoothing float64            // of the labels: t = (1 - ε)·[label] + ε/Classes
	Augment   glyph.Augmentation // of training images; evaluations see them as they are
	Seed      uint64             // of the batch order and the augmentation; the network uses it too
	Patience  int                // epochs without a better validation loss before stopping; 0 never stops

	// Average is the decay of an exponential moving average of all parameters and
	// running statistics, beginning with the initial ones; 0 means no average.
	// Evaluations use the average, and the network ends with it.
	Average float64

	// KeepBest ends the training with the weights of the epoch that had the
	// lowest validation loss, the earliest if several tie. Patience does so too.
	KeepBest bool
}

// Limits of a training.
const (
	// maxSteps is the largest value of a device's step counter.
	maxSteps = math.MaxInt32
	// maxRates is the largest number of learning rates kept on a device, one per
	// step: 512 MiB of them.
	maxRates = 1 << 27
)

// Validate says in one line which setting is invalid. Its error is a
// [models.SettingError] where one setting is to blame.
func (o Options) Validate() error {
	wrong := func(setting, format string, args ...any) error {
		return &models.SettingError{Setting: setting, Problem: fmt.Sprintf(format, args...)}
	}
	switch {
	case o.Epochs < 1:
		return wrong("epochs", "must be at least 1, not %d", o.Epochs)
	case o.Epochs > maxSteps:
		return wrong("epochs", "must be at most %s, not %s", message.Thousands(maxSteps), message.Thousands(o.Epochs))
	case o.Batch < 1:
		return wrong("batch", "must be at least 1, not %d", o.Batch)
	case !(float32(o.LR) > 0) || math.IsInf(float64(float32(o.LR)), 0):
		return wrong("lr", "must be a positive number that a float32 holds, not %v", o.LR)
	case !(o.Smoothing >= 0 && float32(o.Smoothing) < 1):
		return wrong("label-smoothing", "must be from 0 to below 1 as a float32, not %v", o.Smoothing)
	case !(o.Average >= 0 && float32(o.Average) < 1):
		return wrong("ema", "must be from 0 to below 1 as a float32, not %v", o.Average)
	case o.Schedule.Warmup < 0:
		return wrong("warmup", "must be 0 epochs or more, not %d", o.Schedule.Warmup)
	case o.Schedule.Warmup >= o.Epochs:
		return wrong("warmup", "of %s leaves nothing of %s", message.Count(o.Schedule.Warmup, "epoch"), message.Count(o.Epochs, "epoch"))
	case o.Patience < 0:
		return wrong("patience", "must be 0 epochs or more, not %d", o.Patience)
	}
	if err := o.Augment.Validate(); err != nil {
		name, problem, _ := strings.Cut(err.Error(), " ")
		return wrong(name, "%s", problem)
	}
	return o.validateRule(wrong)
}

// validateRule checks the constants of the update rule.
func (o Options) validateRule(wrong func(setting, format string, args ...any) error) error {
	switch o.Rule.Kind {
	case glyph.RMSProp, glyph.Adam, glyph.AdamW, glyph.Adadelta:
		if o.Rule.Eps == 0 { // 0/0 for a parameter whose gradient has always been 0
			return wrong("eps", "of %v must be above 0", o.Rule)
		}
	}
	for _, c := range []struct {
		name  string
		value float32
		below float64
	}{
		{"momentum", o.Rule.Momentum, 1}, {"rho", o.Rule.Rho, 1}, {"beta1", o.Rule.Beta1, 1}, {"beta2", o.Rule.Beta2, 1},
		{"eps", o.Rule.Eps, 1}, {"weight-decay", o.Rule.WeightDecay, math.Inf(1)}, {"l2", o.Rule.L2, math.Inf(1)},
	} {
		switch {
		case c.value >= 0 && float64(c.value) < c.below:
		case c.below == 1:
			return wrong(c.name, "must be from 0 to below 1 as a float32, not %v", c.value)
		default:
			return wrong(c.name, "must be a number of at least 0 that a float32 holds, not %v", c.value)
		}
	}
	return nil
}

// Steps is the number of steps in an epoch on the given number of images, and in
// all epochs together. It fails if a training can't have that many.
func (o Options) Steps(images int) (epoch, all int, err error) {
	epoch = images / o.Batch
	if images%o.Batch > 0 {
		epoch++
	}
	wrong := func(why string) error {
		return &models.SettingError{Setting: "epochs", Problem: fmt.Sprintf("of %s are too many: %s of %s each %s",
			message.Thousands(o.Epochs), message.Thousands(o.Epochs), message.Count(epoch, "step"), why)}
	}
	if epoch > 0 && o.Epochs > maxSteps/epoch {
		return epoch, 0, wrong("are more than the " + message.Thousands(maxSteps) + " steps that a training can have")
	}
	all = epoch * o.Epochs
	if n := o.Schedule.changes(o.Epochs, epoch); n > maxRates {
		return epoch, all, wrong("have more than the " + message.Thousands(maxRates) + " learning rates that a schedule can have")
	}
	return epoch, all, nil
}

package train

import (
	"fmt"
	"math"

	"glyph"
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
	Seed      uint64             // of the batch order and the augmentation; the network has its own use of it
	Patience  int                // epochs without a better validation loss before stopping; 0 never stops
}

// Validate tells what a user set wrong, in one line.
func (o Options) Validate() error {
	switch {
	case o.Epochs < 1:
		return fmt.Errorf("epochs must be at least 1, not %d", o.Epochs)
	case o.Batch < 1:
		return fmt.Errorf("batch must be at least 1, not %d", o.Batch)
	case !(o.LR > 0) || o.LR > math.MaxFloat32:
		return fmt.Errorf("lr must be a positive number, not %v", o.LR)
	case !(o.Smoothing >= 0 && o.Smoothing < 1):
		return fmt.Errorf("smoothing must be from 0 to below 1, not %v", o.Smoothing)
	case o.Schedule.Warmup < 0:
		return fmt.Errorf("warmup must be 0 epochs or more, not %d", o.Schedule.Warmup)
	case o.Schedule.Warmup >= o.Epochs:
		return fmt.Errorf("warmup of %d epochs leaves nothing of %d epochs", o.Schedule.Warmup, o.Epochs)
	case o.Patience < 0:
		return fmt.Errorf("patience must be 0 epochs or more, not %d", o.Patience)
	}
	if err := o.Augment.Validate(); err != nil {
		return err
	}
	switch o.Rule.Kind {
	case glyph.RMSProp, glyph.Adam, glyph.AdamW, glyph.Adadelta:
		if o.Rule.Eps == 0 { // 0/0 where no gradient ever came
			return fmt.Errorf("eps of %v must be above 0", o.Rule)
		}
	}
	for _, c := range []struct {
		name  string
		value float32
		below float32
	}{
		{"momentum", o.Rule.Momentum, 1}, {"rho", o.Rule.Rho, 1}, {"beta1", o.Rule.Beta1, 1}, {"beta2", o.Rule.Beta2, 1},
		{"eps", o.Rule.Eps, 1}, {"weight decay", o.Rule.WeightDecay, math.MaxFloat32}, {"l2", o.Rule.L2, math.MaxFloat32},
	} {
		if !(c.value >= 0 && c.value < c.below) {
			return fmt.Errorf("%s is %v: want a number of at least 0 and below %v", c.name, c.value, c.below)
		}
	}
	return nil
}

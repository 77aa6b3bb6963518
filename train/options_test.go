package train

import (
	"math"
	"strings"
	"testing"

	"glyph"
)

func TestOptionsValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Options)
		want   string // part of the error; "" for none
	}{
		{"as they are", func(o *Options) {}, ""},
		{"no epochs", func(o *Options) { o.Epochs = 0 }, "epochs"},
		{"no batch", func(o *Options) { o.Batch = 0 }, "batch"},
		{"negative batch", func(o *Options) { o.Batch = -3 }, "batch"},
		{"NaN rate", func(o *Options) { o.LR = math.NaN() }, "lr"},
		{"no rate", func(o *Options) { o.LR = 0 }, "lr"},
		{"infinite rate", func(o *Options) { o.LR = math.Inf(1) }, "lr"},
		{"a rate below float32", func(o *Options) { o.LR = 1e-50 }, "lr must be"},
		{"a rate that rounds to infinity", func(o *Options) { o.LR = 3.4028235677973366e38 }, "lr must be"},
		{"smoothing of 1", func(o *Options) { o.Smoothing = 1 }, "label-smoothing must be"},
		{"smoothing that rounds to 1", func(o *Options) { o.Smoothing = 0.999999999 }, "label-smoothing must be from 0 to below 1 as a float32, not 0.999999999"},
		{"most epochs", func(o *Options) { o.Epochs = math.MaxInt }, "epochs must be at most 2,147,483,647"},
		{"negative decay", func(o *Options) { o.Rule.WeightDecay = -1 }, "weight-decay must be a number of at least 0"},
		{"infinite decay", func(o *Options) { o.Rule.WeightDecay = float32(math.Inf(1)) }, "weight-decay must be"},
		{"all warm-up", func(o *Options) { o.Schedule.Warmup = o.Epochs }, "warmup"},
		{"negative patience", func(o *Options) { o.Patience = -1 }, "patience"},
		{"momentum of 1", func(o *Options) { o.Rule.Momentum = 1 }, "momentum"},
		{"no eps", func(o *Options) { o.Rule = glyph.Optimizer{Kind: glyph.Adam} }, "eps"},
		{"shear of 46°", func(o *Options) { o.Augment.Shear = 46 }, "shear must be from 0 to 45 degrees"},
		{"NaN l2", func(o *Options) { o.Rule.L2 = float32(math.NaN()) }, "l2"},
	} {
		o := Options{Epochs: 2, Batch: 4, LR: 0.1, Rule: glyph.NewOptimizer(glyph.Momentum)}
		c.change(&o)
		err := o.Validate()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want one about %s", c.name, err, c.want)
		}
	}
}

// How many steps a training has is bounded by the device's step counter, and by
// the learning rates that a schedule keeps there.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		epochs, batch, images int
		kind                  ScheduleKind
		epoch, all            int
		want                  string
	}{
		{10, 16, 40, Cosine, 3, 30, ""},
		{10, 40, 40, Cosine, 1, 10, ""},
		{1, math.MaxInt, 40, Constant, 1, 1, ""},
		{math.MaxInt32, 40, 40, Constant, 1, math.MaxInt32, ""},
		{math.MaxInt32, 20, 40, Constant, 2, 0, "epochs of 2,147,483,647 are too many: 2,147,483,647 of 2 steps each are more than the 2,147,483,647 steps"},
		{1_000_000_000, 64, 6000, Constant, 94, 0, "too many"},
		{1 << 27, 40, 40, Cosine, 1, 1 << 27, ""},
		{1<<27 + 1, 40, 40, Cosine, 1, 1<<27 + 1, "1 step each have more than the 134,217,728 learning rates"},
	} {
		o := Options{Epochs: c.epochs, Batch: c.batch, Schedule: Schedule{Kind: c.kind}}
		epoch, all, err := o.Steps(c.images)
		if epoch != c.epoch || all != c.all || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %d, %d, %v", c, epoch, all, err)
		}
	}
}

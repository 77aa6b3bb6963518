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
		{"smoothing of 1", func(o *Options) { o.Smoothing = 1 }, "smoothing"},
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

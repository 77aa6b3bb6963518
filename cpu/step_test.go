package cpu_test

import (
	"fmt"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/train"
)

// stepper is a preset ready to take training steps on drawn characters.
func stepper(t testing.TB, b glyph.Backend, model string, batch int, rule glyph.OptimizerKind) (*models.Network, *train.Stepper) {
	t.Helper()
	drawn := kmnist.Synthetic(kmnist.DefaultSeed, 1024, 10).Train
	data := train.Data{
		Train: train.Set{Images: drawn.Images, Labels: drawn.Labels, Shape: glyph.Shape{28, 28, 1}}, Classes: 10,
	}
	data.Mean, data.Scale = kmnist.Normalise(drawn, false)
	net, err := models.New(b, models.Spec{Model: model}, batch)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	s, err := train.NewStepper(b, net, data, train.Options{Batch: batch, LR: 0.01, Rule: glyph.NewOptimizer(rule)})
	if err != nil {
		t.Fatal(err)
	}
	return net, s
}

func TestStepAllocatesNothing(t *testing.T) {
	b := cpu.New[float32](2)
	defer b.Close() //nolint:errcheck // it has failed nowhere
	for _, model := range []string{"mlp", "cnn", "vgg", "resnet"} {
		_, s := stepper(t, b, model, 16, glyph.Adam)
		steps := 20
		if model == "vgg" || model == "resnet" {
			steps = 4
		}
		s.Take(2)                                                          // scratch memory grows
		if n := testing.AllocsPerRun(5, func() { s.Take(steps) }); n > 1 { // asking for steps is a closure
			t.Errorf("%d steps of %s allocate %v times", steps, model, n)
		}
	}
}

// BenchmarkStep measures whole training steps of the presets, as glyph bench
// does.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct {
		model string
		batch int
	}{{"mlp", 16}, {"mlp", 128}, {"cnn", 64}, {"cnn", 128}, {"kmnist-benchmark", 128}, {"vgg", 64}, {"resnet", 64}} {
		b.Run(fmt.Sprintf("%s/%d", c.model, c.batch), func(b *testing.B) {
			backend := cpu.New[float32](0)
			defer backend.Close() //nolint:errcheck // as above
			net, s := stepper(b, backend, c.model, c.batch, glyph.SGD)
			s.Take(1)
			flops := 0
			for _, stage := range net.Stages() {
				flops += stage.TrainingFLOPs
			}
			b.ReportAllocs()
			b.ResetTimer()
			s.Take(b.N)
			each := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(c.batch)/each, "images/s")
			speed := float64(c.batch*flops) / each
			b.ReportMetric(speed/1e9, "GFLOP/s")
			if peak := backend.MeasurePeak(5); peak > 0 {
				b.ReportMetric(100*speed/peak, "%peak")
			}
		})
	}
}

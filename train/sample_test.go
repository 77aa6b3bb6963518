package train

import (
	"context"
	"math"
	"slices"
	"testing"

	"glyph/cpu"
)

// Samples come after the steps that were asked for, with their loss and, in the
// network, their gradients; how often changes nothing.
func TestSamples(t *testing.T) {
	data, opt := toyData(100, 0, 30), toyOptions() // 7 steps an epoch
	type seen struct{ loss, accuracy, norm float64 }
	train := func(every int) (samples map[int]seen, losses []float64, w []float32) {
		b := cpu.New[float32](2)
		defer b.Close() //nolint:errcheck // Run has told of errors
		net := newNet(t, b, toyMLP, opt.Batch)
		samples = map[int]seen{}
		say := Callbacks{Step: func(_ int, loss, _ float64) { losses = append(losses, loss) }}
		if every > 0 {
			say.SampleEvery, say.Sample = every, func(s Sample) {
				norm, err := net.GradientNorm()
				if err != nil || s.ImagesPerSecond <= 0 {
					t.Errorf("%+v: %v", s, err)
				}
				g, square := make([]float32, net.G.Size()), 0.0
				if err := b.Read(g, net.G); err != nil {
					t.Fatal(err)
				}
				for _, v := range g {
					square += float64(v) * float64(v)
				}
				if math.Abs(norm-math.Sqrt(square)) > 1e-6*norm {
					t.Errorf("step %d: norm %v, want %v", s.Step, norm, math.Sqrt(square))
				}
				samples[s.Step] = seen{s.Loss, s.Accuracy, norm}
			}
		}
		if _, err := Run(context.Background(), b, net, data, opt, say); err != nil {
			t.Fatal(err)
		}
		return samples, losses, weights(t, b, net)
	}
	each, losses, want := train(1)
	if len(each) != 28 || len(losses) != 28 {
		t.Fatalf("%d samples of %d steps, want 28", len(each), len(losses))
	}
	for step, s := range each {
		if s.loss != losses[step] {
			t.Errorf("step %d: loss %v in the sample, %v in the step", step, s.loss, losses[step])
		}
	}
	for _, every := range []int{0, 3, 4, 5, 7, 50} {
		some, _, w := train(every)
		if !slices.Equal(w, want) {
			t.Errorf("a sample each %d steps trains to other weights", every)
		}
		wanted := 0
		for step := range 28 {
			got, ok := some[step]
			due := every > 0 && (step%7+1)%every == 0
			if due {
				wanted++
			}
			if ok != due || ok && got != each[step] {
				t.Errorf("each %d: step %d: %+v, %v; want %+v, %v", every, step, got, ok, each[step], due)
			}
		}
		if len(some) != wanted {
			t.Errorf("each %d: %d samples, want %d", every, len(some), wanted)
		}
	}
}

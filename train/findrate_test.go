package train_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
	"glyph/train"
)

// The rates rise evenly in the logarithm from the first to the last, the average is
// that of the losses, and the suggestion lies where the network learns.
func TestFindRate(t *testing.T) {
	find := func(ctx context.Context, test train.RateTest) (train.RateCurve, error) {
		b := cpu.New[float32](1)
		defer b.Close() //nolint:errcheck // nothing fails on the CPU
		data := rows(200)
		net, err := models.New(b, models.Spec{Model: "mlp", Hidden: []int{8}}, 16)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(1)
		rule, _ := glyph.ParseOptimizer("momentum")
		return train.FindRate(ctx, b, net, data, train.Options{Epochs: 1, Batch: 16, LR: 1, Rule: rule, Seed: 1}, test)
	}
	test := train.RateTest{Low: 1e-5, High: 100, Steps: 130}
	c, err := find(context.Background(), test)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Diverged || len(c.Points) < 60 || math.Abs(c.Points[0].Rate/1e-5-1) > 1e-4 {
		t.Fatalf("%d points from %+v, diverged %t", len(c.Points), c.Points[0], c.Diverged)
	}
	ratio := c.Points[1].Rate / c.Points[0].Rate
	average := 0.0
	for i, p := range c.Points {
		if i > 0 && math.Abs(p.Rate/c.Points[i-1].Rate/ratio-1) > 1e-4 {
			t.Errorf("step %d: rate %v after %v", i, p.Rate, c.Points[i-1].Rate)
		}
		average = 0.95*average + 0.05*p.Loss
		if want := average / (1 - math.Pow(0.95, float64(i+1))); math.Abs(p.Smoothed-want) > 1e-9*want {
			t.Errorf("step %d: smoothed %v, want %v", i, p.Smoothed, want)
		}
	}
	if steps := 10 * 13; math.Abs(math.Pow(ratio, float64(steps))-1e7) > 1e4 {
		t.Errorf("the rate rises by %v a step", ratio)
	}
	if c.Suggested != c.Lowest/4 || c.Lowest < 1e-3 || c.Lowest >= c.Points[len(c.Points)-1].Rate {
		t.Errorf("suggested %v, lowest at %v", c.Suggested, c.Lowest)
	}
	again, err := find(context.Background(), test)
	if err != nil || again.Lowest != c.Lowest || again.Points[20] != c.Points[20] {
		t.Errorf("again: lowest at %v, %v", again.Lowest, err)
	}
	if _, err := find(context.Background(), train.RateTest{Low: 1e-30, High: 1e-29, Steps: 100}); err == nil {
		t.Error("nothing was learnt, and a rate was suggested")
	}
	for _, bad := range []train.RateTest{{0, 1, 100}, {1, 1, 100}, {math.NaN(), 1, 100}, {1, math.Inf(1), 100}, {0.1, 1, 3}, {0.1, 1, 1e6}} {
		if _, err := find(context.Background(), bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := find(stopped, test); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// rows is images whose class is where their bright rows are.
func rows(n int) train.Data {
	s := train.Set{Shape: glyph.Shape{28, 28, 1}}
	for i := range n {
		s.Labels = append(s.Labels, byte(i%10))
		for p := range 784 {
			v := byte(p * (i + 7) % 50)
			if p/28/2 == i%10 {
				v += 200
			}
			s.Images = append(s.Images, v)
		}
	}
	return train.Data{Train: s, Classes: 10, Mean: []float32{60}, Scale: []float32{0.01}}
}

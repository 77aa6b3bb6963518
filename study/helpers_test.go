package study

import (
	"context"
	"math"
	"sync"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
	"glyph/settings"
	"glyph/train"
)

// tiny is experiments in sizes that train in milliseconds: two that share an
// arm, one with a rate that is not chosen, and a comparison of gradients.
func tiny() []Experiment {
	base := Settings{Recipe: settings.Recipe{Spec: models.Spec{Model: "mlp", Hidden: []int{4}}, Batch: 8, Epochs: 2}, Rates: []float64{0.01, 0.1}}
	return []Experiment{
		{
			Name: "width", Title: "Width", Question: "How wide?", Fixed: base,
			Vary: []Axis{{ofHidden, []Choice{
				{Label: "4", X: 4, Set: hidden(4)}, {Label: "8", X: 8, Set: hidden(8)},
				{Label: "16", X: 16, Set: hidden(16)},
			}}},
			Figures: []Figure{{Name: "accuracy", Kind: Curves, X: ofHidden, Log: true, Caption: "By width"}},
			Claims:  []Statement{{Finding: 1, Says: "8 beats 4", Claim: Beats{A: []string{"8"}, B: []string{"4"}}}},
		},
		{
			Name: "images", Title: "Images", Question: "How many?", Fixed: base.with(func(s *Settings) { s.Norms = true }),
			Vary: []Axis{{ofImages, []Choice{
				{Label: "20", Set: images(20, 2)}, {Label: "40", Set: images(40, 2)}, {Label: "400", Set: images(400, 2)},
			}}},
			Figures: []Figure{{Name: "norms", Kind: LayerNorms, Caption: "Norms"}, {Name: "points", Kind: Points, X: ofImages, Caption: "Points"}},
			Claims:  []Statement{{Finding: 5, Says: "it vanishes", Of: Vanishing, Claim: Reaches{"40", -5}}},
		},
		{
			Name: "rate", Title: "Rate", Question: "How fast?", Fixed: base,
			Vary: []Axis{{ofRate, []Choice{
				{Label: "0.1", Set: rate(0.1)}, {Label: "too high", Set: rate(1e30)},
			}}},
			Figures: []Figure{{Name: "accuracy", Kind: Points, X: ofRate, Caption: "By rate"}},
			Claims:  []Statement{{Says: "a high rate diverges", Claim: Beats{A: []string{"0.1"}, B: []string{"too high"}, By: -1}}},
		},
		{
			Name: "gradients", Title: "Gradients", Question: "Do they match?", Gradients: true,
			Claims: []Statement{{Finding: 12, Says: "they match", Claim: AllBelow{1e-10}}},
		},
	}
}

// bars is 28×28 images whose class is where the brightest row is.
func bars(n int) train.Set {
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
	return s
}

// part is images from one to before another.
func part(s train.Set, from, to int) train.Set {
	return train.Set{Images: s.Images[from*784 : to*784], Labels: s.Labels[from:to], Shape: s.Shape}
}

// tinyData is 40 training and 20 test images.
func tinyData() Data {
	all := bars(60)
	return Data{
		Source: "bars", Train: 40, Test: 20, Hash: HashData(all),
		Open: func(images int, split Split) (train.Data, error) {
			d := train.Data{Train: part(all, 0, images), Test: part(all, 40, 60), Classes: 10, Mean: []float32{60}, Scale: []float32{0.01}}
			if split != Whole {
				held := int(ValidationShare * float64(images))
				end := images - held*int(split%4)
				d.Train, d.Test = part(all, 0, end-held), part(all, end-held, end)
			}
			return d, nil
		},
		Tune: func(set settings.Training) (train.Data, error) {
			held := int(math.Round(set.Validation * 40))
			from := int(set.Seed) % 3 * held
			d := train.Data{Train: part(all, held, 40), Validation: part(all, 0, held), Classes: 10, Mean: []float32{60}, Scale: []float32{0.01}}
			if from > 0 { // another split for another seed
				d.Train, d.Validation = part(all, 0, 40-held), part(all, 40-held, 40)
			}
			return d, nil
		},
	}
}

// tally counts the trials that are begun.
type tally struct {
	mu        sync.Mutex
	opened    int
	gradients int // comparisons
}

func (c *tally) open() (glyph.Backend, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened++
	return cpu.New[float32](1), nil
}

func (c *tally) options(shard Shard) Options {
	return Options{
		Open: c.open, Parallel: 3, Shard: shard,
		Session: Session{ID: "s" + shard.String(), Version: "v", Backend: "cpu", Device: "d", Parallel: 3},
		Gradients: func() (Gradients, error) {
			c.gradients++
			return Gradients{Checks: []GradientCheck{{"dense dx", 3e-13}}, Bound: 1e-10}, nil
		},
	}
}

// tinyPlan is the plan of all tiny experiments.
func tinyPlan(t testing.TB, seeds int) *Plan {
	t.Helper()
	p, err := NewPlan(tiny(), tinyData(), Scope{Seeds: seeds})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// runIn runs a plan in a directory and returns what is there then and how many
// trials it took, with the comparison of gradients.
func runIn(t testing.TB, dir string, p *Plan, shard Shard) (Contents, int) {
	t.Helper()
	store, err := OpenStore(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var c tally
	if err := Run(context.Background(), p, store, c.options(shard)); err != nil {
		t.Fatal(err)
	}
	return store.Contents, c.opened + c.gradients
}

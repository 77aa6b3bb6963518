package study_test

import (
	"context"
	"fmt"
	"os"

	"glyph"
	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/settings"
	"glyph/study"
)

// depth is an experiment of one's own: what is fixed, what is varied, and what is
// claimed of it.
var depth = study.Experiment{
	Name: "depth", Title: "Hidden layers", Question: "Does a second hidden layer help?",
	Fixed: study.Settings{
		Recipe: settings.Recipe{Spec: models.Spec{Model: "mlp"}, Batch: 10, Epochs: 5, Optimizer: "adam"},
		Rates:  []float64{0.003, 0.01}, // the better one is chosen on a validation set
	},
	Vary: []study.Axis{{Of: "hidden layers", Choices: []study.Choice{
		{Label: "one", Set: func(s *study.Settings) { s.Hidden = []int{16} }},
		{Label: "two", Set: func(s *study.Settings) { s.Hidden = []int{16, 16} }},
	}}},
	Claims: []study.Statement{{Says: "two layers are within 90 points of one", Claim: study.Within{A: "two", B: "one", By: 0.9}}},
}

// drawn is 200 drawn characters to train on and 50 to test on.
func drawn() study.Data { return study.DataOf(kmnist.Synthetic(1, 200, 50)) }

// An experiment is a value. A plan is made of a list of them, run into a
// directory, and analysed from what is there.
func Example() {
	all := []study.Experiment{depth}
	if err := depth.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	plan, err := study.NewPlan(all, drawn(), study.Scope{Seeds: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store, err := study.OpenStore(dir, plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	open := func() (glyph.Backend, error) { return cpu.New[float32](1), nil }
	if err := study.Run(context.Background(), plan, store, study.Options{Open: open, Parallel: 2}); err != nil {
		fmt.Println(err)
		return
	}
	analysis, err := study.Analyse(store.Contents, all)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, arm := range analysis.Experiments[0].Arms {
		fmt.Printf("%s: %d trainings\n", arm.Label, len(arm.Results))
	}
	for _, claim := range analysis.Experiments[0].Claims {
		fmt.Printf("%s: %v\n", claim.Says, claim.Verdict)
	}
	// Output:
	// one: 2 trainings
	// two: 2 trainings
	// two layers are within 90 points of one: holds
}

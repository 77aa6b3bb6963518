package runs_test

import (
	"testing"

	"glyph/models"
	"glyph/runs"
)

// Members that differ in the channels of their images say so.
func TestEnsembleOfColourAndGrey(t *testing.T) {
	member := func(path string, input ...int) *runs.Weights {
		return &runs.Weights{Path: path, Spec: models.Spec{Model: "linear", Input: input}}
	}
	err := runs.Ensemble{Members: []*runs.Weights{member("a", 5, 7, 1), member("b", 5, 7, 3)}}.Validate()
	if want := "a takes images of 5×7 and b of 5×7×3: they can't be evaluated together"; err == nil || err.Error() != want {
		t.Errorf("%v, want %q", err, want)
	}
}

package progress

import (
	"testing"

	"glyph/runs"
)

// A line has the figures that there are: a validation loss of exactly 0 is one.
func TestEpochLine(t *testing.T) {
	zero := 0.0
	for want, m := range map[string]runs.Metric{
		"epoch  1  train loss 0.0000  accuracy  0.00 %  val loss 0.0000  accuracy  0.00 %  0 images/s": {Epoch: 1, ValidationLoss: &zero, ValidationAccuracy: &zero},
		"epoch 12  train loss 0.5000  accuracy 75.00 %  1,000 images/s":                                {Epoch: 12, Loss: 0.5, Accuracy: 0.75, ImagesPerSecond: 1000},
		"epoch  1  train loss 0.0000  accuracy  0.00 %  val loss 0.0000  0 images/s":                   {Epoch: 1, ValidationLoss: &zero},
	} {
		if got := epochLine(m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The ending of a run says what can be done next.
func TestEnding(t *testing.T) {
	half := 0.5
	for want, r := range map[string]runs.Run{
		"finished: test accuracy 50.00 % after 2 epochs":                                            {State: runs.Finished, TestAccuracy: &half, Epoch: 2},
		"finished after 1 epoch":                                                                    {State: runs.Finished, Epoch: 1},
		"crashed after 1 of 3 epochs; resume with: glyph train --resume a":                          {State: runs.Crashed, Resumable: true, Dir: "a", Epoch: 1, Epochs: 3},
		"crashed before the first checkpoint; start again with: glyph train --config a/config.toml": {State: runs.Crashed, Dir: "a"},
	} {
		if got := ending(&r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

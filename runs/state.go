package runs

import (
	"regexp"

	"glyph/train"
)

// stateRecord is a train.State in a checkpoint's header, without its arrays.
type stateRecord struct {
	Epoch  int        `json:"epoch"`
	Steps  int        `json:"steps"`
	Sums   sumsRecord `json:"sums"`
	Epochs []Epoch    `json:"epochs"`

	BestLoss  float64 `json:"best_loss,omitempty"`
	BestEpoch int     `json:"best_epoch,omitempty"`

	Seconds float64 `json:"seconds"`
	Images  int     `json:"images"`
	Done    bool    `json:"done"`
	Stopped string  `json:"stopped,omitempty"`
}

type sumsRecord struct {
	Loss    float64 `json:"loss"`
	Hits    int     `json:"hits"`
	Samples int     `json:"samples"`
}

func recordOf(s *train.State) *stateRecord {
	return &stateRecord{
		Epoch: s.Epoch, Steps: s.Steps, Sums: sumsRecord(s.Sums), Epochs: Epochs(s.Epochs),
		BestLoss: s.BestLoss, BestEpoch: s.BestEpoch,
		Seconds: s.Seconds, Images: s.Images, Done: s.Done, Stopped: string(s.Stopped),
	}
}

func (r *stateRecord) state() *train.State {
	s := &train.State{
		Epoch: r.Epoch, Steps: r.Steps, Sums: train.Sums(r.Sums),
		BestLoss: r.BestLoss, BestEpoch: r.BestEpoch,
		Seconds: r.Seconds, Images: r.Images, Done: r.Done, Stopped: parseStop(r.Stopped),
	}
	for _, e := range r.Epochs {
		s.Epochs = append(s.Epochs, e.train())
	}
	return s
}

// parseStop reads a reason to stop. Older versions wrote a sentence where early
// stopping was the reason.
func parseStop(text string) train.StopReason {
	switch s := train.StopReason(text); s {
	case train.RanToEnd, train.Interrupted, train.NoImprovement:
		return s
	}
	return train.NoImprovement
}

// workers is what follows the kernels in the name of the CPU backend.
var workers = regexp.MustCompile(`, \d+ workers?(,.*)?$`)

// arithmeticOf is what a checkpoint of version 1 says of rounding: the device's
// name, of a processor without the number of workers and the model, neither of
// which changes a bit.
func arithmeticOf(device string) string { return workers.ReplaceAllString(device, "") }

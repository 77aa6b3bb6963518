package runs

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"

	"glyph"
	"glyph/internal/atomicfile"
	"glyph/models"
	"glyph/train"
)

// Summary is the results of a training: summary.json, and what glyph train --json
// prints. Every figure but those of training belongs to the weights that were kept,
// which are those of epoch BestEpoch.
type Summary struct {
	Data             string           `json:"data"`        // kmnist, synthetic or the directory
	DataSource       string           `json:"data_source"` // in a sentence
	TrainImages      int              `json:"train_images"`
	ValidationImages int              `json:"validation_images"`
	TestImages       int              `json:"test_images"`
	Model            string           `json:"model"`
	Spec             models.Spec      `json:"spec"`
	Parameters       int              `json:"parameters"`
	Backend          string           `json:"backend"`
	Device           string           `json:"device"`
	Kernels          string           `json:"kernels,omitempty"` // of the CPU backend
	Optimizer        string           `json:"optimizer"`
	LR               float64          `json:"lr"`
	Schedule         string           `json:"schedule"`
	Batch            int              `json:"batch"`
	Epochs           int              `json:"epochs"`     // done
	BestEpoch        int              `json:"best_epoch"` // whose weights were kept
	Stopped          train.StopReason `json:"stopped,omitempty"`
	Seconds          float64          `json:"seconds"` // of training steps, without evaluations
	ImagesPerSecond  float64          `json:"images_per_second"`
	TrainLoss        float64          `json:"train_loss"` // of the last epoch, while the weights moved
	TrainAccuracy    float64          `json:"train_accuracy"`
	TestLoss         float64          `json:"test_loss"`
	TestAccuracy     float64          `json:"test_accuracy"`
	Confusion        [][]int          `json:"confusion"` // [label][prediction]
	Seed             uint64           `json:"seed"`
	Weights          string           `json:"weights,omitempty"` // the file that was evaluated
	Report           string           `json:"report,omitempty"`  // the page that the run has, or is to get next
	History          []Epoch          `json:"history"`

	ValidationLoss     *float64            `json:"validation_loss,omitempty"` // where there is a validation set
	ValidationAccuracy *float64            `json:"validation_accuracy,omitempty"`
	Smoothing          float64             `json:"smoothing,omitempty"` // of the labels
	Augment            *glyph.Augmentation `json:"augment,omitempty"`   // of the training images
	Average            float64             `json:"ema,omitempty"`       // decay of the average that was kept

	// Runs of older versions have neither. Classes are the names, by label.
	TestBalancedAccuracy *float64 `json:"test_balanced_accuracy,omitempty"`
	Classes              []string `json:"classes,omitempty"`
}

// LastStep is the number of the training's last step, from 1 over all epochs.
func (s *Summary) LastStep() int {
	if s.Batch < 1 {
		return 0
	}
	return s.Epochs * ((s.TrainImages + s.Batch - 1) / s.Batch)
}

// UnmarshalJSON reads a summary of this version or of an older one, which said
// holdout for validation and did not repeat the figures of the best epoch.
func (s *Summary) UnmarshalJSON(text []byte) error {
	type plain Summary
	old := struct {
		*plain
		HoldoutImages int    `json:"holdout_images"`
		Stopped       string `json:"stopped"`
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(text, &old); err != nil {
		return err
	}
	s.Stopped = parseStop(old.Stopped)
	if s.ValidationImages == 0 {
		s.ValidationImages = old.HoldoutImages
	}
	if best := s.Best(); best != nil && s.ValidationLoss == nil {
		s.ValidationLoss, s.ValidationAccuracy = best.ValidationLoss, best.ValidationAccuracy
	}
	return nil
}

// Best is the record of the epoch whose weights were kept, or nil.
func (s *Summary) Best() *Epoch {
	for i, e := range s.History {
		if e.Epoch == s.BestEpoch {
			return &s.History[i]
		}
	}
	return nil
}

// WriteSummary keeps a summary in a run's directory. The error says why in one
// line.
func WriteSummary(dir string, s *Summary) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err == nil && len(text) > maxSummary { // millions of epochs, which metrics.jsonl has too
		short := *s
		short.History = nil
		text, err = json.MarshalIndent(short, "", "  ")
	}
	if err != nil {
		return err
	}
	return atomicfile.WriteFile(filepath.Join(dir, SummaryFile), append(text, '\n'))
}

// ReadSummary reads the summary of a run's directory. It is nil, without an
// error, if there is none: the training has not ended.
func ReadSummary(dir string) (*Summary, error) {
	path := filepath.Join(dir, SummaryFile)
	text, err := readBounded(path, maxSummary)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s Summary
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, unreadable(path, err)
	}
	return &s, nil
}

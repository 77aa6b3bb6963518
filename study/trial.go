package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"glyph/settings"
)

// Trial is one training: settings, learning rate and seed, on some data.
// Everything that its result depends on is here, so that two experiments that
// ask for the same trial share it.
type Trial struct {
	Data string `json:"data"` // Data.Hash
	Settings
	Rate float64 `json:"lr"`
	Seed uint64  `json:"seed"`
	// Validation trains on what is left of the training images without the
	// validation set that the seed draws, and evaluates on that.
	Validation bool `json:"holdout,omitempty"`
	// Tuning is what a trial of a sweep has besides; nil for a study's.
	Tuning *Tuning `json:"tuning,omitempty"`

	id string // ID, where it is asked for often; else ""
}

// Tuning makes a trial one of a sweep. It trains as glyph train does with these
// settings: the seed draws the validation set too, which is evaluated after every
// epoch, and the weights of the best epoch count. It never sees the test set.
type Tuning struct {
	Validation float64 `json:"validation"`
	Normalise  string  `json:"normalise"`
	Patience   int     `json:"patience,omitempty"`
}

// training is all settings of a sweep's trial.
func (t Trial) training() settings.Training {
	return settings.Training{
		Recipe: t.Recipe, LR: t.Rate, Seed: t.Seed,
		Validation: t.Tuning.Validation, Normalise: t.Tuning.Normalise, Patience: t.Tuning.Patience,
	}
}

// split is what the trial holds out of its training images.
func (t Trial) split() Split {
	if t.Validation {
		return Split(t.Seed)
	}
	return Whole
}

// ID names the trial: the start of a SHA-256 over all its settings.
func (t Trial) ID() string {
	if t.id != "" {
		return t.id
	}
	return identity(t)
}

// identity hashes a value by its JSON.
func identity(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // a number that is not finite: Validate refuses it
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// Result is the result of a trial.
type Result struct {
	ID    string `json:"id"`
	Trial Trial  `json:"trial"` // for people and for other programs; ID decides

	// Accuracy and Loss are of the set evaluated on, after the last epoch.
	Accuracy      float64 `json:"accuracy"`
	Loss          float64 `json:"loss"`
	TrainAccuracy float64 `json:"train_accuracy"`
	TrainLoss     float64 `json:"train_loss"`
	// Diverged says where the loss became non-finite, or is "". Such a network
	// counts as one that guesses: its accuracy is 1/classes.
	Diverged string `json:"diverged,omitempty"`

	Parameters      int     `json:"parameters"`
	Images          int     `json:"images"`            // trained on
	ImagesPerSecond float64 `json:"images_per_second"` // of training steps
	Seconds         float64 `json:"seconds"`           // all of it
	Norms           []Norms `json:"norms,omitempty"`

	// Of a sweep's trial: the epoch whose weights were evaluated, and how many
	// epochs there were. Accuracy and Loss are those of the validation set.
	Best   int `json:"best_epoch,omitempty"`
	Epochs int `json:"epochs,omitempty"`

	Session string  `json:"session"` // which run of the program did it
	End     float64 `json:"end"`     // seconds after that began
}

// outcome is the figures of a trial, by name. Time and device are not part of it.
func (r Result) outcome() []measured {
	return []measured{
		{"accuracy", r.Accuracy}, {"loss", r.Loss}, {"training accuracy", r.TrainAccuracy}, {"training loss", r.TrainLoss},
		{"parameters", r.Parameters}, {"divergence", r.Diverged != ""},
	}
}

type measured struct {
	name  string
	value any
}

// agrees reports whether two results of a trial are the same.
func (r Result) agrees(o Result) bool { return slices.Equal(r.outcome(), o.outcome()) }

// contradiction names the trial of two results that do not agree, and what is not
// the same.
func (r Result) contradiction(o Result) string {
	var parts []string
	other := o.outcome()
	for i, m := range r.outcome() {
		if m != other[i] {
			parts = append(parts, fmt.Sprintf("%s %v and %v", m.name, m.value, other[i].value))
		}
	}
	return fmt.Sprintf("%s (%v): %s", r.ID, r.Trial, strings.Join(parts, ", "))
}

// Norms are gradient norms: for each weight tensor from input to output, the
// 2-norm of the gradient of the mean loss over the first 256 training images.
type Norms struct {
	Epoch  int       `json:"epoch"` // epochs done before; 0 is at initialisation
	Layers []string  `json:"layers"`
	Norm   []float64 `json:"norm"`
}

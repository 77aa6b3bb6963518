package study

import (
	"slices"

	"glyph"
	"glyph/models"
	"glyph/settings"
)

// Experiments returns the experiments on KMNIST, in the order of the report. The
// caller may modify the list.
func Experiments() []Experiment {
	return slices.Concat(mlpExperiments(), cnnExperiments(), vggExperiments())
}

// The networks and how they are trained: alike, except for the batch size and what
// follows from it.

func linear() Settings {
	return Settings{
		Recipe: settings.Recipe{Spec: models.Spec{Model: "linear"}, Batch: 16, Epochs: 10, Optimizer: "momentum", Schedule: "one-cycle"},
		Rates:  []float64{0.001, 0.003, 0.01, 0.03},
	}
}

func mlp() Settings {
	return Settings{
		Recipe: settings.Recipe{
			Spec:  models.Spec{Model: "mlp", Hidden: []int{256}, Activation: "relu"},
			Batch: 16, Epochs: 10, Optimizer: "momentum", Schedule: "one-cycle",
		},
		Rates: []float64{0.003, 0.01, 0.03, 0.1},
	}
}

func cnn() Settings {
	return Settings{
		Recipe: settings.Recipe{
			Spec:  models.Spec{Model: "cnn", Filters: []int{32, 64, 64}, Units: []int{256}, Activation: "relu"},
			Batch: 64, Epochs: 8, Optimizer: "momentum", Schedule: "one-cycle",
		},
		Rates: []float64{0.03, 0.1, 0.3},
	}
}

// thousand is how the CNN is trained on the first 1,000 images alone: long, as
// augmentation never shows it an image twice, and held back by weight decay and
// label smoothing. It was chosen among 15 ways on a validation set of 200 of them.
func thousand() Settings {
	return cnn().with(func(s *Settings) {
		s.Images, s.Epochs, s.Batch, s.Optimizer, s.LabelSmoothing = 1000, 200, 32, "adamw", 0.1
		s.WeightDecay = new(0.5)
		s.Rates = []float64{0.002}
	})
}

// Choices.

func network(n Settings) func(*Settings)     { return func(s *Settings) { *s = n.clone() } }
func hidden(units ...int) func(*Settings)    { return func(s *Settings) { s.Hidden = units } }
func units(n ...int) func(*Settings)         { return func(s *Settings) { s.Units = n } }
func filters(n ...int) func(*Settings)       { return func(s *Settings) { s.Filters = n } }
func activation(name string) func(*Settings) { return func(s *Settings) { s.Activation = name } }
func l2(lambda float64) func(*Settings)      { return func(s *Settings) { s.L2 = lambda } }
func rate(rates ...float64) func(*Settings)  { return func(s *Settings) { s.Rates = rates } }
func images(n, epochs int) func(*Settings) {
	return func(s *Settings) { s.Images, s.Epochs = n, epochs }
}
func both(a, b func(*Settings)) func(*Settings) { return func(s *Settings) { a(s); b(s) } }

func batch(n int, rates ...float64) func(*Settings) {
	return func(s *Settings) { s.Batch, s.Rates = n, rates }
}

func affine(s *Settings) { s.Augment = glyph.DefaultAugmentation() }

// The quick study: fewer images, epochs and learning rates.
var (
	quickMLP     = Quick{Images: 3000, Epochs: 6, Rates: 2}
	quickSamples = Quick{Images: 2000, Epochs: 8, Rates: 2}
	quickCNN     = Quick{Images: 1000, Epochs: 5, Rates: 2}
)

// Axes that several experiments share.
const (
	ofHidden     = "units of the hidden layers"
	ofNetwork    = "network"
	ofActivation = "activation"
	ofDepth      = "hidden layers"
	ofLambda     = "λ"
	ofBatch      = "batch size"
	ofRate       = "learning rate"
	ofImages     = "training images"
	ofUnits      = "units of the dense layer"
	ofFilters    = "filters of each convolution"
	ofDistortion = "augmentation"
)

package study

import "slices"

// Experiments are all experiments, in the order of the report. Adding one is
// adding a value.
var Experiments = slices.Concat(mlpExperiments, cnnExperiments)

// The networks and how they are trained: alike, but for the batch and what
// follows from it.
var (
	linear = Settings{
		Model: "linear",
		Batch: 16, Epochs: 10, Optimizer: "momentum", Schedule: "one-cycle",
		Rates: []float64{0.001, 0.003, 0.01, 0.03},
	}
	mlp = Settings{
		Model: "mlp", Hidden: []int{256}, Activation: "relu",
		Batch: 16, Epochs: 10, Optimizer: "momentum", Schedule: "one-cycle",
		Rates: []float64{0.003, 0.01, 0.03, 0.1},
	}
	cnn = Settings{
		Model: "cnn", Filters: []int{32, 64, 64}, Units: []int{256}, Activation: "relu",
		Batch: 64, Epochs: 8, Optimizer: "momentum", Schedule: "one-cycle",
		Rates: []float64{0.03, 0.1, 0.3},
	}
)

// thousand is how the CNN is trained on the first 1,000 images alone: long, as
// augmentation never shows it an image twice, and held back by weight decay and
// label smoothing. It was chosen among 15 ways on a validation set of 200 of them.
var thousand = cnn.with(Settings{
	Images: 1000, Epochs: 200, Batch: 32, Optimizer: "adamw", Decay: 0.5, Smoothing: 0.1, Rates: []float64{0.002},
})

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

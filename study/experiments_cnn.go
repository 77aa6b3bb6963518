package study

import "glyph"

// The two networks as choices.
var networks = Axis{ofNetwork, []Choice{{Label: "MLP", Set: mlp}, {Label: "CNN", Set: cnn}}}

// The batch sizes, each with learning rates about where its best is: a batch
// four times as large goes with one about three times as high.
var batches = []Choice{
	{Label: "16", X: 16, Set: Settings{Batch: 16, Rates: []float64{0.003, 0.01, 0.03, 0.1}}},
	{Label: "32", X: 32, Set: Settings{Batch: 32, Rates: []float64{0.01, 0.03, 0.1}}},
	{Label: "64", X: 64, Set: Settings{Batch: 64, Rates: []float64{0.03, 0.1, 0.3}}},
	{Label: "128", X: 128, Set: Settings{Batch: 128, Rates: []float64{0.03, 0.1, 0.3}}},
	{Label: "256", X: 256, Set: Settings{Batch: 256, Rates: []float64{0.03, 0.1, 0.3}}},
}

// arms of batches, as claims name them.
var (
	mlpBatches = []string{"MLP, 16", "MLP, 32", "MLP, 64", "MLP, 128", "MLP, 256"}
	cnnBatches = []string{"CNN, 16", "CNN, 32", "CNN, 64", "CNN, 128", "CNN, 256"}
)

var cnnExperiments = []Experiment{
	{
		Name:     "models",
		Title:    "Linear classifier, MLP and CNN",
		Question: "What do a hidden layer and convolutions gain?",
		Vary: []Axis{{ofNetwork, []Choice{
			{Label: "linear", Set: linear},
			{Label: "MLP", Set: mlp},
			{Label: "CNN", Set: cnn},
		}}},
		Quick: quickSamples,
		Figures: []Figure{
			{Name: "accuracy", Kind: Points, X: ofNetwork, Caption: "Accuracy of the three networks"},
		},
		Claims: []Statement{
			{Finding: 2, Says: "an MLP beats the linear classifier by more than 8 points",
				Claim: Beats{A: []string{"MLP"}, B: []string{"linear"}, By: 0.08}},
			{Finding: 7, Says: "the CNN beats the MLP",
				Claim: Beats{A: []string{"CNN"}, B: []string{"MLP"}}},
		},
	},
	{
		Name:     "samples",
		Title:    "Sample efficiency",
		Question: "How does accuracy grow with the number of training images?",
		Vary: []Axis{networks, {ofImages, []Choice{
			{Label: "250", X: 250, Set: Settings{Images: 250, Epochs: 60}},
			{Label: "500", X: 500, Set: Settings{Images: 500, Epochs: 50}},
			{Label: "1000", X: 1000, Set: Settings{Images: 1000, Epochs: 40}},
			{Label: "2000", X: 2000, Set: Settings{Images: 2000, Epochs: 20}},
			{Label: "4000", X: 4000, Set: Settings{Images: 4000, Epochs: 12}},
			{Label: "7000", X: 7000, Set: Settings{Images: 7000, Epochs: 10}},
			{Label: "15000", X: 15000, Set: Settings{Images: 15000, Epochs: 10}},
			{Label: "30000", X: 30000, Set: Settings{Images: 30000, Epochs: 10}},
			{Label: "60000", X: 60000, Set: Settings{Images: 60000, Epochs: 10}},
		}}},
		Quick: quickSamples,
		Figures: []Figure{
			{Name: "accuracy", Kind: Curves, X: ofImages, Log: true, Caption: "Accuracy by the number of training images"},
		},
		Claims: []Statement{
			{Finding: 8, Says: "the CNN beats the MLP from 250, 500, 1000 and 2000 images",
				Claim: All{
					Beats{A: []string{"CNN, 250"}, B: []string{"MLP, 250"}},
					Beats{A: []string{"CNN, 500"}, B: []string{"MLP, 500"}},
					Beats{A: []string{"CNN, 1000"}, B: []string{"MLP, 1000"}},
					Beats{A: []string{"CNN, 2000"}, B: []string{"MLP, 2000"}},
				}},
			{Finding: 8, Says: "the CNN beats the MLP that has twice its images",
				Claim: All{
					Beats{A: []string{"CNN, 500"}, B: []string{"MLP, 1000"}},
					Beats{A: []string{"CNN, 1000"}, B: []string{"MLP, 2000"}},
				}},
			{Finding: 8, Says: "from 1000 images the CNN reaches 50 %",
				Claim: Reaches{"CNN, 1000", 0.5}},
		},
	},
	{
		Name:     "thousand",
		Title:    "The first 1,000 images",
		Question: "How far does augmentation take the CNN from the first 1,000 training images?",
		Fixed:    thousand,
		Vary: []Axis{{ofDistortion, []Choice{
			{Label: "none"},
			{Label: "affine", Set: Settings{Augment: glyph.DefaultAugmentation()}},
			{Label: "affine, 64-128-128 filters", Full: true,
				Set: Settings{Augment: glyph.DefaultAugmentation(), Filters: []int{64, 128, 128}}},
		}}},
		Quick: Quick{Epochs: 12, Rates: 1},
		Figures: []Figure{
			{Name: "accuracy", Kind: Points, X: ofDistortion, Caption: "Accuracy from the first 1,000 training images"},
		},
		Claims: []Statement{
			{Says: "with augmentation the CNN reaches 88 % from 1,000 images", Claim: Reaches{"affine", 0.88}},
			{Says: "twice the filters do better still", Claim: Beats{A: []string{"affine, 64-128-128 filters"}, B: []string{"affine"}}},
			{Says: "augmentation gains more than 3 points", Claim: Beats{A: []string{"affine"}, B: []string{"none"}, By: 0.03}},
		},
	},
	{
		Name:     "units",
		Title:    "Dense units of the CNN",
		Question: "How wide should the CNN's hidden dense layer be?",
		Fixed:    cnn,
		Vary: []Axis{{ofUnits, []Choice{
			{Label: "64", X: 64, Set: Settings{Units: []int{64}}},
			{Label: "128", X: 128, Set: Settings{Units: []int{128}}},
			{Label: "256", X: 256, Set: Settings{Units: []int{256}}},
			{Label: "512", X: 512, Set: Settings{Units: []int{512}}},
		}}},
		Quick: quickCNN,
		Figures: []Figure{
			{Name: "accuracy", Kind: Curves, X: ofUnits, Log: true, Caption: "Accuracy of the CNN by its dense units"},
		},
		Claims: []Statement{
			{Finding: 9, Says: "256 dense units beat 64, 128 and 512", Claim: Best{"256", []string{"64", "128", "512"}}},
		},
	},
	{
		Name:     "batch",
		Title:    "Batch size",
		Question: "How much does the batch size matter where the learning rate is chosen for it?",
		Vary:     []Axis{networks, {ofBatch, batches}},
		Quick:    quickCNN,
		Figures: []Figure{
			{Name: "accuracy", Kind: Curves, X: ofBatch, Log: true, Caption: "Accuracy by batch size, each at its own learning rate"},
		},
		Claims: []Statement{
			{Finding: 10, Says: "for the MLP a batch of 16 beats every other",
				Claim: Best{"MLP, 16", mlpBatches[1:]}},
			{Finding: 10, Says: "batch sizes make more of a difference to the MLP than to the CNN",
				Claim: SpreadsMore{mlpBatches, cnnBatches}},
		},
	},
	{
		Name:     "batch-fixed",
		Title:    "Batch size at a fixed learning rate",
		Question: "How much does it matter where the learning rate stays what it was for the batch of 16?",
		Fixed:    Settings{},
		Vary: []Axis{networks, {ofBatch, []Choice{
			{Label: "16", X: 16, Set: Settings{Batch: 16, Rates: []float64{0.01}}},
			{Label: "32", X: 32, Set: Settings{Batch: 32, Rates: []float64{0.01}}},
			{Label: "64", X: 64, Set: Settings{Batch: 64, Rates: []float64{0.01}}},
			{Label: "128", X: 128, Set: Settings{Batch: 128, Rates: []float64{0.01}}},
			{Label: "256", X: 256, Set: Settings{Batch: 256, Rates: []float64{0.01}}},
		}}},
		Quick: quickCNN,
		Figures: []Figure{
			{Name: "accuracy", Kind: Curves, X: ofBatch, Log: true, Caption: "Accuracy by batch size, all at a learning rate of 0.01"},
		},
		Claims: []Statement{
			{Says: "at a fixed learning rate a batch of 16 beats one of 256 by more than 3 points, in both networks",
				Claim: All{
					Beats{A: []string{"MLP, 16"}, B: []string{"MLP, 256"}, By: 0.03},
					Beats{A: []string{"CNN, 16"}, B: []string{"CNN, 256"}, By: 0.03},
				}},
			{Says: "at a fixed learning rate batch sizes make more of a difference to the MLP than to the CNN",
				Claim: SpreadsMore{mlpBatches, cnnBatches}},
		},
	},
	{
		Name:     "filters",
		Title:    "Convolution filters",
		Question: "How many filters should each of the CNN's three convolutions have?",
		Fixed:    cnn,
		Vary: []Axis{{ofFilters, []Choice{
			{Label: "4", X: 4, Set: Settings{Filters: []int{4, 4, 4}}},
			{Label: "8", X: 8, Set: Settings{Filters: []int{8, 8, 8}}},
			{Label: "16", X: 16, Set: Settings{Filters: []int{16, 16, 16}}},
			{Label: "32", X: 32, Set: Settings{Filters: []int{32, 32, 32}}},
			{Label: "64", X: 64, Set: Settings{Filters: []int{64, 64, 64}}},
		}}},
		Quick: quickCNN,
		Figures: []Figure{
			{Name: "accuracy", Kind: Curves, X: ofFilters, Log: true, Caption: "Accuracy of the CNN by the filters of each convolution"},
		},
		Claims: []Statement{
			{Finding: 11, Says: "accuracy rises from 4 to 8, 16 and 32 filters", Claim: Falls{[]string{"32", "16", "8", "4"}}},
			{Finding: 11, Says: "the step from 32 to 64 gains less than the one from 16 to 32", Claim: Diminishes{[3]string{"16", "32", "64"}}},
		},
	},
	{
		Name:     "rate",
		Title:    "Learning rate",
		Question: "How much does the learning rate matter?",
		Vary: []Axis{networks, {ofRate, []Choice{
			{Label: "0.001", X: 0.001, Set: Settings{Rates: []float64{0.001}}},
			{Label: "0.003", X: 0.003, Set: Settings{Rates: []float64{0.003}}},
			{Label: "0.01", X: 0.01, Set: Settings{Rates: []float64{0.01}}},
			{Label: "0.03", X: 0.03, Set: Settings{Rates: []float64{0.03}}},
			{Label: "0.1", X: 0.1, Set: Settings{Rates: []float64{0.1}}},
			{Label: "0.3", X: 0.3, Set: Settings{Rates: []float64{0.3}}},
		}}},
		Quick: quickCNN,
		Figures: []Figure{
			{Name: "accuracy", Kind: Curves, X: ofRate, Log: true, Caption: "Accuracy by learning rate"},
		},
		Claims: []Statement{
			{Says: "a learning rate of 0.001 instead of 0.03 costs the CNN more than 5 points",
				Claim: Beats{A: []string{"CNN, 0.03"}, B: []string{"CNN, 0.001"}, By: 0.05}},
			{Says: "from 0.003 to 0.03 the MLP is within 3 points of itself at 0.01",
				Claim: All{Within{"MLP, 0.003", "MLP, 0.01", 0.03}, Within{"MLP, 0.03", "MLP, 0.01", 0.03}}},
		},
	},
	{
		Name:      "gradients",
		Title:     "Gradients",
		Question:  "Do analytical gradients match numerical ones?",
		Gradients: true,
		Claims: []Statement{
			{Finding: 12, Says: "every analytical gradient is within 1e-10 of the numerical one", Claim: AllBelow{1e-10}},
		},
	},
}

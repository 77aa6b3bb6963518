package study

// The two networks as choices.
func networks() Axis {
	return Axis{ofNetwork, []Choice{{Label: "MLP", Set: network(mlp())}, {Label: "CNN", Set: network(cnn())}}}
}

// The batch sizes, each with learning rates about where its best is: a batch
// four times as large goes with one about three times as high.
func batches() []Choice {
	return []Choice{
		{Label: "16", X: 16, Set: batch(16, 0.003, 0.01, 0.03, 0.1)},
		{Label: "32", X: 32, Set: batch(32, 0.01, 0.03, 0.1)},
		{Label: "64", X: 64, Set: batch(64, 0.03, 0.1, 0.3)},
		{Label: "128", X: 128, Set: batch(128, 0.03, 0.1, 0.3)},
		{Label: "256", X: 256, Set: batch(256, 0.03, 0.1, 0.3)},
	}
}

// batchArms are the arms of a network by batch, as claims name them.
func batchArms(network string) []string {
	var labels []string
	for _, c := range batches() {
		labels = append(labels, network+", "+c.Label)
	}
	return labels
}

func cnnExperiments() []Experiment {
	return []Experiment{
		{
			Name:     "models",
			Title:    "Linear classifier, MLP and CNN",
			Question: "What do a hidden layer and convolutions gain?",
			Vary: []Axis{{ofNetwork, []Choice{
				{Label: "linear", Set: network(linear())},
				{Label: "MLP", Set: network(mlp())},
				{Label: "CNN", Set: network(cnn())},
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
			Vary: []Axis{networks(), {ofImages, []Choice{
				{Label: "250", X: 250, Set: images(250, 60)},
				{Label: "500", X: 500, Set: images(500, 50)},
				{Label: "1000", X: 1000, Set: images(1000, 40)},
				{Label: "2000", X: 2000, Set: images(2000, 20)},
				{Label: "4000", X: 4000, Set: images(4000, 12)},
				{Label: "7000", X: 7000, Set: images(7000, 10)},
				{Label: "15000", X: 15000, Set: images(15000, 10)},
				{Label: "30000", X: 30000, Set: images(30000, 10)},
				{Label: "60000", X: 60000, Set: images(60000, 10)},
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
			Question: "How much does augmentation help the CNN on the first 1,000 training images?",
			Fixed:    thousand(),
			Vary: []Axis{{ofDistortion, []Choice{
				{Label: "none"},
				{Label: "affine", Set: affine},
				{Label: "affine, 64-128-128 filters", Full: true,
					Set: both(affine, filters(64, 128, 128))},
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
			Fixed:    cnn(),
			Vary: []Axis{{ofUnits, []Choice{
				{Label: "64", X: 64, Set: units(64)},
				{Label: "128", X: 128, Set: units(128)},
				{Label: "256", X: 256, Set: units(256)},
				{Label: "512", X: 512, Set: units(512)},
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
			Question: "How much does the batch size matter if the learning rate is chosen for each?",
			Vary:     []Axis{networks(), {ofBatch, batches()}},
			Quick:    quickCNN,
			Figures: []Figure{
				{Name: "accuracy", Kind: Curves, X: ofBatch, Log: true, Caption: "Accuracy by batch size, each at its own learning rate"},
			},
			Claims: []Statement{
				{Finding: 10, Says: "for the MLP a batch of 16 beats every other",
					Claim: Best{"MLP, 16", batchArms("MLP")[1:]}},
				{Finding: 10, Says: "batch sizes make more of a difference to the MLP than to the CNN",
					Claim: SpreadsMore{batchArms("MLP"), batchArms("CNN")}},
			},
		},
		{
			Name:     "batch-fixed",
			Title:    "Batch size at a fixed learning rate",
			Question: "How much does it matter if the learning rate stays at that of the batch of 16?",
			Vary: []Axis{networks(), {ofBatch, []Choice{
				{Label: "16", X: 16, Set: batch(16, 0.01)},
				{Label: "32", X: 32, Set: batch(32, 0.01)},
				{Label: "64", X: 64, Set: batch(64, 0.01)},
				{Label: "128", X: 128, Set: batch(128, 0.01)},
				{Label: "256", X: 256, Set: batch(256, 0.01)},
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
					Claim: SpreadsMore{batchArms("MLP"), batchArms("CNN")}},
			},
		},
		{
			Name:     "filters",
			Title:    "Convolution filters",
			Question: "How many filters should each of the CNN's three convolutions have?",
			Fixed:    cnn(),
			Vary: []Axis{{ofFilters, []Choice{
				{Label: "4", X: 4, Set: filters(4, 4, 4)},
				{Label: "8", X: 8, Set: filters(8, 8, 8)},
				{Label: "16", X: 16, Set: filters(16, 16, 16)},
				{Label: "32", X: 32, Set: filters(32, 32, 32)},
				{Label: "64", X: 64, Set: filters(64, 64, 64)},
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
			Vary: []Axis{networks(), {ofRate, []Choice{
				{Label: "0.001", X: 0.001, Set: rate(0.001)},
				{Label: "0.003", X: 0.003, Set: rate(0.003)},
				{Label: "0.01", X: 0.01, Set: rate(0.01)},
				{Label: "0.03", X: 0.03, Set: rate(0.03)},
				{Label: "0.1", X: 0.1, Set: rate(0.1)},
				{Label: "0.3", X: 0.3, Set: rate(0.3)},
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
}

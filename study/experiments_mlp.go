package study

func mlpExperiments() []Experiment {
	return []Experiment{
		{
			Name:     "hidden",
			Title:    "Width and depth of an MLP",
			Question: "How many hidden layers should an MLP have, and how wide?",
			Fixed:    mlp(),
			Vary: []Axis{{ofHidden, []Choice{
				{Label: "64", Set: hidden(64)},
				{Label: "128", Set: hidden(128)},
				{Label: "256", Set: hidden(256)},
				{Label: "512", Set: hidden(512)},
				{Label: "128-128", Set: hidden(128, 128)},
				{Label: "256-128", Set: hidden(256, 128)},
				{Label: "256-256", Set: hidden(256, 256)},
				{Label: "128-128-128", Set: hidden(128, 128, 128)},
			}}},
			Quick: quickMLP,
			Figures: []Figure{
				{Name: "accuracy", Kind: Points, X: ofHidden, Caption: "Accuracy by the units of the hidden layers"},
			},
			Claims: []Statement{
				{Finding: 1, Says: "256 units in one hidden layer beat every other MLP here",
					Claim: Best{"256", []string{"64", "128", "512", "128-128", "256-128", "256-256", "128-128-128"}}},
				{Finding: 1, Says: "two hidden layers are less than 3 points worse than one of 256 units",
					Claim: Beats{A: []string{"256-128", "256-256"}, B: []string{"256"}, By: -0.03}},
				{Finding: 3, Says: "twice the units beat twice the layers, from 128 units and from 256",
					Claim: All{Beats{A: []string{"256"}, B: []string{"128-128"}}, Beats{A: []string{"512"}, B: []string{"256-256"}}}},
				{Finding: 3, Says: "one layer of 512 units beats three of 128",
					Claim: Beats{A: []string{"512"}, B: []string{"128-128-128"}}},
			},
		},
		{
			Name:     "activation",
			Title:    "Activation of an MLP",
			Question: "Which activation suits one hidden layer?",
			Fixed:    mlp(),
			Vary: []Axis{{ofActivation, []Choice{
				{Label: "ReLU", Set: activation("relu")},
				{Label: "Leaky ReLU", Set: activation("leaky-relu")},
				{Label: "tanh", Set: activation("tanh")},
				{Label: "sigmoid", Set: activation("sigmoid")},
			}}},
			Quick: quickMLP,
			Figures: []Figure{
				{Name: "accuracy", Kind: Points, X: ofActivation, Caption: "Accuracy by activation, one hidden layer of 256 units"},
			},
			Claims: []Statement{
				{Finding: 4, Says: "ReLU and Leaky ReLU are less than 1.5 points apart",
					Claim: Within{"ReLU", "Leaky ReLU", 0.015}},
				{Finding: 4, Says: "neither is more than 1 point below tanh or sigmoid",
					Claim: Beats{A: []string{"ReLU", "Leaky ReLU"}, B: []string{"tanh", "sigmoid"}, By: -0.01}},
			},
		},
		{
			Name:     "depth",
			Title:    "Sigmoid in deeper networks",
			Question: "What does depth do to an MLP with sigmoid, and to its gradients?",
			Fixed:    mlp().with(func(s *Settings) { s.Norms = true }),
			Vary: []Axis{
				{ofActivation, []Choice{
					{Label: "sigmoid", Set: activation("sigmoid")},
					{Label: "ReLU", Set: activation("relu")},
				}},
				{ofDepth, []Choice{
					{Label: "1", X: 1, Set: hidden(128)},
					{Label: "2", X: 2, Set: hidden(128, 128)},
					{Label: "3", X: 3, Set: hidden(128, 128, 128)},
					{Label: "4", X: 4, Set: hidden(128, 128, 128, 128)},
					{Label: "5", X: 5, Set: hidden(128, 128, 128, 128, 128)},
					{Label: "6", X: 6, Set: hidden(128, 128, 128, 128, 128, 128)},
				}},
			},
			Quick: quickMLP,
			Figures: []Figure{
				{Name: "accuracy", Kind: Curves, X: ofDepth, Caption: "Accuracy by the number of hidden layers of 128 units"},
				{Name: "norms", Kind: LayerNorms, Caption: "Gradient norm of each weight tensor in the deepest networks, at initialisation and after the last epoch (dashed)"},
			},
			Claims: []Statement{
				{Finding: 5, Says: "six hidden layers with sigmoid are more than 20 points worse than with ReLU",
					Claim: Beats{A: []string{"ReLU, 6"}, B: []string{"sigmoid, 6"}, By: 0.2}},
				{Finding: 5, Says: "six hidden layers with sigmoid are more than 20 points worse than one",
					Claim: Beats{A: []string{"sigmoid, 1"}, B: []string{"sigmoid, 6"}, By: 0.2}},
				{Finding: 5, Of: Vanishing, Says: "through six hidden layers with sigmoid the gradient loses more than two powers of ten",
					Claim: Reaches{"sigmoid, 6", 2}},
				{Finding: 5, Of: Vanishing, Says: "it loses more than one power of ten more than with ReLU",
					Claim: Beats{A: []string{"sigmoid, 6"}, B: []string{"ReLU, 6"}, By: 1}},
			},
		},
		{
			Name:     "l2",
			Title:    "L2 penalty of an MLP",
			Question: "Does a penalty λ/2·‖w‖² on the weights help?",
			Fixed:    mlp(),
			Vary: []Axis{{ofLambda, []Choice{
				{Label: "0", Set: l2(0)},
				{Label: "0.0001", Set: l2(1e-4)},
				{Label: "0.001", Set: l2(1e-3)},
				{Label: "0.01", Set: l2(1e-2)},
				{Label: "0.1", Set: l2(1e-1)},
				{Label: "1", Set: l2(1)},
			}}},
			Quick: quickMLP,
			Figures: []Figure{
				{Name: "accuracy", Kind: Points, X: ofLambda, Caption: "Accuracy by λ"},
			},
			Claims: []Statement{
				{Finding: 6, Says: "accuracy falls from each λ to the next, from 0 to 0.1",
					Claim: Falls{[]string{"0", "0.0001", "0.001", "0.01", "0.1"}}},
				{Finding: 6, Says: "λ = 0 beats every other",
					Claim: Best{"0", []string{"0.0001", "0.001", "0.01", "0.1", "1"}}},
				{Finding: 6, Says: "λ of 0.1 and more costs more than 20 points",
					Claim: Beats{A: []string{"0"}, B: []string{"0.1", "1"}, By: 0.2}},
			},
		},
	}
}

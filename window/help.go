package window

// keyHelp is the keys, in a word and in a sentence.
var keyHelp = []struct{ key, short, long string }{
	{"space", "pause", "holds the training between two steps, and lets it go on"},
	{"N", "step", "takes one step and pauses"},
	{"↑ ↓", "layer", "chooses the layer on the right"},
	{"← →", "image", "chooses the image that goes through the network"},
	{"G", "gradients", "shows the weights' gradients of the last step in place of the weights"},
	{"P", "picture", "saves the window as a PNG"},
	{"H", "help", "shows this page, and goes back"},
	{"Q", "close", "closes the window; the training goes on"},
}

// legend is what the colours and panels mean.
var legend = []string{
	"Everything is drawn from the memory of the training, between two steps.",
	"Colours run from blue (negative) through dark (zero) to orange (positive). ± is the end of the scale.",
	"Curves: a thin line for the steps, a thick one smoothed over near steps, orange dots for the validation set.",
	"Image: the pixels, the gradient of the loss by each, and the probability of each class; the true one is orange.",
	"Layers: the outputs for this image as an evaluation computes them, and the gradient of the loss by each.",
	"Tiles are the channels of an output, or the filters of a convolution, one for each input channel.",
	"Kernels: the times of one step, measured each second.",
	"Pink is NaN or infinite.",
}

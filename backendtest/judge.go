package backendtest

import "glyph"

// Judge compares results that were computed elsewhere with the definition on the
// same inputs: what a decorator around a real network needs. Results of the case
// that are not in got are skipped.
func (c *Case) Judge(in Values, got map[string][]float64, u float64) (r Report) {
	want := c.Define(in)
	for _, o := range c.Tensors {
		if values, ok := got[o.Name]; ok && o.Result {
			r.compare(o.Name, Compare(values, want.Tensor[o.Name], u))
		}
	}
	return r
}

// The functions below are the case of one call, by the shapes and constants of
// its arguments. results are the names of the results to compute.

// CopyCase is the case of Copy.
func CopyCase(s glyph.Shape) *Case { return copyCase(s) }

// GatherCase is the case of Gather from a set of the shape, with mean and scale
// for every pixel or one of each. Its bytes are "images" and "labels".
func GatherCase(n, classes, order int, set glyph.Shape, perPixel bool, smoothing float32) *Case {
	return gatherLayer{n, set[0], set.Sample(), classes, order, 0, perPixel, smoothing}.gather()
}

// GatherAugmentedCase is the case of GatherAugmented, as GatherCase.
func GatherAugmentedCase(n, classes, order int, set glyph.Shape, perPixel bool, smoothing float32, a glyph.Augmentation, seed uint64) *Case {
	return augmentLayer{gatherLayer{n, set[0], set.Sample(), classes, order, 0, perPixel, smoothing}, a, seed, 0}.gather()
}

// DenseCase is the case of Dense.
func DenseCase(n, in, out int, bias bool, act glyph.Activation) *Case {
	return denseLayer{n, in, out, act}.forward(bias)
}

// DenseBackwardCase is the case of DenseBackward with results of dx, dw, db.
func DenseBackwardCase(n, in, out int, act glyph.Activation, results ...string) *Case {
	return denseLayer{n, in, out, act}.backward(results...)
}

// Conv2DCase is the case of Conv2D.
func Conv2DCase(x, w glyph.Shape, bias bool, c glyph.Conv, act glyph.Activation) *Case {
	return newConvLayer(x, w, c, act).forward(bias)
}

// Conv2DBackwardCase is the case of Conv2DBackward with results of dx, dw, db.
func Conv2DBackwardCase(x, w glyph.Shape, c glyph.Conv, act glyph.Activation, results ...string) *Case {
	return newConvLayer(x, w, c, act).backward(results...)
}

func newConvLayer(x, w glyph.Shape, c glyph.Conv, act glyph.Activation) convLayer {
	return convLayer{x[0], x[1], x[2], x[3], w[0], w[1], w[2], c, act}
}

// MaxPool2DCase is the case of MaxPool2D.
func MaxPool2DCase(x glyph.Shape, p glyph.Pool) *Case { return newPoolLayer(x, p).forward() }

// MaxPool2DBackwardCase is the case of MaxPool2DBackward.
func MaxPool2DBackwardCase(x glyph.Shape, p glyph.Pool) *Case { return newPoolLayer(x, p).backward() }

func newPoolLayer(x glyph.Shape, p glyph.Pool) poolLayer {
	return poolLayer{x[0], x[1], x[2], x[3], p, normal(1), ""}
}

// AvgPool2DCase is the case of AvgPool2D.
func AvgPool2DCase(x glyph.Shape, p glyph.Pool) *Case {
	return avgPoolLayer{newPoolLayer(x, p)}.forward()
}

// AvgPool2DBackwardCase is the case of AvgPool2DBackward for an image of shape x.
func AvgPool2DBackwardCase(x glyph.Shape, p glyph.Pool) *Case {
	return avgPoolLayer{newPoolLayer(x, p)}.backward()
}

// GlobalPool2DCase is the case of GlobalPool2D.
func GlobalPool2DCase(x glyph.Shape, k glyph.PoolKind) *Case {
	return newGlobalPoolLayer(x, k).forward()
}

// GlobalPool2DBackwardCase is the case of GlobalPool2DBackward.
func GlobalPool2DBackwardCase(x glyph.Shape, k glyph.PoolKind) *Case {
	return newGlobalPoolLayer(x, k).backward()
}

func newGlobalPoolLayer(x glyph.Shape, k glyph.PoolKind) globalPoolLayer {
	return globalPoolLayer{x[0], x[1], x[2], x[3], k, normal(1), ""}
}

// AddCase is the case of Add.
func AddCase(s glyph.Shape, act glyph.Activation) *Case {
	return addLayer{s, act, normal(1), ""}.forward()
}

// AddBackwardCase is the case of AddBackward.
func AddBackwardCase(s glyph.Shape, act glyph.Activation) *Case {
	return addLayer{s, act, normal(1), ""}.backward()
}

// BatchNorm2DCase is the case of BatchNorm2D.
func BatchNorm2DCase(x glyph.Shape, n glyph.BatchNorm, act glyph.Activation) *Case {
	return newNormLayer(x, n, act).forward()
}

// BatchNorm2DBackwardCase is the case of BatchNorm2DBackward with results of dx,
// dgamma, dbeta.
func BatchNorm2DBackwardCase(x glyph.Shape, act glyph.Activation, results ...string) *Case {
	return newNormLayer(x, glyph.DefaultBatchNorm(), act).backward(results...)
}

// BatchNorm2DInferenceCase is the case of BatchNorm2DInference.
func BatchNorm2DInferenceCase(x glyph.Shape, n glyph.BatchNorm, act glyph.Activation) *Case {
	return newNormLayer(x, n, act).inference()
}

// DropoutCase is the case of Dropout.
func DropoutCase(n int, m glyph.Mask) *Case { return dropoutCase(n, m, 0, normal(1)) }

// SoftmaxCrossEntropyCase is the case of SoftmaxCrossEntropy with results of
// loss, hits, dlogits.
func SoftmaxCrossEntropyCase(n, classes int, results ...string) *Case {
	return softmaxLayer{n, classes, normal(2), oneHot(classes, 0), "one-hot"}.crossEntropy(results...)
}

// L2Case is the case of L2.
func L2Case(n int, lambda float32) *Case { return l2Case(n, lambda) }

// OptimizeCase is the case of Optimize with a table of rates.
func OptimizeCase(n, weights, rates int, o glyph.Optimizer) *Case {
	return optimizeLayer{n: n, weights: weights, rates: rates, rule: o}.optimize()
}

// MovingAverageCase is the case of MovingAverage.
func MovingAverageCase(n int, decay float32) *Case { return averageLayer{n, 0, decay}.average() }

// AdvanceCase is the case of Advance with operands of log, hits, penalty.
func AdvanceCase(n, rows int, operands ...string) *Case {
	return advanceCase(n, rows, 0, 0, operands...)
}

// ConfusionCase is the case of Confusion.
func ConfusionCase(n, classes int) *Case { return confusionCase(n, classes, normal(1), "") }

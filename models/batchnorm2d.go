package models

import (
	"fmt"

	"glyph"
)

// BatchNorm2D normalises each channel by the mean and variance of the batch in
// training, and by running averages of them otherwise (Ioffe & Szegedy 2015).
//
//	x, y (H, W, C)   weight, bias, running_mean, running_var (C)
type BatchNorm2D struct {
	Norm       glyph.BatchNorm
	Activation glyph.Activation
}

// The parameters of BatchNorm2D, in the order of Params.
const (
	gamma = iota
	beta
	runningMean
	runningVar
)

// Kind is "batchnorm2d".
func (BatchNorm2D) Kind() string { return "batchnorm2d" }

func (n BatchNorm2D) String() string {
	return fmt.Sprintf("batchnorm2d eps %v, momentum %v%s", n.Norm.Eps, n.Norm.Momentum, suffix(n.Activation))
}

// Output is the input's shape.
func (n BatchNorm2D) Output(in glyph.Shape) (glyph.Shape, error) {
	if in.Rank() != 3 {
		return glyph.Shape{}, fmt.Errorf("the input is %v, not an image (height, width, channels)", in)
	}
	return in, n.Norm.Validate()
}

// Params is weight (γ), bias (β), running_mean and running_var, all (C). The names are
// PyTorch's.
func (BatchNorm2D) Params(in glyph.Shape) []Param {
	c := glyph.Shape{in[2]}
	return []Param{
		gamma:       {Name: "weight", Shape: c, Start: One, Role: Trained},
		beta:        {Name: "bias", Shape: c, Role: Trained},
		runningMean: {Name: "running_mean", Shape: c, Role: Kept},
		runningVar:  {Name: "running_var", Shape: c, Start: One, Role: Kept},
	}
}

// Keeps is (KeptRows, C): the batch's mean and 1/√(variance + ε).
func (BatchNorm2D) Keeps(in glyph.Shape) []glyph.Shape {
	return []glyph.Shape{{glyph.KeptRows, in[2]}}
}

// FLOPs is 0: the work is element-wise.
func (BatchNorm2D) FLOPs(glyph.Shape) int { return 0 }

// View is false.
func (BatchNorm2D) View(bool) bool { return false }

// Forward normalises, and in training moves the running statistics.
func (n BatchNorm2D) Forward(b glyph.Backend, t *Tensors) {
	if !t.Training {
		b.BatchNorm2DInference(t.Y, t.X[0], t.P[gamma], t.P[beta], t.P[runningMean], t.P[runningVar], n.Norm, n.Activation)
		return
	}
	b.BatchNorm2D(t.Y, t.Kept[0], t.P[runningMean], t.P[runningVar], t.X[0], t.P[gamma], t.P[beta], n.Norm, n.Activation)
}

// Backward computes dx, dγ and dβ.
func (n BatchNorm2D) Backward(b glyph.Backend, t *Tensors) {
	b.BatchNorm2DBackward(t.DX, t.DP[gamma], t.DP[beta], t.DY, t.Y, t.X[0], t.P[gamma], t.Kept[0], n.Activation)
}

// inferenceBackward computes dx = gamma/√(variance + ε)·dy ⊙ act'(y), the gradient of
// the normalisation by the running statistics. scratch is as large as dx, and zeros has
// an element for each channel.
func (n BatchNorm2D) inferenceBackward(b glyph.Backend, t *Tensors, scratch, zeros glyph.Tensor) {
	b.BatchNorm2DInference(scratch, t.DY, t.P[gamma], zeros, zeros, t.P[runningVar], n.Norm, glyph.Activation{})
	b.AddBackward(t.DX, scratch, t.Y, n.Activation)
}

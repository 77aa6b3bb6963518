// Package models builds networks out of layers, on any glyph.Backend.
//
// A [Spec] describes a network by a preset and its settings; [New] builds it
// as a [Sequential], which owns all memory of a training. Files of weights are the
// packages under exchange. A step of training is
//
//	net.Input(n)                              // gather the images there
//	logits := net.Forward(n, true)
//	b.SoftmaxCrossEntropy(loss, hits, net.DLogits(n), logits, t)
//	net.Backward(n)
//	b.Optimize(net.W, net.M, net.V, net.G, lr, clock, net.Weights, rule)
//
// # A new kind of layer
//
// A kind is a file, named as its operation is in every room, with a type that
// implements [Layer]: what comes out, which parameters, and one call of the
// backend forward and one backward. A layer holds its settings only; tensors
// come from the Sequential. Used in a preset, the compiler tells what is
// missing. Its gradient is then checked by adding the layer to a spec of
// TestBackwardIsTheGradient.
package models

// Package models builds networks out of layers, on any glyph.Backend.
//
// A [Spec] describes a network by a preset and its settings; [New] builds it
// as a [Network], which owns all memory that training takes. Reading and writing
// weights is the business of the packages under exchange. A training step is
//
//	net.Input(n)                              // gather the images there
//	logits := net.Forward(n, true)
//	b.SoftmaxCrossEntropy(loss, hits, net.DLogits(n), logits, t)
//	net.Backward(n)
//	b.Optimize(net.W.Head(net.Trained), net.M, net.V, net.G, lr, clock, net.Decaying, rule)
//
// # A new kind of layer
//
// A kind of layer is a file, named as its operation is in every package, with a
// type that implements [Layer]: the shape of its output, its parameters, and one
// call of the backend forward and one backward. A layer holds only its settings;
// tensors come from the Network. CONTRIBUTING.md lists the other places that
// need the layer.
package models

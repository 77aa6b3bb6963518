// Package onnx writes networks in the Open Neural Network Exchange format and
// reads such files back, so that what Glyph trained runs in other software. It
// writes the protocol buffer of onnx.proto3 field by field, with
// google.golang.org/protobuf/encoding/protowire: the messages are few, and
// generated code for all of them would be larger than the rest of Glyph.
//
// Export makes the graph of a network:
//
//	input    image          N×C×H×W float32, pixel values 0 to 255
//	output   logits         N×Classes
//	output   probabilities  N×Classes, their softmax
//
// with the normalisation inside and N free.
package onnx

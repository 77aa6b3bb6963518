package onnx

// GraphOf is graphOf for the tests of layers that no preset has.
var GraphOf = graphOf

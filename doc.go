// Package glyph is the core of a neural-network trainer: shapes, tensors, and the
// [Backend] interface whose operations run forward and backward on a device. It
// depends on nothing outside the standard library, and every other package builds
// on it.
//
// # Packages
//
//	.             package glyph        Shape, Tensor, Backend, and the checks of every operation
//	cpu/          package cpu          Backend on assembly kernels or gonum, float32 or float64: the fallback and the oracle
//	gpu/          package gpu          Backend on OpenGL 4.3: contexts, queue, programs, one file an operation
//	shaders/      package shaders      the compute shaders, #include and #define, driver logs; no OpenGL
//	backendtest/  package backendtest  the executable specification of Backend; suite, timing and compare below it
//	models/       package models       layers, graphs of them, networks, initialisers, presets; no files
//	train/        package train        the loop: batches, schedules, evaluation, early stopping
//	study/        package study        experiments as values, run, judged and reported on; sweeps; space and file below it
//	kmnist/       package kmnist       data: files, pictures, download, splits, synthetic glyphs; does not know package glyph
//	runs/         package runs         what a training leaves; training, convert, review, board, report, plots, tensorboard below it
//	exchange/     one package each     files of other software: safetensors, onnx, pytorch
//	recognise/    package recognise    pictures to characters: ink, and the page to draw on
//	window/       package window       a live window into a training on the GPU, drawn by it between two steps
//	device/       package device       opens a backend by name; it knows cpu and gpu
//	settings/     package settings     every setting of a training, described once for flags, config files and studies
//	internal/     one package each     shared helpers: affine, atomicfile, filelock, filetype, local, message
//	cmd/glyph/    package main         the command line
//
// Imports point one way: cmd -> study -> train -> models -> glyph <- cpu, gpu -> shaders.
// imports_test.go holds them to it. One operation has one base name in every
// package, so that the whole of it is
//
//	ls conv2d* */conv2d*
//
// with the contract and its checks at the top.
//
// # Operations
//
// An operation is the size of a layer: there are neither a hundred tensor
// primitives nor a graph. Results come first, as in copy(dst, src), and nothing is
// returned.
// These rules hold for every operation on every backend, and package
// backendtest tests them:
//
//   - Results are written whole, never added to, and overlap nothing. Inputs
//     stay unchanged. Five operations keep state from step to step instead and
//     update it in place: Optimize (w, m, v), BatchNorm2D (the running mean and
//     variance), MovingAverage (the average), Advance (the clock, and one row of the
//     log) and Confusion (the counts).
//   - The zero Tensor means "not wanted": dx of the first layer, a layer without
//     bias. Each operation says which operands may be zero.
//   - Activations are arguments of Dense, Conv2D, BatchNorm2D and Add. Only those
//     whose derivative follows from y exist, so that backward never needs the
//     pre-activation.
//   - A tensor may lie at any offset of its buffer. Networks place theirs on
//     multiples of [Align], so that is the case worth optimising.
//   - Operands that do not fit together panic, with the same message on every
//     backend, in the shared checks of this package (CheckDense, CheckConv2D and
//     so on). What a user can get wrong is an error earlier, where networks and data
//     are built.
//   - Device errors are sticky, as in bufio.Writer: after the first, operations
//     do nothing, and Read, Sync and Close return it.
//   - Memory lives until Free or Close. [Scope] gives a piece of work memory of
//     its own on a backend that outlives it. Use after Free or Close panics, as does
//     a transfer whose length differs from the tensor's.
//   - After a network is built a step allocates nothing.
//   - The same operations on the same backend give bit-identical results.
//   - NaN and Inf are not hidden: they propagate as in IEEE 754, unless an operation
//     says otherwise. Only a product of 0 and one of them, such as with the zeros
//     around an image, may either be left out of a sum or make it NaN.
//
// # Layout
//
// Images are (N, H, W, C) and convolution weights (K, R, S, C), as in Keras and
// cuDNN's NHWC: a row of a patch is contiguous, so convolution is Dense over
// patches, and vector lanes run along channels. Dense weights are (Out, In).
// Parameters, gradients and each optimizer moment are one arena, what decays first
// and what doesn't after it, so that an update is one operation and decay is a
// prefix. State that is not trained, such as running statistics, comes at the end of
// the parameters' arena, so that a copy, an average and a checkpoint are one operation
// too.
//
// # Time
//
// Nothing that changes from step to step is an argument. The step counter and
// the place in the batch order are a clock on the device (see [ClockStep]), the
// learning rate is a table indexed by step, the batch order is a table indexed
// by row, and all randomness is counter-based ([Philox]) with the step as part
// of the counter. A training step is therefore the same list of operations
// every time, and [Backend.Repeat] may record it once and replay it with no
// transfer and no wait:
//
//	b.Repeat(n, func() {
//		b.Gather(x, t, set, order, clock, 0)
//		... forward ...
//		b.SoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
//		... backward ...
//		b.Optimize(w, m, v, g, lr, clock, weights, rule)
//		b.Advance(clock, log, loss, hits, penalty)
//	})
//	err := b.Read(rows, log)
//
// Randomness is integers to the end. Dropout compares them, and augmentation
// computes the map of each image from them in fixed-point arithmetic (see [Affine]),
// so that backends agree bit for bit on what is dropped and what moves where.
//
// # Letters
//
//	N, H, W, C    batch, height, width, channels
//	K, R, S       output channels, kernel height, kernel width
//	P, Q          output height, width
//	In, Out       features of a dense layer
//	x, w, b, y, z input, weight, bias, output, pre-activation; dx is ∂loss/∂x
//	logits, p, t  scores, softmax, target distribution
//	lr            learning rate
//	u             unit roundoff: 2⁻²⁴ for float32, 2⁻⁵³ for float64
package glyph

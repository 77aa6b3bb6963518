package glyph

// Backend runs the operations of a network on a device. The rules that hold
// for every operation are in the package documentation; package backendtest
// holds each backend to them.
//
// A Backend is used by one goroutine at a time.
type Backend interface {
	Device
	Operations
}

// Device is the memory and the queue of a Backend: everything but arithmetic.
//
// Misuse panics with the same message on every backend, in the shared checks of
// this package (CheckWrite, CheckRead and so on): a transfer whose length differs
// from the tensor's, memory of another backend or memory that was freed, and
// anything but Name and Close after Close.
type Device interface {
	// Name is the backend and its device, for logs and benchmark labels.
	Name() string

	// Alloc makes a zeroed Buffer of n elements, AllocInts n zeroed integers,
	// and Upload a copy of src. They live until Free or Close. Running out of
	// memory is a device error; the result is then a placeholder that operations
	// accept and ignore.
	Alloc(n int) Buffer
	AllocInts(n int) Ints
	Upload(src []byte) Bytes
	// Free releases memory once all earlier operations have completed. It
	// does not wait. The memory must not be used afterwards, or freed again.
	Free(memory ...Memory)

	// Write and WriteInts copy from the host. They do not wait, and src may be
	// reused when they return.
	Write(dst Tensor, src []float32)
	WriteInts(dst Ints, src []int32)
	// Read and ReadInts wait for all earlier operations, copy to the host,
	// and return the first device error.
	Read(dst []float32, src Tensor) error
	ReadInts(dst []int32, src Ints) error

	// Repeat does what n calls of step would; for n < 1 it does nothing. step
	// must call the same operations on the same tensors every time, so that a
	// device may call it once, record it, and replay the recording. It must not
	// read, wait, allocate or free. A nested Repeat is recorded as part of step.
	Repeat(n int, step func())
	// Sync waits, and returns the first device error.
	Sync() error
	// Close frees everything and returns the first device error. A second Close
	// does nothing and returns what the first returned. Nothing else of the
	// backend may be used after Close.
	Close() error
}

// Operations is the arithmetic of a Backend, forward and backward.
type Operations interface {
	// Copy copies src to dst on the device.
	Copy(dst, src Tensor)

	// Gather makes the batch that the clock points at, normalised:
	//
	//	x[i] = (pixels of image j - Mean)·Scale,   j = order[(row + i) mod len(order)]
	//	t[i, c] = (1 - smoothing)·[c = label of j] + smoothing/Classes
	//
	// Labels are below Classes: data sets are checked when they are read.
	//
	//	x (N, H, W, C)   t (N, Classes)
	Gather(x, t Tensor, set Dataset, order, clock Ints, smoothing float32)
	// GatherAugmented is Gather with random augmentation: each image is transformed
	// by the affine map of (seed, the clock's step, its place i in the batch):
	//
	//	x[i, h, w, c] = (p(position of (h, w) in the map + d(h, w)) - Mean)·Scale
	//
	// d, the elastic deformation, is bilinear between the points that
	// AugmentationLimits.Displacement draws, ElasticSpacing pixels apart. p interpolates
	// image j, its strokes thicker or thinner by AugmentParams.Stroke (see StrokeBits),
	// bilinearly between the four pixels around a position, with 0 outside the image. x is
	// as for p = 0 in the hole that Augmentation.Hole draws. What changes nothing gives the
	// bits of Gather.
	GatherAugmented(x, t Tensor, set Dataset, order, clock Ints, smoothing float32, a Augmentation, seed uint64)

	// Dense computes y = act(x·wᵀ + b).
	//
	//	y (N, Out)   x (N, In)   w (Out, In)   b (Out), or zero for none
	Dense(y, x, w, b Tensor, act Activation)
	// DenseBackward computes, with dz = dy ⊙ act'(y), whichever are non-zero of
	//
	//	dx = dz·w   dw = dzᵀ·x   db = Σₙ dz
	DenseBackward(dx, dw, db, dy, y, x, w Tensor, act Activation)

	// Conv2D computes cross-correlation, as every framework's convolution does:
	//
	//	y[n,p,q,k] = act(b[k] + Σ_{r,s,c} x[n, p·Stride-Pad+r, q·Stride-Pad+s, c]·w[k,r,s,c])
	//
	// with zeros outside the image.
	//
	//	y (N, P, Q, K)   x (N, H, W, C)   w (K, R, S, C)   b (K), or zero for none
	Conv2D(y, x, w, b Tensor, c Conv, act Activation)
	// Conv2DBackward computes, with dz = dy ⊙ act'(y), whichever are non-zero of
	//
	//	dx[n,h,w,c] = Σ dz[n,p,q,k]·w[k,r,s,c]   over h = p·Stride-Pad+r, w = q·Stride-Pad+s
	//	dw[k,r,s,c] = Σ_{n,p,q} dz[n,p,q,k]·x[n, p·Stride-Pad+r, q·Stride-Pad+s, c]
	//	db[k] = Σ_{n,p,q} dz[n,p,q,k]
	Conv2DBackward(dx, dw, db, dy, y, x, w Tensor, c Conv, act Activation)

	// MaxPool2D computes y[n,p,q,c] = max over r, s < Size of
	// x[n, p·Stride+r, q·Stride+s, c]. A NaN in the window makes a NaN.
	//
	//	y (N, P, Q, C)   x (N, H, W, C)
	MaxPool2D(y, x Tensor, p Pool)
	// MaxPool2DBackward sends each dy to the first element in row-major order
	// of its window that equals y; overlapping windows add up.
	MaxPool2DBackward(dx, dy, y, x Tensor, p Pool)

	// AvgPool2D computes y[n,p,q,c] = 1/Size²·Σ over r, s < Size of
	// x[n, p·Stride+r, q·Stride+s, c].
	//
	//	y (N, P, Q, C)   x (N, H, W, C)
	AvgPool2D(y, x Tensor, p Pool)
	// AvgPool2DBackward computes dx[n,h,w,c] = 1/Size²·Σ of dy over the windows
	// that cover (h, w).
	AvgPool2DBackward(dx, dy Tensor, p Pool)

	// GlobalPool2D computes the mean or the maximum of each channel over the whole
	// image. A NaN in the channel makes a NaN.
	//
	//	y (N, C)   x (N, H, W, C)
	GlobalPool2D(y, x Tensor, k PoolKind)
	// GlobalPool2DBackward computes dx = dy/(H·W) everywhere for the mean. For the
	// maximum, dx is dy at the first element in row-major order that equals y, and 0
	// elsewhere.
	//
	//	dx, x (N, H, W, C)   dy, y (N, C)
	GlobalPool2DBackward(dx, dy, y, x Tensor, k PoolKind)

	// BatchNorm2D normalises each channel over the batch, as in training (Ioffe &
	// Szegedy 2015, algorithm 1). With m = N·H·W it computes, channel by channel,
	//
	//	μ = Σ x/m   σ² = Σ (x - μ)²/m   x̂ = (x - μ)/√(σ² + ε)
	//	y = act(gamma·x̂ + beta)
	//	kept = (μ, 1/√(σ² + ε))
	//
	// and moves the running statistics towards those of the batch, with the unbiased
	// variance (σ² itself if m is 1):
	//
	//	mean += Momentum·(μ - mean)   variance += Momentum·(σ²·m/(m-1) - variance)
	//
	//	y, x (N, H, W, C)   kept (KeptRows, C)   mean, variance, gamma, beta (C)
	BatchNorm2D(y, kept, mean, variance, x, gamma, beta Tensor, n BatchNorm, act Activation)
	// BatchNorm2DBackward computes, with dz = dy ⊙ act'(y) and x̂ from kept,
	// whichever are non-zero of
	//
	//	dbeta = Σ dz   dgamma = Σ dz·x̂
	//	dx = gamma/√(σ² + ε)·(dz - dbeta/m - x̂·dgamma/m)
	//
	//	dx, dy, y, x (N, H, W, C)   kept (KeptRows, C)   dgamma, dbeta, gamma (C)
	BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept Tensor, act Activation)
	// BatchNorm2DInference normalises by the running statistics:
	//
	//	y = act(gamma·(x - mean)/√(variance + ε) + beta)
	//
	//	y, x (N, H, W, C)   gamma, beta, mean, variance (C)
	BatchNorm2DInference(y, x, gamma, beta, mean, variance Tensor, n BatchNorm, act Activation)

	// Add computes y = act(a + b), all of the same shape.
	Add(y, a, b Tensor, act Activation)
	// AddBackward computes dx = dy ⊙ act'(y), the gradient of both a and b.
	AddBackward(dx, dy, y Tensor, act Activation)

	// Dropout computes y = x/(1 - Rate) where the mask keeps the element in
	// the clock's step, and 0 elsewhere, whatever x is there (Srivastava et al.
	// 2014, scaled in training). It is its own backward pass: dx = Dropout(dy).
	Dropout(y, x Tensor, m Mask, clock Ints)

	// SoftmaxCrossEntropy computes, with p = softmax(logits), whichever are
	// non-zero of
	//
	//	loss[n] = -Σ_c t[n,c]·log p[n,c]
	//	hits[n] = 1 if logits[n] and t[n] are greatest in the same class, else 0
	//	dlogits = (p - t)/N, the gradient of the mean loss
	//
	// Rows of t sum to 1. t·log p is 0 for t = 0 even where p = 0; t > 0 there
	// is an infinite loss. If several are greatest, the first counts. A row with a
	// NaN has NaN for loss and dlogits and is not a hit.
	SoftmaxCrossEntropy(loss, hits, dlogits, logits, t Tensor)

	// L2 computes penalty = lambda/2·Σ w², the part of the cost whose gradient
	// Optimize adds.
	L2(penalty, w Tensor, lambda float32)

	// Optimize updates w and its moments m and v by the rule, with the learning
	// rate lr[min(step, Steps-1)] of the clock's step. Weight decay and the L2 penalty
	// apply to the first weights elements only; the rest are biases and factors. A
	// moment that the rule does not use stays unchanged.
	//
	//	w (n)   m (n)   v (n)   g (n)   lr (Steps)
	Optimize(w, m, v, g, lr Tensor, clock Ints, weights int, o Optimizer)

	// MovingAverage moves the average towards the weights, after Optimize:
	//
	//	average += (1 - d)·(w - average),   d = min(decay, (1 + step)/(10 + step))
	//
	//	average, w (n)
	MovingAverage(average, w Tensor, decay float32, clock Ints)

	// Advance ends a step of N samples: it writes
	//
	//	log[step mod Rows] = (Σ loss/N + penalty, Σ hits)
	//
	// with 0 where penalty or hits is the zero Tensor, and advances the clock to
	// (step + 1, row + N).
	//
	//	clock (ClockLen)   log (Rows, LogLen)   loss (N)   hits (N)   penalty (1)
	Advance(clock Ints, log, loss, hits, penalty Tensor)

	// Confusion adds the batch to counts[label, prediction], where both are
	// the greatest class of t and logits, the first if several tie. A row of logits
	// with a NaN is not counted.
	//
	//	counts (Classes·Classes)   logits (N, Classes)   t (N, Classes)
	Confusion(counts Ints, logits, t Tensor)
}

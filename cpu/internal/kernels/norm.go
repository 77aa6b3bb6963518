package kernels

// The kernels of batch normalisation. x, y and their gradients have a row for each
// pixel, as wide as the arrays of channels. Rows 0, 4, 8... go into one sum, 1, 5, 9...
// into the next, and so on; the four sums are then added in pairs.

// Deviations sets the sums to Σ x - center and Σ (x - center)².
func (k *Kernels[T]) Deviations(plain, squares, center, x []T) {
	if n := len(plain); n > 0 {
		k.deviations(&plain[0], &squares[:n][0], &center[:n][0], first(x), n, len(x)/n)
	}
}

// Affine is y = factor·(x - center) + shift, or 0 with ReLU where that is negative.
func (k *Kernels[T]) Affine(y, x, center, factor, shift []T, relu bool) {
	n := len(center)
	if len(x) == 0 {
		return
	}
	f := k.affine
	if relu {
		f = k.affineReLU
	}
	f(&y[:len(x)][0], &x[0], &center[0], &factor[:n][0], &shift[:n][0], n, len(x)/n)
}

// NormSums sets the sums to Σ dz and Σ dz·(x - center). dz is dy; if y is given, dz is dy
// where y > 0 and 0 elsewhere.
func (k *Kernels[T]) NormSums(plain, times, center, dy, y, x []T) {
	n := len(plain)
	if n == 0 {
		return
	}
	dy, times, center = dy[:len(x)], times[:n], center[:n]
	if y == nil {
		k.normSums(&plain[0], &times[0], &center[0], first(dy), first(x), n, len(x)/n)
	} else {
		k.normSumsReLU(&plain[0], &times[0], &center[0], first(dy), first(y[:len(x)]), first(x), n, len(x)/n)
	}
}

// NormGrad is dx = ofDZ·dz + ofX·(x - center) + constant, with dz as for NormSums.
func (k *Kernels[T]) NormGrad(dx, dy, y, x, center, ofDZ, ofX, constant []T) {
	n := len(center)
	if len(x) == 0 {
		return
	}
	dx, dy, ofDZ, ofX, constant = dx[:len(x)], dy[:len(x)], ofDZ[:n], ofX[:n], constant[:n]
	if y == nil {
		k.normGrad(&dx[0], &dy[0], &x[0], &center[0], &ofDZ[0], &ofX[0], &constant[0], n, len(x)/n)
	} else {
		k.normGradReLU(&dx[0], &dy[0], &y[:len(x)][0], &x[0], &center[0], &ofDZ[0], &ofX[0], &constant[0], n, len(x)/n)
	}
}

// first is where x begins, or nil where there is nothing.
func first[T Float](x []T) *T {
	if len(x) == 0 {
		return nil
	}
	return &x[0]
}

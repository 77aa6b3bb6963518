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

// NormScratch is how much scratch memory Affine and NormGrad need for rows of n.
func (k *Kernels[T]) NormScratch(n int) int { return 4 * n * k.together(n) }

// together is how many rows of n are gone through as one: short rows, and those that
// leave lanes of their last vector empty, with what is of the channels repeated.
func (k *Kernels[T]) together(n int) int {
	rows := 1
	for rows < 8 && (rows*n < 4*k.Lanes || rows*n%k.Lanes > 0) {
		rows *= 2
	}
	return rows
}

// again writes the row so many times, as a part of the scratch memory.
func again[T Float](scratch *[]T, row []T, times int) *T {
	wide := (*scratch)[:times*len(row)]
	*scratch = (*scratch)[len(wide):]
	for i := range times {
		copy(wide[i*len(row):], row)
	}
	return &wide[0]
}

// Affine is y = factor·(x - center) + shift, or 0 with ReLU where that is negative.
func (k *Kernels[T]) Affine(y, x, center, factor, shift []T, relu bool, scratch []T) {
	n := len(center)
	if len(x) == 0 {
		return
	}
	f := k.affine
	if relu {
		f = k.affineReLU
	}
	y, factor, shift = y[:len(x)], factor[:n], shift[:n]
	times, rows := k.together(n), len(x)/n
	if wide := rows / times; wide > 0 {
		f(&y[0], &x[0], again(&scratch, center, times), again(&scratch, factor, times), again(&scratch, shift, times), times*n, wide)
		y, x, rows = y[wide*times*n:], x[wide*times*n:], rows%times
	}
	if rows > 0 {
		f(&y[0], &x[0], &center[0], &factor[0], &shift[0], n, rows)
	}
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
func (k *Kernels[T]) NormGrad(dx, dy, y, x, center, ofDZ, ofX, constant, scratch []T) {
	n := len(center)
	if len(x) == 0 {
		return
	}
	dx, dy, ofDZ, ofX, constant = dx[:len(x)], dy[:len(x)], ofDZ[:n], ofX[:n], constant[:n]
	if y != nil {
		y = y[:len(x)]
	}
	times, rows := k.together(n), len(x)/n
	done := rows / times * times * n
	if done > 0 {
		k.gradRows(dx, dy, y, x, again(&scratch, center, times), again(&scratch, ofDZ, times), again(&scratch, ofX, times),
			again(&scratch, constant, times), times*n, rows/times)
	}
	if done < len(x) {
		if y != nil {
			y = y[done:]
		}
		k.gradRows(dx[done:], dy[done:], y, x[done:], &center[0], &ofDZ[0], &ofX[0], &constant[0], n, rows%times)
	}
}

func (k *Kernels[T]) gradRows(dx, dy, y, x []T, center, ofDZ, ofX, constant *T, n, rows int) {
	if y == nil {
		k.normGrad(&dx[0], &dy[0], &x[0], center, ofDZ, ofX, constant, n, rows)
	} else {
		k.normGradReLU(&dx[0], &dy[0], &y[0], &x[0], center, ofDZ, ofX, constant, n, rows)
	}
}

// first is where x begins, or nil where there is nothing.
func first[T Float](x []T) *T {
	if len(x) == 0 {
		return nil
	}
	return &x[0]
}

package kernels

import "unsafe"

// The kernels of batch normalisation. x, y and their gradients have a row for each
// pixel, as wide as the arrays of channels. Rows 0, 4, 8... go into one sum, 1, 5, 9...
// into the next, and so on; the four sums are then added in pairs.

// fourRows is four copies of a row of channels, and four of each of two rows of sums.
type fourRows[T Float] struct{ center, first, second []T }

// inFours lays out four rows in the scratch memory. Four rows of pixels are then gone
// through as one, in which each number has sums of its own.
func inFours[T Float](center, scratch []T) fourRows[T] {
	n, size := 4*len(center), int(unsafe.Sizeof(scratch[0]))
	scratch = scratch[-int(uintptr(unsafe.Pointer(&scratch[0])))&(line-1)/size:] // sums that cross lines are slow to take up again
	f := fourRows[T]{scratch[:n], scratch[n : 2*n], scratch[2*n : 3*n]}
	again(&scratch, center, 4)
	clear(scratch[:2*n])
	return f
}

// sum adds up the four rows of each sum, in pairs.
func (f *fourRows[T]) sum(k *Kernels[T], first, second []T) {
	for _, s := range []struct{ sum, four []T }{{first, f.first}, {second, f.second}} {
		n := len(s.sum)
		k.plus(&s.four[0], &s.four[0], &s.four[n], n)
		k.plus(&s.four[2*n], &s.four[2*n], &s.four[3*n], n)
		k.plus(&s.sum[0], &s.four[0], &s.four[2*n], n)
	}
}

// Totals sets the sums to Σ x.
func (k *Kernels[T]) Totals(sums, x, scratch []T) {
	n := len(sums)
	if n <= k.Lanes {
		clear(sums)
		k.Columns(sums, x, len(x)/max(n, 1), n)
		return
	}
	f := inFours(sums, scratch)
	for _, r := range wholeAndRest(len(x), 4*n) {
		if r.rows > 0 {
			k.totals(&x[r.at], &f.first[0], r.n, r.rows)
		}
	}
	f.sum(k, sums, f.second[:n])
}

// Deviations sets the sums to Σ x - center and Σ (x - center)².
func (k *Kernels[T]) Deviations(plain, squares, center, x []T) {
	if n := len(plain); n > 0 {
		k.deviations(&plain[0], &squares[:n][0], &center[:n][0], first(x), n, len(x)/n)
	}
}

// rowsOf is a number of rows of n numbers each, from number at on.
type rowsOf struct{ at, n, rows int }

// wholeAndRest cuts size numbers into whole rows of n and one row of what is left.
func wholeAndRest(size, n int) [2]rowsOf {
	rest := size % n
	return [2]rowsOf{{0, n, size / n}, {size - rest, rest, min(rest, 1)}}
}

// NormScratch is how much scratch memory the kernels need for rows of n.
func (k *Kernels[T]) NormScratch(n int) int { return max(4*n*k.together(n), 12*n+line) }

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
func (k *Kernels[T]) NormSums(plain, times, center, dy, y, x, scratch []T) {
	n := len(center)
	if n == 0 {
		return
	}
	dy = dy[:len(x)]
	if y != nil {
		y = y[:len(x)]
	}
	if n <= k.Lanes {
		k.sumsOfVector(plain[:n], times[:n], center, dy, y, x)
		return
	}
	f := inFours(center, scratch)
	for _, r := range wholeAndRest(len(x), 4*n) {
		switch {
		case r.rows == 0:
		case y == nil:
			k.normAdd(&dy[r.at], &x[r.at], &f.center[0], &f.first[0], &f.second[0], r.n, r.rows)
		default:
			k.normAddReLU(&dy[r.at], &y[r.at], &x[r.at], &f.center[0], &f.first[0], &f.second[0], r.n, r.rows)
		}
	}
	f.sum(k, plain[:n], times[:n])
}

// sumsOfVector is NormSums for rows of one vector at most.
func (k *Kernels[T]) sumsOfVector(plain, times, center, dy, y, x []T) {
	n := len(center)
	if y == nil {
		k.normSums(&plain[0], &times[0], &center[0], first(dy), first(x), n, len(x)/n)
	} else {
		k.normSumsReLU(&plain[0], &times[0], &center[0], first(dy), first(y), first(x), n, len(x)/n)
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

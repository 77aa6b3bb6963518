package kernels

// Windows are the pooling windows of a line of output, of images with C channels. A
// window's elements are at the Offsets, which ascend, from its first one, and the next
// window begins Step elements further on.
type Windows struct {
	Offsets []int
	Step, C int
}

// count is the number of windows of a line of y. It panics if x is too short for them.
func (w *Windows) count(y, x int) int {
	n := y / w.C
	if n > 0 && (n-1)*w.Step+w.Offsets[len(w.Offsets)-1]+w.C > x {
		panic("kernels: windows beyond the image")
	}
	return n
}

// WindowSum is y = scale times the sum of each window of x, in the order of the
// offsets.
func (k *Kernels[T]) WindowSum(y, x []T, w *Windows, scale T) {
	if n := w.count(len(y), len(x)); n > 0 {
		k.windowSum(&y[0], &x[0], &w.Offsets[0], len(w.Offsets), n, w.Step, w.C, scale)
	}
}

// WindowSpread adds scale·dy to each element of its window in dx.
func (k *Kernels[T]) WindowSpread(dx, dy []T, w *Windows, scale T) {
	if n := w.count(len(dy), len(dx)); n > 0 {
		k.windowSpread(&dx[0], &dy[0], &w.Offsets[0], len(w.Offsets), n, w.Step, w.C, scale)
	}
}

// WindowMax is y = the maximum of each window of x, or NaN if there is one in it. The
// first offset must be 0.
func (k *Kernels[T]) WindowMax(y, x []T, w *Windows) {
	if n := w.count(len(y), len(x)); n > 0 {
		k.windowMax(&y[0], &x[0], &w.Offsets[0], len(w.Offsets), n, w.Step, w.C)
	}
}

// WindowMaxGrad adds dy to dx at the first element of its window whose x equals y.
func (k *Kernels[T]) WindowMaxGrad(dx, dy, y, x []T, w *Windows) {
	if n := w.count(len(dy), len(dx)); n > 0 {
		k.windowMaxGrad(&dx[0], &dy[0], &y[:len(dy)][0], &x[:len(dx)][0], &w.Offsets[0], len(w.Offsets), n, w.Step, w.C)
	}
}

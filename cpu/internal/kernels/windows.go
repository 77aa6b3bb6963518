package kernels

// Windows is the windows of a line of pooling: of images with C channels, each has
// elements at the Offsets, which ascend, from its first, and the next begins Step
// elements on.
type Windows struct {
	Offsets []int
	Step, C int
}

// count is the windows of a line of y; x is long enough for them.
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

// WindowMax is y = the greatest of each window of x, or NaN where one is. The first
// offset is 0.
func (k *Kernels[T]) WindowMax(y, x []T, w *Windows) {
	if n := w.count(len(y), len(x)); n > 0 {
		k.windowMax(&y[0], &x[0], &w.Offsets[0], len(w.Offsets), n, w.Step, w.C)
	}
}

// WindowMaxGrad adds dy to the first element of its window, in dx, whose x equals y.
func (k *Kernels[T]) WindowMaxGrad(dx, dy, y, x []T, w *Windows) {
	if n := w.count(len(dy), len(dx)); n > 0 {
		k.windowMaxGrad(&dx[0], &dy[0], &y[:len(dy)][0], &x[:len(dx)][0], &w.Offsets[0], len(w.Offsets), n, w.Step, w.C)
	}
}

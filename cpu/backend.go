package cpu

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"glyph"
	"glyph/cpu/internal/kernels"
)

// Float is the type of number a backend computes in.
type Float interface{ float32 | float64 }

// Backend is a glyph.Backend on the processor. Each operation keeps its task
// here, so that starting it allocates nothing.
type Backend[T Float] struct {
	workers *workers
	gemm    gemmFunc[T]
	kernels *kernels.Kernels[T] // nil for gonum
	scratch []*scratch[T]       // of each worker
	err     error

	packs   [2]packs[T]
	packing packTask[T]

	fastConv     fastConvTask[T]
	fastConvBack fastConvBackTask[T]
	sumTaps      sumTapsTask[T]
	plan         plan       // of a convolution
	phases       []phase[T] // scratch: of a convolution's dx
	phasePlans   []plan     // of each
	tapPlan      tapPlan    // of its dw
	offsets      []int      // scratch: of windows or taps in an image

	dense          denseTask[T]
	denseBack      denseBackTask[T]
	conv           convTask[T]
	convBack       convBackTask[T]
	convSum        sumTask[T]
	pool           poolTask[T]
	poolBack       poolBackTask[T]
	avgPool        avgPoolTask[T]
	avgPoolBack    avgPoolBackTask[T]
	globalPool     globalPoolTask[T]
	globalPoolBack globalPoolBackTask[T]
	normalise      normaliseTask[T]
	normaliseBack  normaliseBackTask[T]
	add            addTask[T]
	copying        copyTask[T]
	average        averageTask[T]
	dropout        dropoutTask[T]
	softmax        softmaxTask[T]
	gather         gatherTask[T]
	augment        augmentTask[T]
	optimize       optimizeTask[T]
	norm           normTask[T]
	derivative     derivativeTask[T]
	dz             []T       // scratch: dy ⊙ act'(y)
	partial        []T       // scratch: sums over parts of a batch
	exps           []float64 // of SoftmaxCrossEntropy
	patches        [][]T     // scratch of each worker: rows of patches
	patchGrads     [][]T     // scratch of each worker: their gradients
	closed         bool
	repeats        int // how many nested Repeats are in progress
	description    string
}

var (
	_ glyph.Backend = (*Backend[float32])(nil)
	_ glyph.Peaker  = (*Backend[float32])(nil)
	_ glyph.Kernels = (*Backend[float32])(nil)
	_ glyph.Float64 = Oracle{}
)

// New makes a backend with that many workers; 0 means one for each processor
// that Go may use.
func New[T Float](workers int) *Backend[T] { return newBackend(workers, chosen[T]()) }

// NewGonum is New on gonum's BLAS and plain loops, whatever the processor supports:
// the formulas in their order, for comparison.
func NewGonum[T Float](workers int) *Backend[T] { return newBackend[T](workers, nil) }

func newBackend[T Float](workers int, kernels *kernels.Kernels[T]) *Backend[T] {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	b := &Backend[T]{
		workers:    startWorkers(workers),
		gemm:       blasGemm[T](),
		patches:    make([][]T, workers),
		patchGrads: make([][]T, workers),
		kernels:    kernels,
		scratch:    make([]*scratch[T], workers),
	}
	for i := range b.scratch {
		b.scratch[i] = new(scratch[T])
	}
	var zero T
	b.description = fmt.Sprintf("cpu %T, %s, %s", zero, kernelName(b.kernels), plural(workers, "worker"))
	return b
}

// Oracle is the float64 backend with exact access: a glyph.Float64.
type Oracle struct{ *Backend[float64] }

// NewOracle makes a float64 backend whose numbers can be read and written
// without rounding to float32. It always computes on gonum and plain loops, so
// that it shares no fast path with what it judges.
func NewOracle(workers int) Oracle { return Oracle{newBackend[float64](workers, nil)} }

// Write64 copies from the host without rounding.
func (o Oracle) Write64(dst glyph.Tensor, src []float64) {
	glyph.CheckWrite(dst, len(src))
	copy(o.data(dst), src)
}

// Read64 copies to the host without rounding.
func (o Oracle) Read64(dst []float64, src glyph.Tensor) error {
	glyph.CheckRead(len(dst), src)
	o.still("Read")
	copy(dst, o.data(src))
	return o.err
}

// Device is the name of the processor.
func Device() string {
	info, err := os.ReadFile("/proc/cpuinfo") // Linux; elsewhere the architecture has to do
	if err == nil {
		for line := range strings.Lines(string(info)) {
			if key, name, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				return strings.TrimSpace(name)
			}
		}
	}
	return runtime.GOARCH
}

// Name says what computes, for logs and benchmark labels.
func (b *Backend[T]) Name() string { return b.description }

// Repeat calls step n times: a processor has nothing to record.
func (b *Backend[T]) Repeat(n int, step func()) {
	glyph.CheckOpen(b.closed)
	b.repeats++
	defer func() { b.repeats-- }() // also when step panics
	for range n {
		step()
	}
}

// Sync returns at once: every operation has ended when its call returns.
func (b *Backend[T]) Sync() error {
	b.still("Sync")
	return b.err
}

// Close ends the workers.
func (b *Backend[T]) Close() error {
	glyph.CheckNotRepeating("Close", b.repeats > 0)
	if !b.closed {
		b.closed = true
		b.workers.stop()
	}
	return b.err
}

// grow makes *s at least n long and reuses its memory from call to call. Its contents
// are lost.
func grow[T any](s *[]T, n int) []T {
	if cap(*s) < n {
		*s = allocate[T](n)
	}
	*s = (*s)[:n]
	return *s
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

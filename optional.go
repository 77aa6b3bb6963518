package glyph

import "time"

// Float64 is the optional interface of a backend that computes in float64. It
// reads and writes without rounding to float32: what an oracle and a gradient
// check need.
type Float64 interface {
	Backend
	Write64(dst Tensor, src []float64)
	Read64(dst []float64, src Tensor) error
}

// Peaker is the optional interface of a backend that can measure what its
// device reaches at most.
type Peaker interface {
	// Peak measures now, which takes from a tenth of a second to a second.
	Peak() (Peak, error)
}

// Peak is what a device reaches at most; 0 where that is not known.
type Peak struct {
	FLOPS float64 // multiply-adds in registers, counted as two operations a second
	Bytes float64 // memory read and written, a second
}

// Timer is the optional interface of a backend whose device times its kernels.
type Timer interface {
	// SetTiming has every kernel timed from here on, or not.
	SetTiming(on bool)
	// Times lists the kernels timed so far, the slowest first, and starts anew.
	Times() []KernelTime
}

// KernelTime is what the runs of one kernel took together.
type KernelTime struct {
	Name  string // with what it was specialised for
	File  string // where it is written
	Calls int
	Total time.Duration
}

// Counter is the optional interface of a backend that counts what it asks of
// its device.
type Counter interface {
	Counts() Counts
}

// Counts is what a backend has asked of its device so far.
type Counts struct {
	Dispatches uint64 `json:"dispatches"` // kernels started
	Barriers   uint64 `json:"barriers"`   // between dependent kernels
	Transfers  uint64 `json:"transfers"`  // from the host to the device
	Waits      uint64 `json:"waits"`      // of the host for the device
}

// Sub is what was counted since an earlier c.
func (c Counts) Sub(earlier Counts) Counts {
	return Counts{
		Dispatches: c.Dispatches - earlier.Dispatches,
		Barriers:   c.Barriers - earlier.Barriers,
		Transfers:  c.Transfers - earlier.Transfers,
		Waits:      c.Waits - earlier.Waits,
	}
}

// Kernels is the optional interface of a backend with a choice of kernels.
type Kernels interface {
	// Kernel says what computes products.
	Kernel() string
	// Arithmetic names what decides how results are rounded: backends of one
	// name that say the same compute the same bits.
	Arithmetic() string
}

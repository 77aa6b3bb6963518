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

// Peaker is the optional interface of a backend that can measure the peak
// performance of its device.
type Peaker interface {
	// Peak measures when called, which takes from a tenth of a second to a second.
	Peak() (Peak, error)
}

// Peak is the peak performance of a device; 0 where it is not known.
type Peak struct {
	FLOPS float64 // multiply-adds in registers, counted as two operations a second
	Bytes float64 // memory read and written, a second
}

// Timer is the optional interface of a backend whose device times its kernels.
type Timer interface {
	// SetTiming turns the timing of kernels on or off.
	SetTiming(on bool)
	// Times lists the kernels timed since the last call, the slowest first.
	Times() []KernelTime
}

// KernelTime is the total time of the runs of one kernel.
type KernelTime struct {
	Name  string // with the values it was specialised for
	File  string // its source
	Calls int
	Total time.Duration
}

// Counter is the optional interface of a backend that counts its requests to the
// device.
type Counter interface {
	Counts() Counts
}

// Counts is the number of requests a backend has made to its device.
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
	// Kernel says what computes matrix products.
	Kernel() string
	// Arithmetic names what determines how results are rounded: backends of the
	// same name with the same Arithmetic compute the same bits.
	Arithmetic() string
}

// StepCost is what one repetition of a recorded step asks of a device.
type StepCost struct {
	Dispatches int   `json:"dispatches"` // kernels started
	Barriers   int   `json:"barriers"`   // waits of the device for kernels before
	Bindings   int   `json:"bindings"`   // buffers bound
	Bytes      int64 `json:"bytes"`      // operands read and written, each once a kernel
}

// TileChoice is how a product is shared out among the work groups of a device.
type TileChoice struct {
	Product string `json:"product"` // its kernel, its shape, and what it is specialised for
	Tile    string `json:"tile"`    // "128x64 by 8x4": results of a work group, and of an invocation
	Parts   int    `json:"parts"`   // of its sums
	How     string `json:"how"`     // "estimated", "measured", or "measured before"
}

// Tiler is a Backend with a choice of tiles.
type Tiler interface {
	// Tiles lists the products that were asked for so far, in that order.
	Tiles() []TileChoice
}

// Coster is a Backend that compiles what Repeat records, and tells what that saves.
type Coster interface {
	// StepCost is the cost of a repetition as it was asked for and compiled. It
	// carries nothing out.
	StepCost(step func()) (asked, compiled StepCost)
}

//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"glyph"
	"glyph/shaders"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// Backend runs the operations of glyph.Backend on an OpenGL device.
type Backend struct {
	device Device

	// The caller's side.
	launch    launch
	tuning    tuning
	hazards   hazards
	programs  map[programKey]*program
	scratch   scratch
	parts     scratch // of sums of activations: those of parameters, at the same time, are in scratch
	pool      pool
	queue     *batch // being filled
	repeat    *batch // made of a record, or nil
	asked     operation
	recording bool        // within Repeat's step
	record    []operation // of it
	saved     []node
	params    []param
	nodes     []node // made of the record
	fuses     bool   // records are compiled
	repeated  int    // steps, by Repeat
	fuseFrom  int    // of these; fewer in tests
	closed    bool

	// The queue to the thread, and batches that come back from it.
	jobs chan job
	free chan *batch

	// The thread's side.
	ctx         context
	state       *C.glyph_state
	heap        heap             // of both sides
	buffers     map[*buffer]bool // that have memory
	compiled    map[*C.glyph_program]*program
	ended       chan struct{} // closed when the thread has given all back
	cache       programCache
	staging     uint32 // a buffer that is read from, or 0
	visits      visits
	mostTexels  int  // elements that are read through a texture; 0 for none
	reset       bool // the context can tell when it is lost
	waits       atomic.Uint64
	failed      atomic.Bool
	mu          sync.Mutex
	err         error               // the first
	now         func() time.Time    // replaced in tests
	maxGroups   int                 // of a dispatch; fewer in tests
	forceTile   *tile               // of tests
	forceSplit  int                 // of tests
	forceFixed  *bool               // of tests
	noFirst     bool                // of tests: convolutions of one channel are products like others
	forceSkinny bool                // of tests: dense layers may be skinny where forceTile is set, too
	dry         bool                // of tests: commands are counted and not run
	refuse      func(*program) bool // of tests: what the driver does not build
	full        func(*buffer) bool  // of tests: what the device has no memory for
	spare       bool                // it is no error if an allocation fails: what it is for can be done without
	warnings    io.Writer           // of tests: in place of standard error
	warned      bool
	defines     []shaders.Define // of tests: what kernels are told besides
}

var _ interface {
	glyph.Backend
	glyph.Peaker
	glyph.Timer
	glyph.Counter
	glyph.Coster
	glyph.Tiler
} = (*Backend)(nil)

// Open makes a Backend on the device that the options choose. The error is one
// line that says what is missing: libEGL, OpenGL 4.3, or a limit.
func Open(o Options) (*Backend, error) {
	fuses, err := fuseMode(o)
	if err != nil {
		return nil, fmt.Errorf("gpu: %w", err)
	}
	b := &Backend{
		now:       time.Now,
		fuses:     fuses,
		fuseFrom:  fuseFrom,
		maxGroups: 65535, // the least that OpenGL promises, and many drivers' limit
		programs:  map[programKey]*program{},
		buffers:   map[*buffer]bool{},
		compiled:  map[*C.glyph_program]*program{},
		ended:     make(chan struct{}),
		jobs:      make(chan job, batchesInFlight),
		free:      make(chan *batch, batchesInFlight),
	}
	b.tuning = tuning{mode: "off", chosen: map[productKey]choice{}, budget: tuneBudget, measure: b.timeBatch}
	for range batchesInFlight {
		b.free <- newBatch(&b.heap)
	}
	b.queue = <-b.free
	ready := make(chan error)
	go b.thread(o, ready)
	if err := <-ready; err != nil {
		b.heap.freeAll()
		return nil, fmt.Errorf("gpu: %w", err)
	}
	if b.device.Software {
		b.fuseFrom = fuseFromSoftware
	}
	return b, nil
}

// Device is the device of the Backend.
func (b *Backend) Device() Device { return b.device }

// Name is "gpu" with the device.
func (b *Backend) Name() string { return "gpu: " + b.device.Renderer }

// Software reports whether the device computes on the CPU.
func (b *Backend) Software() bool { return b.device.Software }

// Counts is the number of requests made to the device so far. It waits for the
// queue, but not for the device.
func (b *Backend) Counts() glyph.Counts {
	n := glyph.Counts{Waits: b.waits.Load()}
	b.call(func() {
		c := b.state.counts
		n.Dispatches, n.Barriers, n.Transfers = uint64(c.dispatches), uint64(c.barriers), uint64(c.transfers)
	})
	return n
}

// fail keeps the first error. From then on operations do nothing.
func (b *Backend) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
		b.failed.Store(true)
	}
}

func (b *Backend) firstError() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// checkDevice makes errors of OpenGL and a lost context the Backend's, on the
// thread. What is read back may depend on commands that failed, so Read and
// Sync ask it.
func (b *Backend) checkDevice(doing string) {
	if b.lost() {
		return
	}
	if code := gl.GetError(); code != gl.NO_ERROR {
		b.fail(fmt.Errorf("gpu: %s: %s", doing, errorName(code)))
		for range 16 { // a lost context may report errors for ever
			if gl.GetError() == gl.NO_ERROR {
				break
			}
		}
	}
}

// wait waits for the device. It runs on the thread.
func (b *Backend) wait(doing string) {
	if !b.dry && b.answered(C.glyph_wait()) {
		b.checkDevice(doing)
	}
}

// answered sets the Backend's error if the device did not finish its work.
func (b *Backend) answered(status C.int) bool {
	if status == 0 {
		return true
	}
	b.checkDevice("waiting for the device") // which may say more
	why := "the driver cannot tell when the device has finished its work"
	if status == C.GLYPH_NO_ANSWER {
		why = fmt.Sprintf("the device has not finished its work in %d minutes", C.GLYPH_PATIENCE/60)
	}
	b.fail(fmt.Errorf("gpu: %s; training can resume from its last checkpoint", why))
	return false
}

// lost sets the Backend's error if the context is lost. It runs on the thread.
func (b *Backend) lost() bool {
	if !b.reset {
		return false
	}
	status := uint32(C.glyph_reset())
	if status != 0 {
		b.fail(lostContext(status))
	}
	return status != 0
}

func lostContext(status uint32) error {
	reason := map[uint32]string{
		0x8253: "this program's work made the device reset",
		0x8254: "another program's work made the device reset",
		0x8255: "the device reset, for an unknown reason",
	}[status]
	if reason == "" {
		reason = fmt.Sprintf("status 0x%04X", status)
	}
	return fmt.Errorf("gpu: the OpenGL context is lost: %s; what was on the device is lost, and training can resume from its last checkpoint", reason)
}

func errorName(code uint32) string {
	switch code {
	case gl.INVALID_ENUM:
		return "GL_INVALID_ENUM"
	case gl.INVALID_VALUE:
		return "GL_INVALID_VALUE"
	case gl.INVALID_OPERATION:
		return "GL_INVALID_OPERATION"
	case gl.OUT_OF_MEMORY:
		return "out of device memory"
	case 0x0507:
		return "GL_CONTEXT_LOST"
	}
	return fmt.Sprintf("OpenGL error 0x%04X", code)
}

// Sync waits for the device and returns the first error.
func (b *Backend) Sync() error {
	b.still("Sync")
	b.call(func() {
		b.wait("waiting for the device")
	})
	b.waits.Add(1)
	return b.firstError()
}

// Close frees everything on the device and returns the first error.
func (b *Backend) Close() error {
	glyph.CheckNotRepeating("Close", b.recording)
	if b.closed {
		return b.firstError()
	}
	b.call(func() {
		if !b.failed.Load() {
			b.wait("closing")
		}
		b.release()
	})
	if env("GLYPH_GL_TIME") {
		printTimes(os.Stderr, b.times())
	}
	b.closed = true
	close(b.jobs)
	<-b.ended
	return b.firstError()
}

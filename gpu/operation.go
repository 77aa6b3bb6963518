//go:build cgo

package gpu

import (
	"unsafe"

	"glyph"
)

// opKind is a method of glyph.Operations, or Write.
type opKind uint8

const (
	opWrite opKind = iota
	opCopy
	opGather
	opGatherAugmented
	opDense
	opDenseBackward
	opConv2D
	opConv2DBackward
	opMaxPool2D
	opMaxPool2DBackward
	opAvgPool2D
	opAvgPool2DBackward
	opGlobalPool2D
	opGlobalPool2DBackward
	opBatchNorm2D
	opBatchNorm2DBackward
	opBatchNorm2DInference
	opAdd
	opAddBackward
	opDropout
	opSoftmaxCrossEntropy
	opL2
	opOptimize
	opMovingAverage
	opAdvance
	opConfusion
	opKinds
)

// uses is how an operation uses each of its operands: r is read, w written whole, u
// updated in place.
var uses = [opKinds]string{
	opCopy: "wr", opGather: "ww", opGatherAugmented: "ww",
	opDense: "wrrr", opDenseBackward: "wwwrrrr", opConv2D: "wrrr", opConv2DBackward: "wwwrrrr",
	opMaxPool2D: "wr", opMaxPool2DBackward: "wrrr", opAvgPool2D: "wr", opAvgPool2DBackward: "wr",
	opGlobalPool2D: "wr", opGlobalPool2DBackward: "wrrr",
	opBatchNorm2D: "wwuurrr", opBatchNorm2DBackward: "wwwrrrrr", opBatchNorm2DInference: "wrrrrr",
	opAdd: "wrr", opAddBackward: "wrr", opDropout: "wr", opSoftmaxCrossEntropy: "wwwrr",
	opL2: "wr", opOptimize: "uuurr", opMovingAverage: "ur", opAdvance: "urrr", opConfusion: "rr",
}

// operands are the tensors of an operation, those of a method in its order.
type operands [8]glyph.Tensor

// operation is a call of a method of glyph.Operations, or of Write.
type operation struct {
	kind     opKind
	t        operands
	clock    glyph.Ints
	order    glyph.Ints
	counts   glyph.Ints
	set      glyph.Dataset
	act      glyph.Activation
	conv     glyph.Conv
	pool     glyph.Pool
	global   glyph.PoolKind
	norm     glyph.BatchNorm
	rule     glyph.Optimizer
	mask     glyph.Mask
	augment  glyph.Augmentation
	f        float32 // the argument that is a float32
	n        int     // the argument that is an int
	seed     uint64
	memory   glyph.Memory   // of a Write: where it goes,
	offset   int64          // from which byte on,
	data     unsafe.Pointer // what, in C memory,
	dataSize int            // and how many bytes
}

// ask has an operation done: at once, or while a step is recorded, when it is
// complete.
func (b *Backend) ask(o operation) {
	glyph.CheckOpen(b.closed)
	if !b.recording {
		b.asked = o
		b.put(&b.asked)
		return
	}
	b.record = append(b.record, o)
	b.eachAccess(&b.record[len(b.record)-1], func(access) {}) // panics at memory that isn't this Backend's
}

// put turns an operation into commands.
func (b *Backend) put(o *operation) {
	switch o.kind {
	case opWrite:
		b.putWrite(o)
	case opCopy:
		b.putCopy(o)
	case opGather:
		b.putGather(o)
	case opGatherAugmented:
		b.putGatherAugmented(o)
	case opDense:
		b.putDense(o, ending{})
	case opDenseBackward:
		b.putDenseBackward(o)
	case opConv2D:
		b.putConv2D(o, ending{})
	case opConv2DBackward:
		b.putConv2DBackward(o)
	case opMaxPool2D:
		b.putMaxPool2D(o)
	case opMaxPool2DBackward:
		b.putMaxPool2DBackward(o)
	case opAvgPool2D:
		b.putAvgPool2D(o)
	case opAvgPool2DBackward:
		b.putAvgPool2DBackward(o)
	case opGlobalPool2D:
		b.putGlobalPool2D(o)
	case opGlobalPool2DBackward:
		b.putGlobalPool2DBackward(o)
	default:
		b.putOther(o)
	}
}

// putOther is the rest of put.
func (b *Backend) putOther(o *operation) {
	switch o.kind {
	case opBatchNorm2D:
		b.putBatchNorm2D(o)
	case opBatchNorm2DBackward:
		b.putBatchNorm2DBackward(o)
	case opBatchNorm2DInference:
		b.putBatchNorm2DInference(o)
	case opAdd:
		b.putAdd(o)
	case opAddBackward:
		b.putAddBackward(o)
	case opDropout:
		b.putDropout(o)
	case opSoftmaxCrossEntropy:
		b.putSoftmaxCrossEntropy(o)
	case opL2:
		b.putL2(o)
	case opOptimize:
		b.putOptimize(o)
	case opMovingAverage:
		b.putMovingAverage(o)
	case opAdvance:
		b.putAdvance(o)
	case opConfusion:
		b.putConfusion(o)
	}
}

// eachAccess calls f with every use that an operation makes of memory, but of scratch
// memory, which no other operation reads.
func (b *Backend) eachAccess(o *operation, f func(access)) {
	for i, use := range uses[o.kind] {
		if t := o.t[i]; !t.IsZero() {
			f(b.accessOf(t, use != 'r'))
		}
	}
	b.eachInts(o, f)
}

// eachInts is the part of eachAccess that isn't operands.
func (b *Backend) eachInts(o *operation, f func(access)) {
	for i, m := range [...]glyph.Memory{o.clock, o.order, o.counts, o.set.Images, o.set.Labels} {
		if m != nil {
			f(b.intsOf(m, i == 2 || i == 0 && o.kind == opAdvance))
		}
	}
	for _, t := range [...]glyph.Tensor{o.set.Mean, o.set.Scale} {
		if !t.IsZero() {
			f(b.accessOf(t, false))
		}
	}
	if o.kind == opWrite {
		f(access{b.memory(o.memory), o.offset, o.offset + int64(o.dataSize), true})
	}
}

// accessOf is the use of a whole tensor.
func (b *Backend) accessOf(t glyph.Tensor, write bool) access {
	return access{b.memory(t.Buf), 4 * int64(t.Off), 4 * int64(t.Off+t.Size()), write}
}

package main

// What the sums of a tile begin with and end as, in whole vectors or under a mask.

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// loadMask loads the vector mask of the last vector's columns into Y15. It
// changes k.
func (t *tile) loadMask() {
	if !t.wide {
		t.MOVQ(t.locals["mask"], t.k)
		t.VMOVUPS(mem(t.k, 0), reg.Y15)
	}
}

func (t *tile) loadMaskIf(masked bool) {
	if masked {
		t.loadMask()
	}
}

// load and store move columns of vector v; masked ones where it is the last.
func (t *tile) load(m operand.Mem, v int, dst reg.VecPhysical, masked bool) {
	switch {
	case !masked || v < t.vecs-1:
		t.op("VMOVUP$", m, dst)
	case t.wide:
		t.op("VMOVUP$_Z", m, reg.K1, dst)
	default:
		t.op("VMASKMOVP$", m, reg.Y15, dst)
	}
}

func (t *tile) store(src reg.VecPhysical, v int, m operand.Mem, masked bool) {
	switch {
	case !masked || v < t.vecs-1:
		t.op("VMOVUP$", src, m)
	case t.wide:
		t.op("VMOVUP$", src, reg.K1, m)
	default:
		t.op("VMASKMOVP$", src, reg.Y15, m)
	}
}

// start sets the accumulators to Init, or to zero.
func (t *tile) start() {
	t.loadMaskIf(!t.whole())
	t.MOVQ(t.locals["init"], t.b)
	t.TESTQ(t.b, t.b)
	t.JZ(to("zero"))
	t.Load(t.Param("t"), t.k)
	t.stride(fieldLDInit, t.idx)
	for r := range t.rows {
		for v := range t.vecs {
			t.load(mem(t.b, v*t.vecBytes()), v, t.acc(r, v), !t.whole())
		}
		t.ADDQ(t.idx, t.b)
	}
	t.MOVQ(t.b, t.locals["init"])
	t.JMP(to("started"))
	t.Label("zero")
	t.MOVQ(t.locals["rowInit"], t.b)
	t.TESTQ(t.b, t.b)
	t.JZ(to("nothing"))
	for r := range t.rows {
		for v := range t.vecs {
			t.op("VBROADCASTS$", mem(t.b, r*t.size), t.acc(r, v))
		}
	}
	t.ADDQ(operand.Imm(uint64(t.rows*t.size)), t.b)
	t.MOVQ(t.b, t.locals["rowInit"])
	t.JMP(to("started"))
	t.Label("nothing")
	for r := range t.rows {
		for v := range t.vecs {
			a := t.acc(r, v)
			if t.wide {
				t.VPXORD(a, a, a)
			} else {
				t.VXORPS(a, a, a)
			}
		}
	}
	t.Label("started")
}

// finish stores the tile and goes on to the next.
func (t *tile) finish() {
	t.Load(t.Param("t"), t.k)
	t.CMPB(mem(t.k, fieldReLU), operand.Imm(0))
	t.JE(to("linear"))
	zero := t.vec(t.rows0() * t.vecs)
	if t.wide {
		t.VPXORD(zero, zero, zero)
	} else {
		t.VXORPS(zero, zero, zero)
	}
	for r := range t.rows {
		for v := range t.vecs { // of a NaN, or of two zeros, the second remains
			t.op("VMAXP$", t.acc(r, v), zero, t.acc(r, v))
		}
	}
	t.Label("linear")
	t.MOVQ(t.locals["c"], t.b)
	t.CMPQ(t.locals["outs"], operand.Imm(0))
	t.JNE(to("scattered"))
	t.eitherStore("", func(masked bool) {
		t.stride(fieldLDC, t.idx)
		t.loadMaskIf(masked)
		t.storeRows(masked)
		t.MOVQ(t.b, t.locals["c"])
	})
	t.Label("scattered")
	t.eitherStore("Scattered", func(masked bool) {
		t.loadMaskIf(masked)
		t.MOVQ(t.locals["outs"], t.k)
		t.scatterRows(masked)
	})
	t.Label("stored")
	t.DECQ(t.locals["tiles"])
	t.JNZ(to("tile"))
}

// eitherStore stores rows of all columns, or of fewer under a mask, and then goes to
// where they are stored.
func (t *tile) eitherStore(name string, rows func(masked bool)) {
	if t.whole() {
		rows(false)
		t.JMP(to("stored"))
		return
	}
	t.CMPQ(mem(t.k, fieldN), operand.Imm(uint64(t.columns())))
	t.JL(to("edge" + name + "Store"))
	rows(false)
	t.JMP(to("stored"))
	t.Label("edge" + name + "Store")
	rows(true)
	t.JMP(to("stored"))
}

// storeRows stores rows that are a stride apart, and scatterRows each where the list
// of them says.
func (t *tile) storeRows(masked bool) {
	for r := range t.rows {
		for v := range t.vecs {
			t.store(t.acc(r, v), v, mem(t.b, v*t.vecBytes()), masked)
		}
		t.ADDQ(t.idx, t.b)
	}
}

func (t *tile) scatterRows(masked bool) {
	for r := range t.rows {
		t.MOVQ(mem(t.k, 8*r), t.idx)
		for v := range t.vecs {
			t.store(t.acc(r, v), v, indexed(t.b, t.idx, t.size, v*t.vecBytes()), masked)
		}
	}
	t.ADDQ(operand.Imm(uint64(8*t.rows)), t.k)
	t.MOVQ(t.k, t.locals["outs"])
}

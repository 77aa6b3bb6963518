package main

// The sum of a tile: its loops over segments and over k.

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// unroll is how many steps of the reduction a turn of the loop takes.
const unroll = 4

// addresses sets those of the tile's rows of A, and goes back to the first
// segment.
func (t *tile) addresses() {
	t.MOVQ(t.locals["rows"], t.idx)
	t.Load(t.Param("t"), t.k)
	t.MOVQ(mem(t.k, fieldA), t.b)
	for r := range t.rows {
		t.MOVQ(mem(t.idx, 8*r), t.row[r])
		t.LEAQ(indexed(t.b, t.row[r], t.size, 0), t.row[r])
	}
	t.ADDQ(operand.Imm(uint64(8*t.rows)), t.locals["rows"])
	if t.self != nil {
		t.MOVQ(t.k, t.self)
	}
	t.MOVQ(mem(t.k, fieldSegs), t.b)
	t.MOVQ(t.b, t.segs)
	t.MOVQ(mem(t.k, fieldSegments), t.b)
	if t.seg != nil {
		t.MOVQ(t.b, t.seg)
	} else {
		t.MOVQ(t.b, t.locals["segment"])
	}
	t.fetchOutputs()
}

// tile is the address of the Tile, in k if no register is left for it.
func (t *tile) tile() reg.Register {
	if t.self != nil {
		return t.self
	}
	t.Load(t.Param("t"), t.k)
	return t.k
}

// segment goes to the beginning of the next one in A and in B.
func (t *tile) segment() {
	t.fetchAhead()
	next := t.seg
	if next == nil {
		next = t.k
		t.MOVQ(t.locals["segment"], next)
	}
	t.MOVQ(mem(next, 0), t.idx)
	t.SHLQ(operand.Imm(t.shift()), t.idx)
	t.MOVQ(mem(next, 8), t.b)
	t.SHLQ(operand.Imm(t.shift()), t.b)
	t.ADDQ(operand.Imm(16), next)
	if t.seg == nil {
		t.MOVQ(next, t.locals["segment"])
	}
	t.ADDQ(mem(t.tile(), fieldB), t.b)
}

// reduce is the loop over k of a segment.
func (t *tile) reduce(name string, masked bool) {
	t.MOVQ(mem(t.tile(), fieldK), t.k)
	t.SUBQ(operand.Imm(unroll), t.k)
	t.JL(to("few" + name))
	t.Label("many" + name)
	for range unroll {
		t.step(masked)
	}
	t.SUBQ(operand.Imm(unroll), t.k)
	t.JGE(to("many" + name))
	t.Label("few" + name)
	t.ADDQ(operand.Imm(unroll), t.k)
	t.JZ(to("segmentEnd"))
	t.Label("one" + name)
	t.step(masked)
	t.DECQ(t.k)
	t.JNZ(to("one" + name))
}

// step adds the products of one k.
func (t *tile) step(masked bool) {
	for v := range t.vecs {
		t.load(mem(t.b, v*t.vecBytes()), v, t.bvec(v), masked)
	}
	for r := range t.rows {
		a := indexed(t.row[r], t.idx, 1, 0)
		if t.wide && t.vecs == 1 {
			t.op("VFMADD231P$_BCST", a, t.bvec(0), t.acc(r, 0))
			continue
		}
		x := t.bcasts[r%len(t.bcasts)]
		t.op("VBROADCASTS$", a, x)
		for v := range t.vecs {
			t.op("VFMADD231P$", x, t.bvec(v), t.acc(r, v))
		}
	}
	t.ADDQ(t.ks, t.idx)
	t.ADDQ(t.ldb, t.b)
}

package main

import "github.com/mmcloughlin/avo/operand"

// line is the size of a cache line in bytes.
const line = 64

// fetchOutputs prefetches the lines that the tile is stored to, while the tile is computed:
// otherwise stores wait for memory one by one, and all that follows waits for them. Where the reduction has one segment, as in products of matrices, most
// are in the cache already, or are what the tile begins with.
func (t *tile) fetchOutputs() {
	t.MOVQ(t.locals["c"], t.b)
	t.MOVQ(t.locals["outs"], t.k)
	t.TESTQ(t.k, t.k)
	t.JNZ(to("fetchScattered"))
	t.Load(t.Param("t"), t.k)
	t.CMPQ(mem(t.k, fieldSegs), operand.Imm(1))
	t.JE(to("segment"))
	t.stride(fieldLDC, t.idx)
	for range t.rows {
		t.fetch(mem(t.b, 0), mem(t.b, t.vecs*t.vecBytes()-1))
		t.ADDQ(t.idx, t.b)
	}
	t.JMP(to("segment"))
	t.Label("fetchScattered")
	for r := range t.rows {
		t.MOVQ(mem(t.k, 8*r), t.idx)
		t.fetch(indexed(t.b, t.idx, t.size, 0), indexed(t.b, t.idx, t.size, t.vecs*t.vecBytes()-1))
	}
}

// fetch prefetches the lines of a row's first and, in a tile wider than a line, its last
// byte.
func (t *tile) fetch(first, last operand.Mem) {
	t.PREFETCHT0(first)
	if t.vecs*t.vecBytes() > line {
		t.PREFETCHT0(last)
	}
}

// fetchAhead prefetches to the second-level cache some of the lines of Tile.Ahead that are
// left.
func (t *tile) fetchAhead() {
	self := t.tile()
	t.CMPQ(mem(self, fieldAheadLines), operand.Imm(0))
	t.JLE(to("fetched"))
	t.MOVQ(mem(self, fieldAhead), t.idx)
	t.MOVQ(mem(self, fieldAheadEach), t.b)
	t.SUBQ(t.b, mem(self, fieldAheadLines))
	t.Label("fetch")
	t.PREFETCHT1(mem(t.idx, 0))
	t.ADDQ(operand.Imm(line), t.idx)
	t.DECQ(t.b)
	t.JNZ(to("fetch"))
	t.MOVQ(t.idx, mem(self, fieldAhead))
	t.Label("fetched")
}

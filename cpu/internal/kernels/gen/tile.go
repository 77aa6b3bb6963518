package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Fields of kernels.Tile, in bytes from its beginning.
const (
	fieldA = 8 * iota
	fieldRows
	fieldB
	fieldC
	fieldInit
	fieldTiles
	fieldN
	fieldSegs
	fieldSegments
	fieldK
	fieldKS
	fieldLDB
	fieldLDC
	fieldOuts
	fieldLDInit
	fieldReLU
	fieldRowInit
	fieldAhead
	fieldAheadLines
	fieldAheadEach
)

// unroll is how many steps of the reduction a turn of the loop takes.
const unroll = 4

// tile is a generator of Kernels.Tile for so many rows and vectors of columns.
//
// Registers: an address for each row of A, and an offset from it that all rows
// share; the address of a row of B; what is left of the reduction. All else
// lies on the stack, where the loop finds its two strides if no register is
// left for them.
type tile struct {
	kind
	rows, vecs int
	narrow     bool // vectors of 32 bytes where there are some of 64
	row        []reg.GPPhysical
	idx, b, k  reg.GPPhysical
	ks, ldb    operand.Op
	seg, self  reg.Register // of the next segment and of the Tile, or nil
	segs       operand.Op
	locals     map[string]operand.Mem
	bcasts     []reg.VecPhysical
}

func (t *tile) acc(r, v int) reg.VecPhysical { return t.vec(r*t.vecs + v) }
func (t *tile) bvec(v int) reg.VecPhysical   { return t.vec(t.rows0()*t.vecs + v) }

// vec, vecBytes and lanes are those of the tile's vectors.
func (t *tile) vec(i int) reg.VecPhysical {
	if t.narrow {
		return t.kind.vec(i).AsY().(reg.VecPhysical)
	}
	return t.kind.vec(i)
}

func (t *tile) vecBytes() int {
	if t.narrow {
		return 32
	}
	return t.kind.vecBytes()
}

func (t *tile) lanes() int { return t.vecBytes() / t.size }

// columns is the most columns of the tile.
func (t *tile) columns() int { return t.vecs * t.lanes() }

// rows0 is the rows of the largest tile of the kind, so that registers have the
// same roles in all.
func (t *tile) rows0() int { return tileRows(t.wide, t.vecs) }

// tileRows is the most rows of a tile of so many vectors.
func tileRows(wide bool, vecs int) int {
	switch {
	case wide && vecs == 3:
		return 9
	case wide:
		return 12
	case vecs == 3:
		return 4
	case vecs == 1: // more would wait for their broadcasts
		return 8
	}
	return 6
}

// shapes are the vectors of the tiles of a kind: one, two, and three of 32 bytes, for 24
// channels: as vectors of 64 bytes they would fill three quarters of the lanes, and as
// two of 32 and one a tile of one has too few products for what it loads.
func (k kind) shapes() []tile {
	return []tile{{kind: k, vecs: 1}, {kind: k, vecs: 2}, {kind: k, vecs: 3, narrow: k.wide}}
}

// whole reports whether the tile has all of its columns: no register is left for a mask.
func (t *tile) whole() bool { return !t.wide && t.vecs == 3 }

func (k kind) tileName(rows, columns int) string {
	return fmt.Sprintf("tile%s_%dx%d", k.short(), rows, columns)
}

// genTile generates a tile of that shape.
func genTile(shape tile, rows int) {
	t, k, vecs := &shape, shape.kind, shape.vecs
	t.rows, t.idx, t.b, t.k, t.locals = rows, reg.RSI, reg.RCX, reg.RDI, map[string]operand.Mem{}
	all := []reg.GPPhysical{reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13, reg.R14, reg.R15, reg.RAX, reg.RBX, reg.RDX, reg.RBP}
	t.row = all[:rows]
	t.Function(k.tileName(rows, t.columns()))
	t.SignatureExpr("func(t *byte)")
	t.Doc(fmt.Sprintf("tile of %d rows and up to %d columns", rows, t.columns()))
	for _, name := range []string{"rows", "c", "outs", "init", "tiles", "segs", "segment", "ks", "ldb", "mask", "rowInit"} {
		t.locals[name] = t.AllocLocal(8)
	}
	t.ks, t.ldb, t.segs = t.locals["ks"], t.locals["ldb"], t.locals["segs"]
	free := all[rows:]
	if len(free) >= 3 { // BP costs saving it
		t.ks, t.ldb = free[0], free[1]
	}
	if len(free) >= 6 { // segments may be short
		t.seg, t.self, t.segs = free[2], free[3], free[4]
	}
	if k.wide {
		for i := t.rows0()*vecs + vecs; i < 32; i++ {
			t.bcasts = append(t.bcasts, t.vec(i))
		}
	} else if vecs == 2 {
		t.bcasts = []reg.VecPhysical{t.vec(14), t.vec(15)}
	} else if vecs == 1 {
		t.bcasts = []reg.VecPhysical{t.vec(13), t.vec(14)}
	} else {
		t.bcasts = []reg.VecPhysical{t.vec(15)}
	}

	t.prologue()
	t.Label("tile")
	t.start()
	t.addresses()
	t.Label("segment")
	t.segment()
	if t.whole() {
		t.reduce("", false)
	} else if !k.wide && vecs == 1 {
		t.reduce("", true)
	} else { // a masked load costs a unit that multiplies
		t.CMPQ(mem(t.tile(), fieldN), operand.Imm(uint64(t.columns())))
		t.JL(to("edge"))
		t.reduce("", false)
		t.JMP(to("segmentEnd"))
		t.Label("edge")
		t.loadMask()
		if !k.wide { // the mask has the register of the other
			t.bcasts = t.bcasts[:1]
		}
		t.reduce("Edge", true)
	}
	t.Label("segmentEnd")
	t.DECQ(t.segs)
	t.JNZ(to("segment"))
	t.finish()
	t.VZEROUPPER()
	t.RET()
}

// stride sets r to a stride in bytes; the address of the Tile is in k.
func (t *tile) stride(field int, r reg.GPPhysical) {
	t.MOVQ(mem(t.k, field), r)
	t.SHLQ(operand.Imm(t.shift()), r)
}

// prologue puts what the loops need onto the stack, strides in bytes.
func (t *tile) prologue() {
	t.Load(t.Param("t"), t.k)
	for _, f := range []struct {
		name  string
		field int
	}{{"rows", fieldRows}, {"c", fieldC}, {"outs", fieldOuts}, {"init", fieldInit}, {"tiles", fieldTiles}, {"rowInit", fieldRowInit}} {
		t.MOVQ(mem(t.k, f.field), t.idx)
		t.MOVQ(t.idx, t.locals[f.name])
	}
	for _, f := range []struct {
		to    operand.Op
		field int
	}{{t.ks, fieldKS}, {t.ldb, fieldLDB}} {
		t.stride(f.field, t.idx)
		t.MOVQ(t.idx, f.to)
	}
	if t.whole() {
		return
	}
	t.MOVQ(mem(t.k, fieldN), t.b)
	if t.wide { // the lowest n bits
		if t.vecs > 1 {
			t.SUBQ(operand.Imm(uint64((t.vecs-1)*t.lanes())), t.b)
		}
		t.MOVQ(operand.U32(1), t.idx)
		t.SHLQ(reg.CL, t.idx)
		t.DECQ(t.idx)
		t.KMOVW(reg.ESI, reg.K1)
		return
	}
	// The window is a vector of ones and one of zeros: n ones end at its middle.
	t.SHLQ(operand.Imm(t.shift()), t.b)
	t.NEGQ(t.b)
	t.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol("window"), 0), t.idx)
	t.LEAQ(indexed(t.idx, t.b, 1, t.vecs*t.vecBytes()), t.idx)
	t.MOVQ(t.idx, t.locals["mask"])
	t.loadMask()
}

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

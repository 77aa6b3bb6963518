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

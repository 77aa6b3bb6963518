package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// genSums generates the kernels that add up. Which elements meet in which sum
// does not depend on the width of a vector, so that neither do the bits.
func genSums(k kind) {
	genColumns(k, false)
	genColumns(k, true)
	genSquares(k)
}

// genColumns generates the sums of a matrix's columns: rows 0, 4, 8... in one
// sum, 1, 5, 9... in the next, which are added in pairs, or go on from four rows
// and are left there.
func genColumns(k kind, four bool) {
	name, doc := "columns", "columns adds each of the rows to dst"
	if four {
		name, doc = "columns4", "columns4 adds the rows to the four of dst in turn"
	}
	k.Function(name + k.short())
	k.SignatureExpr(fmt.Sprintf("func(dst, m *%s, n, rows, stride int)", k.elem()))
	k.Doc(doc)
	dst, m := k.ptr("dst"), k.ptr("m")
	stride := k.Load(k.Param("stride"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), stride)
	l := &loop{kind: k, at: k.GP64(), zero: k.nought()}
	k.XORQ(l.at, l.at)
	turn := 0
	l.run("", k.Load(k.Param("n"), k.GP64()), func(l *loop) {
		turn++
		var sums [4]reg.VecVirtual
		if !four {
			for i := range sums {
				sums[i] = l.nought()
			}
			l.sumColumns(turn, sums, m, stride)
			l.store(l.add(l.load(dst), l.add(l.add(sums[0], sums[1]), l.add(sums[2], sums[3]))), dst)
			return
		}
		row := l.GP64()
		l.MOVQ(dst, row)
		for i := range sums {
			sums[i] = l.load(row)
			l.ADDQ(stride, row)
		}
		l.sumColumns(turn, sums, m, stride)
		l.MOVQ(dst, row)
		for i := range sums {
			l.store(sums[i], row)
			l.ADDQ(stride, row)
		}
	})
	k.VZEROUPPER()
	k.RET()
}

// sumColumns adds rows 0, 4, 8... to the first of the sums, and so on; the turn
// makes labels differ.
func (l *loop) sumColumns(turn int, sums [4]reg.VecVirtual, m, stride reg.Register) {
	name := func(s string) string { return fmt.Sprintf("%s%d", s, turn) }
	row := l.GP64()
	l.LEAQ(indexed(m, l.at, 1, 0), row)
	rows := l.Load(l.Param("rows"), l.GP64())
	l.SUBQ(operand.Imm(4), rows)
	l.JL(to(name("few")))
	l.Label(name("four"))
	for i := range sums {
		l.op("VADDP$", l.loadAt(mem(row, 0)), sums[i], sums[i])
		l.ADDQ(stride, row)
	}
	l.SUBQ(operand.Imm(4), rows)
	l.JGE(to(name("four")))
	l.Label(name("few"))
	l.ADDQ(operand.Imm(4), rows)
	for i := range 3 {
		l.SUBQ(operand.Imm(1), rows)
		l.JL(to(name("added")))
		l.op("VADDP$", l.loadAt(mem(row, 0)), sums[i], sums[i])
		l.ADDQ(stride, row)
	}
	l.Label(name("added"))
}

// genSquares generates the sums of squares of every 256th byte, as it were: the
// numbers in 256 bytes have a sum each.
func genSquares(k kind) {
	k.Function("squares" + k.short())
	k.SignatureExpr(fmt.Sprintf("func(sums, x *%s, blocks int)", k.elem()))
	k.Doc("squares sets the sums of as many numbers as fill 256 bytes to the squares of so many blocks of 256 bytes")
	x := k.ptr("x")
	blocks := k.Load(k.Param("blocks"), k.GP64())
	sums := make([]reg.VecVirtual, 256/k.vecBytes())
	for i := range sums {
		sums[i] = k.nought()
	}
	k.Label("block")
	for i := range sums {
		v := k.v()
		k.op("VMOVUP$", mem(x, i*k.vecBytes()), v)
		k.fma(v, v, sums[i])
	}
	k.ADDQ(operand.U32(256), x)
	k.DECQ(blocks)
	k.JNZ(to("block"))
	into := k.ptr("sums")
	for i, s := range sums {
		k.op("VMOVUP$", s, mem(into, i*k.vecBytes()))
	}
	k.VZEROUPPER()
	k.RET()
}

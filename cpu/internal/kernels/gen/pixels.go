package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// genNormalise generates x = (pixel - mean)·scale for whole vectors.
func genNormalise(k kind) {
	k.Function("normalise" + k.short())
	k.SignatureExpr(fmt.Sprintf("func(x *%[1]s, pixels *byte, vectors int, mean, scale %[1]s)", k.elem()))
	k.Doc("normalise is x = (pixel - mean)·scale for so many vectors of x")
	l := &loop{kind: k}
	x, pixels := k.ptr("x"), k.ptr("pixels")
	vectors := k.Load(k.Param("vectors"), k.GP64())
	mean, scale := l.scalar("mean"), l.scalar("scale")
	k.Label("vector")
	v := k.v()
	switch {
	case k.size == 4:
		k.VPMOVZXBD(mem(pixels, 0), v)
		k.VCVTDQ2PS(v, v)
	case k.wide:
		half := k.YMM()
		k.VPMOVZXBD(mem(pixels, 0), half)
		k.VCVTDQ2PD(half, v)
	default:
		quarter := k.XMM()
		k.VPMOVZXBD(mem(pixels, 0), quarter)
		k.VCVTDQ2PD(quarter, v)
	}
	k.op("VMOVUP$", k.mul(k.sub(v, mean), scale), mem(x, 0))
	k.ADDQ(operand.Imm(uint64(k.lanes())), pixels)
	k.ADDQ(operand.Imm(uint64(k.vecBytes())), x)
	k.DECQ(vectors)
	k.JNZ(to("vector"))
	k.VZEROUPPER()
	k.RET()
}

// genTranspose generates the transpose of square blocks that lie side by side:
// 8×8 numbers of 4 bytes or 4×4 of 8. All kinds take 32 bytes at a time.
func genTranspose(k kind) {
	k.Function("transpose" + k.short())
	k.SignatureExpr(fmt.Sprintf("func(dst, w *%s, stride, blocks, width int)", k.elem()))
	k.Doc("transpose makes columns of as many rows as 32 bytes hold numbers, block by block")
	dst, w := k.ptr("dst"), k.ptr("w")
	stride := k.Load(k.Param("stride"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), stride)
	width := k.Load(k.Param("width"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), width)
	blocks := k.Load(k.Param("blocks"), k.GP64())
	k.Label("block")
	if k.size == 4 {
		transpose8(k, dst, w, stride, width)
	} else {
		transpose4(k, dst, w, stride, width)
	}
	k.ADDQ(operand.Imm(32), w)
	k.DECQ(blocks)
	k.JNZ(to("block"))
	k.VZEROUPPER()
	k.RET()
}

// genRows generates the copy of rows of a matrix to rows of another.
func genRows(k kind) {
	k.Function("rows" + k.short())
	k.SignatureExpr(fmt.Sprintf("func(dst, src *%s, n, rows, to, from int)", k.elem()))
	k.Doc("rows copies so many rows of n numbers, from apart in src and to apart in dst")
	dst, src := k.ptr("dst"), k.ptr("src")
	rows := k.Load(k.Param("rows"), k.GP64())
	apart, from := k.Load(k.Param("to"), k.GP64()), k.Load(k.Param("from"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), apart)
	k.SHLQ(operand.Imm(k.shift()), from)
	n := k.Load(k.Param("n"), k.GP64())
	l := &loop{kind: k, at: k.GP64()}
	left := k.GP64()
	k.CMPQ(n, operand.Imm(uint64(2*k.lanes())))
	k.JE(to("panel"))
	k.Label("row")
	k.XORQ(l.at, l.at)
	k.MOVQ(n, left)
	l.run("", left, func(l *loop) { l.store(l.load(src), dst) })
	k.ADDQ(from, src)
	k.ADDQ(apart, dst)
	k.DECQ(rows)
	k.JNZ(to("row"))
	k.JMP(to("done"))
	k.Label("panel") // as wide as a tile
	a, b := k.v(), k.v()
	k.VMOVUPS(mem(src, 0), a)
	k.VMOVUPS(mem(src, k.vecBytes()), b)
	k.VMOVUPS(a, mem(dst, 0))
	k.VMOVUPS(b, mem(dst, k.vecBytes()))
	k.ADDQ(from, src)
	k.ADDQ(apart, dst)
	k.DECQ(rows)
	k.JNZ(to("panel"))
	k.Label("done")
	k.VZEROUPPER()
	k.RET()
}

// ymm emits an AVX instruction of two operands in Intel's order.
func (k kind) ymm(f func(...operand.Op), a, b operand.Op) reg.VecVirtual {
	v := k.YMM()
	f(b, a, v)
	return v
}

// transpose8 turns 8×8 numbers of 4 bytes: rows i and i+4 meet in one register,
// whose halves are then turned as 4×4.
func transpose8(k kind, dst, w, stride, width reg.Register) {
	var half [2][4]reg.VecVirtual // columns 0 to 3 and 4 to 7
	upper, lower := k.GP64(), k.GP64()
	k.MOVQ(w, upper)
	k.LEAQ(indexed(w, stride, 4, 0), lower)
	for r := range 4 {
		for h := range 2 {
			v := k.YMM()
			k.VMOVUPS(mem(upper, 16*h), v.AsX())
			k.VINSERTF128(operand.Imm(1), mem(lower, 16*h), v, v)
			half[h][r] = v
		}
		if r < 3 {
			k.ADDQ(stride, upper)
			k.ADDQ(stride, lower)
		}
	}
	for _, t := range half {
		a0, a1 := k.ymm(k.VUNPCKLPS, t[0], t[1]), k.ymm(k.VUNPCKHPS, t[0], t[1])
		a2, a3 := k.ymm(k.VUNPCKLPS, t[2], t[3]), k.ymm(k.VUNPCKHPS, t[2], t[3])
		for _, out := range []reg.VecVirtual{
			k.ymm(k.VUNPCKLPD, a0, a2), k.ymm(k.VUNPCKHPD, a0, a2),
			k.ymm(k.VUNPCKLPD, a1, a3), k.ymm(k.VUNPCKHPD, a1, a3),
		} {
			k.VMOVUPS(out, mem(dst, 0))
			k.ADDQ(width, dst)
		}
	}
}

// transpose4 turns 4×4 numbers of 8 bytes.
func transpose4(k kind, dst, w, stride, width reg.Register) {
	var half [2][2]reg.VecVirtual
	upper, lower := k.GP64(), k.GP64()
	k.MOVQ(w, upper)
	k.LEAQ(indexed(w, stride, 2, 0), lower)
	for r := range 2 {
		for h := range 2 {
			v := k.YMM()
			k.VMOVUPS(mem(upper, 16*h), v.AsX())
			k.VINSERTF128(operand.Imm(1), mem(lower, 16*h), v, v)
			half[h][r] = v
		}
		if r == 0 {
			k.ADDQ(stride, upper)
			k.ADDQ(stride, lower)
		}
	}
	for _, t := range half {
		for _, out := range []reg.VecVirtual{k.ymm(k.VUNPCKLPD, t[0], t[1]), k.ymm(k.VUNPCKHPD, t[0], t[1])} {
			k.VMOVUPS(out, mem(dst, 0))
			k.ADDQ(width, dst)
		}
	}
}

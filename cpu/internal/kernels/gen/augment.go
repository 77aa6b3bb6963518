package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// integers emits code on vectors of as many 32-bit integers as a vector of k
// has numbers.
type integers struct{ kind }

func (k integers) v() reg.VecVirtual {
	switch k.lanes() {
	case 16:
		return k.ZMM()
	case 8:
		return k.YMM()
	}
	return k.XMM()
}

// of emits an instruction of two operands; a and b in the order of Intel's
// manual.
func (k integers) of(f func(...operand.Op), a, b operand.Op) reg.VecVirtual {
	v := k.v()
	f(b, a, v)
	return v
}

// shift emits a shift by an immediate.
func (k integers) shifted(f func(...operand.Op), a reg.Register, by uint64) reg.VecVirtual {
	v := k.v()
	f(operand.Imm(by), a, v)
	return v
}

// all is a parameter in all lanes.
func (k integers) all(name string) reg.VecVirtual {
	v, r := k.v(), k.Load(k.Param(name), k.GP32())
	x := k.XMM()
	k.VMOVD(r, x)
	k.VPBROADCASTD(x, v)
	return v
}

// constant is lane i's value of f.
func (k integers) constant(name string, f func(i int) uint32) reg.VecVirtual {
	name += k.short()
	m, known := constants[name]
	if !known {
		m = k.StaticGlobal(name)
		k.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range k.lanes() {
			k.AddDatum(4*i, operand.U32(f(i)))
		}
		constants[name] = m
	}
	v := k.v()
	k.VMOVUPS(m, v)
	return v
}

// low is a & 255.
func (k integers) low(a, ones reg.Register) reg.VecVirtual {
	if k.lanes() == 16 {
		return k.of(k.VPANDD, a, ones)
	}
	v := k.v()
	k.VPAND(ones, a, v)
	return v
}

// gather is four bytes at base plus each lane's offset.
func (k integers) gather(base, offsets reg.Register) reg.VecVirtual {
	v := k.v()
	from := operand.Mem{Base: base, Index: offsets, Scale: 1}
	if k.lanes() == 16 {
		m := k.K()
		k.KXNORW(m, m, m)
		k.VPGATHERDD(from, m, v)
		return v
	}
	m := k.v()
	k.VPCMPEQD(m, m, m)
	k.VPGATHERDD(m, from, v)
	return v
}

// blend is a<<8 + weight·(b - a).
func (k integers) blend(a, b, weight reg.Register) reg.VecVirtual {
	difference := k.of(k.VPMULLD, weight, k.of(k.VPSUBD, b, a))
	return k.of(k.VPADDD, k.shifted(k.VPSLLD, a, 8), difference)
}

// genAugment generates a row of an augmented image of one channel: integers
// throughout, as in glyph.Affine. The image has two lines and columns of zeros
// around it, so that no place needs a branch.
func genAugment(k kind) {
	i := integers{k}
	k.Function("augment" + k.short())
	k.SignatureExpr(fmt.Sprintf("func(x *%[1]s, image *byte, n int, y, across, down, right, lines, columns, stride int32, mean, scale %[1]s)", k.elem()))
	k.Doc("augment takes n pixels from the places (y, across), (y+down, across+right)... of an image, and normalises them")
	l := &loop{kind: k, at: k.GP64(), zero: k.nought()}
	x := k.ptr("x")
	// upper and lower are where the pixel above and the one below a place lie.
	upper, lower := k.ptr("image"), k.GP64()
	stride := k.Load(k.Param("stride"), k.GP64())
	k.LEAQ(indexed(upper, stride, 2, 2), upper)
	k.LEAQ(indexed(upper, stride, 1, 0), lower)
	index := i.constant("index", func(i int) uint32 { return uint32(i) })
	y := i.of(k.VPADDD, i.all("y"), i.of(k.VPMULLD, i.all("down"), index))
	across := i.of(k.VPADDD, i.all("across"), i.of(k.VPMULLD, i.all("right"), index))
	k.XORQ(l.at, l.at)
	l.run("", k.Load(k.Param("n"), k.GP64()), func(l *loop) {
		same := func(value uint32) reg.VecVirtual {
			return i.constant(fmt.Sprintf("all%d", value), func(int) uint32 { return value })
		}
		ones := same(255)
		// place is the pixel of a coordinate and the weight of the next.
		place := func(at reg.Register, most string) (pixel, weight reg.VecVirtual) {
			at = i.shifted(k.VPSRAD, i.of(k.VPADDD, at, same(128)), 8)
			pixel = i.of(k.VPMINSD, i.shifted(k.VPSRAD, at, 8), i.all(most))
			return i.of(k.VPMAXSD, pixel, same(1<<32-2)), i.low(at, ones)
		}
		row, below := place(y, "lines")
		column, beside := place(across, "columns")
		offsets := i.of(k.VPADDD, column, i.of(k.VPMULLD, row, i.all("stride")))
		var sides [2]reg.VecVirtual
		for s, base := range []reg.Register{upper, lower} {
			pair := i.gather(base, offsets)
			sides[s] = i.blend(i.low(pair, ones), i.low(i.shifted(k.VPSRLD, pair, 8), ones), beside)
		}
		v := k.v()
		if k.size == 4 {
			k.VCVTDQ2PS(i.blend(sides[0], sides[1], below), v)
		} else {
			k.VCVTDQ2PD(i.blend(sides[0], sides[1], below), v)
		}
		v = k.mul(v, k.number(1.0/(1<<16)))
		l.store(k.mul(k.sub(v, l.scalar("mean")), l.scalar("scale")), x)
		width := same(uint32(k.lanes()))
		k.VPADDD(i.of(k.VPMULLD, i.all("down"), width), y, y)
		k.VPADDD(i.of(k.VPMULLD, i.all("right"), width), across, across)
	})
	k.VZEROUPPER()
	k.RET()
}

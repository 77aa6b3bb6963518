package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// genNorms generates the kernels of batch normalisation: over rows, pixels, of n
// numbers each, channels.
func genNorms(k kind) {
	genTotals(k)
	genDeviations(k)
	for _, relu := range []bool{false, true} {
		genAffine(k, relu)
		genNormSums(k, relu)
		genNormGrad(k, relu)
	}
}

// rows calls a function with each of four rows that are written out, and with where
// the row begins in bytes from the beginning of its array.
type rows func(f func(i int, row reg.Register))

// channels generates a kernel of the arrays, which goes through the rows vector of
// channels by vector, with what is of the channels in registers: for rows of one vector,
// or that are in the first-level cache. The body is for one vector, and finds the rows by
// eachRow.
func (k kind) channels(name, arrays, doc string, body func(l *loop, eachRow rows)) {
	k.Function(name + k.short())
	k.SignatureExpr(fmt.Sprintf("func(%s *%s, n, rows int)", arrays, k.elem()))
	k.Doc(doc)
	stride := k.Load(k.Param("n"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), stride)
	l := &loop{kind: k, at: k.GP64(), zero: k.nought()}
	k.XORQ(l.at, l.at)
	turn := 0
	l.run("", k.Load(k.Param("n"), k.GP64()), func(l *loop) {
		turn++
		body(l, func(f func(i int, row reg.Register)) { l.eachRow(turn, stride, f) })
	})
	k.VZEROUPPER()
	k.RET()
}

// eachRow writes f out for four rows at a time, i of them, and for those that are
// left; row is where one begins in bytes from that of its array.
func (l *loop) eachRow(turn int, stride reg.Register, f func(i int, row reg.Register)) {
	name := func(s string) string { return fmt.Sprintf("%s%d", s, turn) }
	row := l.GP64()
	l.MOVQ(l.at, row)
	rows := l.Load(l.Param("rows"), l.GP64())
	l.SUBQ(operand.Imm(4), rows)
	l.JL(to(name("few")))
	l.Label(name("four"))
	for i := range 4 {
		f(i, row)
		l.ADDQ(stride, row)
	}
	l.SUBQ(operand.Imm(4), rows)
	l.JGE(to(name("four")))
	l.Label(name("few"))
	l.ADDQ(operand.Imm(4), rows)
	for i := range 3 {
		l.SUBQ(operand.Imm(1), rows)
		l.JL(to(name("done")))
		f(i, row)
		l.ADDQ(stride, row)
	}
	l.Label(name("done"))
}

func genTotals(k kind) {
	k.byRow("totals", "x", "sums", "totals adds each row to the sums", func(l *loop) {
		l.keep(l.add(l.array("sums"), l.array("x")), "sums")
	})
}

// of is the current channels of a parameter that is an array, whose address need not
// stay in a register.
func (l *loop) of(name string) reg.VecVirtual { return l.load(l.ptr(name)) }

// inRow is the current channels of a row.
func (l *loop) inRow(array, row reg.Register) reg.VecVirtual {
	return l.loadAt(indexed(array, row, 1, 0))
}

// fours is four sums, and whole what they add up to, in pairs.
func (l *loop) fours() (sums [4]reg.VecVirtual) {
	for i := range sums {
		sums[i] = l.same(l.zero)
	}
	return sums
}

func (l *loop) whole(sums [4]reg.VecVirtual) reg.VecVirtual {
	return l.add(l.add(sums[0], sums[1]), l.add(sums[2], sums[3]))
}

func genDeviations(k kind) {
	k.channels("deviations", "plain, squares, center, x", "deviations sets the sums to Σ x - center and Σ (x - center)²",
		func(l *loop, eachRow rows) {
			x := l.ptr("x")
			center, plain, squares := l.of("center"), l.fours(), l.fours()
			eachRow(func(i int, row reg.Register) {
				d := l.sub(l.inRow(x, row), center)
				l.op("VADDP$", d, plain[i], plain[i])
				l.fma(d, d, squares[i])
			})
			l.store(l.whole(plain), l.ptr("plain"))
			l.store(l.whole(squares), l.ptr("squares"))
		})
}

func suffix(name string, relu bool) string {
	if relu {
		return name + "ReLU"
	}
	return name
}

// byRow generates a kernel that goes through numbers of rows, row by row: the order in
// which they lie in memory, which is what bounds it. The data are arrays of rows, the channels
// one row each.
func (k kind) byRow(name, data, channels, doc string, body func(l *loop)) {
	k.Function(name + k.short())
	k.SignatureExpr(fmt.Sprintf("func(%s, %s *%s, n, rows int)", data, channels, k.elem()))
	k.Doc(doc)
	l := &loop{kind: k, at: k.GP64(), zero: k.nought(), arrays: map[string]reg.Register{}}
	for _, array := range strings.Split(data+", "+channels, ", ") {
		l.arrays[array] = k.ptr(array)
	}
	stride := k.Load(k.Param("n"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), stride)
	rows := k.Load(k.Param("rows"), k.GP64())
	k.TESTQ(rows, rows)
	k.JLE(to("done"))
	k.Label("row")
	k.XORQ(l.at, l.at)
	l.run("", k.Load(k.Param("n"), k.GP64()), body)
	for _, array := range strings.Split(data, ", ") {
		k.ADDQ(stride, l.arrays[array])
	}
	k.DECQ(rows)
	k.JNZ(to("row"))
	k.Label("done")
	k.VZEROUPPER()
	k.RET()
}

func genAffine(k kind, relu bool) {
	name := suffix("affine", relu)
	k.byRow(name, "y, x", "center, factor, shift", name+" is y = factor·(x - center) + shift, through the activation",
		func(l *loop) {
			v := l.sub(l.array("x"), l.array("center"))
			l.op("VFMADD213P$", l.array("shift"), l.array("factor"), v)
			if relu {
				v = l.two("VMAXP$", l.zero, v) // of a NaN, or of two zeros, the second remains
			}
			l.keep(v, "y")
		})
}

// gradientArrays are the names of what dz is made of.
func gradientArrays(relu bool) string {
	if relu {
		return "dy, y"
	}
	return "dy"
}

// dz is dy, or of it what ReLU lets through.
func (l *loop) dz(relu bool) reg.VecVirtual {
	dz := l.array("dy")
	if relu {
		return l.pick(l.compare(greater, l.array("y"), l.zero), dz, l.zero)
	}
	return dz
}

// genNormSums generates the sums in registers, for rows of one vector, which lie as they
// are gone through, and those in memory, for longer rows.
func genNormSums(k kind, relu bool) {
	name := suffix("normSums", relu)
	k.channels(name, "plain, times, center, "+gradientArrays(relu)+", x", name+" sets the sums to Σ dz and Σ dz·(x - center)",
		func(l *loop, eachRow rows) {
			l.arrays = map[string]reg.Register{"dy": l.ptr("dy"), "x": l.ptr("x")}
			if relu {
				l.arrays["y"] = l.ptr("y")
			}
			center, plain, times := l.of("center"), l.fours(), l.fours()
			eachRow(func(i int, row reg.Register) {
				in := *l
				in.at = row
				dz := in.dz(relu)
				l.op("VADDP$", dz, plain[i], plain[i])
				l.fma(dz, l.sub(in.array("x"), center), times[i])
			})
			l.store(l.whole(plain), l.ptr("plain"))
			l.store(l.whole(times), l.ptr("times"))
		})
	name = suffix("normAdd", relu)
	k.byRow(name, gradientArrays(relu)+", x", "center, plain, times", name+" adds dz and dz·(x - center) to the sums", func(l *loop) {
		dz := l.dz(relu)
		l.keep(l.add(l.array("plain"), dz), "plain")
		l.keep(l.fma(dz, l.sub(l.array("x"), l.array("center")), l.array("times")), "times")
	})
}

func genNormGrad(k kind, relu bool) {
	name := suffix("normGrad", relu)
	k.byRow(name, "dx, "+gradientArrays(relu)+", x", "center, ofDZ, ofX, constant", name+" is dx = ofDZ·dz + ofX·(x - center) + constant",
		func(l *loop) {
			v := l.sub(l.array("x"), l.array("center"))
			l.op("VFMADD213P$", l.array("constant"), l.array("ofX"), v)
			l.keep(l.fma(l.array("ofDZ"), l.dz(relu), v), "dx")
		})
}

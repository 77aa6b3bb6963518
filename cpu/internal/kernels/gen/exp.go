package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// horner is the polynomial with these coefficients, the highest power first.
func (l *loop) horner(x reg.Register, coefficients ...float64) reg.VecVirtual {
	sum := l.number(coefficients[0])
	for _, c := range coefficients[1:] {
		next := l.number(c)
		sum = l.fma(sum, x, next)
	}
	return sum
}

// exp is e to the x, within 2 units in the last place: x = n·ln 2 + r with
// |r| ≤ ln 2/2 (Cody & Waite 1980, ch. 6), a polynomial of r, and n added to the
// exponent. Numbers so small that the result could not be normal give 0, and
// those so great that it could not be finite are taken as the greatest that
// could.
func (l *loop) exp(x reg.VecVirtual) reg.VecVirtual {
	lowest, greatest, magic, shift := -86.6, 88.3, 0x1.8p23, uint64(23)
	high, low := 0.693359375, -2.12194440e-4
	if l.size == 8 {
		lowest, greatest, magic, shift = -707, 709, 0x1.8p52, 52
		high, low = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	}
	// Of a NaN the second operand remains.
	y := l.two("VMAXP$", l.number(lowest), l.two("VMINP$", l.number(greatest), x))
	// With the magic number added, n is the lowest bits of the sum.
	round := l.number(magic)
	bits := l.fma(y, l.number(math.Log2E), l.same(round))
	n := l.sub(bits, round)
	r := l.fnma(n, l.number(low), l.fnma(n, l.number(high), y))
	var p reg.VecVirtual
	if l.size == 4 {
		q := l.horner(r, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
		p = l.add(l.fma(q, l.mul(r, r), r), l.number(1))
	} else {
		taylor := []float64{1}
		for i := 1.0; i <= 13; i++ {
			taylor = append([]float64{1 / math.Gamma(i+1)}, taylor...)
		}
		p = l.horner(r, taylor...)
	}
	result := l.v()
	if l.size == 4 {
		l.VPSLLD(operand.Imm(shift), bits, bits)
		l.VPADDD(bits, p, result)
	} else {
		l.VPSLLQ(operand.Imm(shift), bits, bits)
		l.VPADDQ(bits, p, result)
	}
	result = l.pick(l.compare(less, x, l.number(lowest)), l.zero, result)
	return l.pick(l.compare(unordered, x, x), x, result)
}

// tanh is a rational function or a polynomial near 0, and 1 - 2/(e²ˣ + 1) with
// the sign of x elsewhere (Moshier 1989, "Methods and Programs for Mathematical
// Functions").
func (l *loop) tanh(x reg.VecVirtual) reg.VecVirtual {
	sign := uint64(1) << 31
	if l.size == 8 {
		sign = 1 << 63
	}
	size := l.logic("ANDN", l.bits(sign), x)
	one := l.number(1)
	far := l.sub(one, l.div(l.add(one, one), l.add(l.exp(l.add(size, size)), one)))
	far = l.logic("OR", far, l.logic("AND", l.bits(sign), x))
	z := l.mul(x, x)
	var near reg.VecVirtual
	if l.size == 4 {
		near = l.horner(z, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	} else {
		p := l.horner(z, -9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3)
		q := l.horner(z, 1, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3)
		near = l.div(p, q)
	}
	near = l.fma(l.mul(near, z), x, l.same(x))
	return l.pick(l.compare(less, size, l.number(0.625)), near, far)
}

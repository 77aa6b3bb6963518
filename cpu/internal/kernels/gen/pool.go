package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// windows generates a kernel over pixels of c channels, from lines of pixels
// whose 2×2 windows lie side by side: arrays of one element a window move on by
// a pixel, those of lines by two.
func (k kind) windows(name, sig, doc string, window, lines []string, body func(l *loop, p map[string]reg.Register)) {
	k.Function(name + k.short())
	k.SignatureExpr(sig)
	k.Doc(doc)
	p := map[string]reg.Register{}
	for _, name := range append(window, lines...) {
		p[name] = k.ptr(name)
	}
	pixels := k.Load(k.Param("pixels"), k.GP64())
	l := &loop{kind: k, at: k.GP64(), zero: k.nought()}
	k.TESTQ(pixels, pixels)
	k.JZ(to("done"))
	k.Label("pixel")
	k.XORQ(l.at, l.at)
	left := k.Load(k.Param("c"), k.GP64())
	l.run("", left, func(l *loop) { body(l, p) })
	pixel := k.Load(k.Param("c"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), pixel)
	for _, name := range window {
		k.ADDQ(pixel, p[name])
	}
	for _, name := range lines {
		k.LEAQ(indexed(p[name], pixel, 2, 0), p[name])
	}
	k.DECQ(pixels)
	k.JNZ(to("pixel"))
	k.Label("done")
	k.VZEROUPPER()
	k.RET()
}

// places is where the window's four pixels are at in the lines: left and right,
// upper and lower.
func (l *loop) places(upper, lower reg.Register) []operand.Mem {
	right := l.Load(l.Param("c"), l.GP64())
	l.SHLQ(operand.Imm(l.shift()), right)
	l.ADDQ(l.at, right)
	return []operand.Mem{
		indexed(upper, l.at, 1, 0), indexed(upper, right, 1, 0),
		indexed(lower, l.at, 1, 0), indexed(lower, right, 1, 0),
	}
}

func genPools(k kind) {
	elem := k.elem()
	k.windows("max2x2", "func(y, upper, lower *"+elem+", pixels, c int)", "max2x2 is y = the greatest of each window, or NaN where one is",
		[]string{"y"}, []string{"upper", "lower"}, func(l *loop, p map[string]reg.Register) {
			at := l.places(p["upper"], p["lower"])
			best := l.loadAt(at[0])
			for _, m := range at[1:] {
				v := l.loadAt(m)
				best = l.two("VMAXP$", v, best) // of a NaN the second remains
				best = l.pick(l.compare(unordered, v, v), v, best)
			}
			l.store(best, p["y"])
		})
	k.windows("max2x2Grad", "func(dUpper, dLower, dy, y, upper, lower *"+elem+", pixels, c int)", "max2x2Grad gives dy to the first of each window that equals y",
		[]string{"dy", "y"}, []string{"dUpper", "dLower", "upper", "lower"}, func(l *loop, p map[string]reg.Register) {
			from, into := l.places(p["upper"], p["lower"]), l.places(p["dUpper"], p["dLower"])
			left, best := l.load(p["dy"]), l.load(p["y"])
			for i, m := range from {
				here := l.compare(equal, l.loadAt(m), best)
				l.storeAt(l.pick(here, left, l.zero), into[i])
				if i < 3 {
					left = l.pick(here, l.zero, left)
				}
			}
		})
}

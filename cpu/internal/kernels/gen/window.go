package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sliding is a kernel over windows of any size: each has elements at the offsets
// from its first, for c channels. Arrays of one pixel a window move on by c, those
// of images by step.
type sliding struct {
	*loop
	p    map[string]reg.Register
	turn int // makes labels differ
}

// slidingWindows generates such a kernel. The body works on the current channels of
// one window.
func (k kind) slidingWindows(name, sig, doc string, window, image []string, body func(s *sliding)) {
	k.Function(name + k.short())
	k.SignatureExpr(fmt.Sprintf(sig, k.elem()))
	k.Doc(doc)
	s := &sliding{loop: &loop{kind: k, at: k.GP64(), zero: k.nought()}, p: map[string]reg.Register{}}
	for _, name := range append(window, image...) {
		s.p[name] = k.ptr(name)
	}
	pixels := k.Load(k.Param("pixels"), k.GP64())
	k.Label("pixel")
	k.XORQ(s.at, s.at)
	s.run("", k.Load(k.Param("c"), k.GP64()), func(*loop) {
		s.turn++
		body(s)
	})
	s.forward("c", window)
	s.forward("step", image)
	k.DECQ(pixels)
	k.JNZ(to("pixel"))
	k.VZEROUPPER()
	k.RET()
}

// forward moves arrays on by as many elements as the parameter says.
func (s *sliding) forward(by string, arrays []string) {
	bytes := s.Load(s.Param(by), s.GP64())
	s.SHLQ(operand.Imm(s.shift()), bytes)
	for _, name := range arrays {
		s.ADDQ(bytes, s.p[name])
	}
}

// each emits a loop over the window's offsets: f is given where an element is from
// the beginning of an image.
func (s *sliding) each(f func(at reg.Register)) {
	label := fmt.Sprintf("offset%d", s.turn)
	next, left, at := s.ptr("offsets"), s.Load(s.Param("count"), s.GP64()), s.GP64()
	s.Label(label)
	s.MOVQ(mem(next, 0), at)
	s.SHLQ(operand.Imm(s.shift()), at)
	s.ADDQ(s.at, at)
	f(at)
	s.ADDQ(operand.Imm(8), next)
	s.DECQ(left)
	s.JNZ(to(label))
}

func (s *sliding) in(image string, at reg.Register) operand.Mem {
	return indexed(s.p[image], at, 1, 0)
}

// set copies v to the register.
func (s *sliding) set(r, v reg.VecVirtual) { s.op("VMOVAP$", v, r) }

func genWindows(k kind) {
	k.slidingWindows("windowSum", "func(y, x *%[1]s, offsets *int, count, pixels, step, c int, scale %[1]s)",
		"windowSum is y = scale·Σ of each window", []string{"y"}, []string{"x"}, func(s *sliding) {
			sum := s.nought()
			s.each(func(at reg.Register) { s.op("VADDP$", s.loadAt(s.in("x", at)), sum, sum) })
			s.store(s.mul(sum, s.scalar("scale")), s.p["y"])
		})
	k.slidingWindows("windowSpread", "func(dx, dy *%[1]s, offsets *int, count, pixels, step, c int, scale %[1]s)",
		"windowSpread adds scale·dy to all of each window", []string{"dy"}, []string{"dx"}, func(s *sliding) {
			give := s.mul(s.load(s.p["dy"]), s.scalar("scale"))
			s.each(func(at reg.Register) {
				m := s.in("dx", at)
				s.storeAt(s.add(s.loadAt(m), give), m)
			})
		})
	k.slidingWindows("windowMax", "func(y, x *%[1]s, offsets *int, count, pixels, step, c int)",
		"windowMax is y = the greatest of each window, or NaN where one is", []string{"y"}, []string{"x"}, func(s *sliding) {
			best, nan := s.load(s.p["x"]), s.nought()
			s.each(func(at reg.Register) {
				v := s.loadAt(s.in("x", at))
				s.op("VMAXP$", best, v, best) // of a NaN the last remains
				s.set(nan, s.pick(s.compare(unordered, v, v), v, nan))
			})
			s.store(s.pick(s.compare(unordered, nan, nan), nan, best), s.p["y"])
		})
	k.slidingWindows("windowMaxGrad", "func(dx, dy, y, x *%[1]s, offsets *int, count, pixels, step, c int)",
		"windowMaxGrad adds dy to the first of each window that equals y", []string{"dy", "y"}, []string{"dx", "x"}, func(s *sliding) {
			left, best := s.load(s.p["dy"]), s.load(s.p["y"])
			s.each(func(at reg.Register) {
				m := s.in("dx", at)
				here := s.compare(equal, s.loadAt(s.in("x", at)), best)
				s.storeAt(s.add(s.loadAt(m), s.pick(here, left, s.zero)), m)
				s.set(left, s.pick(here, s.zero, left))
			})
		})
}

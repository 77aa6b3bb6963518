package main

import "github.com/mmcloughlin/avo/reg"

// genElements generates the element-wise kernels: the formulas are in
// kernels.go.
func genElements(k kind) {
	k.elements("add", "func(dst, src *%[1]s, n int)", "add adds src to dst", func(l *loop) {
		l.keep(l.add(l.array("dst"), l.array("src")), "dst")
	})
	k.elements("plus", "func(y, a, b *%[1]s, n int)", "plus is y = a + b", func(l *loop) {
		l.keep(l.add(l.array("a"), l.array("b")), "y")
	})
	k.elements("plusReLU", "func(y, a, b *%[1]s, n int)", "plusReLU is y = max(a + b, 0)", func(l *loop) {
		l.keep(l.two("VMAXP$", l.zero, l.add(l.array("a"), l.array("b"))), "y") // as in relu
	})
	k.elements("scaled", "func(y, x *%[1]s, n int, scale %[1]s)", "scaled is y = scale·x", func(l *loop) {
		l.keep(l.mul(l.array("x"), l.scalar("scale")), "y")
	})
	genActivations(k)
	genUpdates(k)
}

// genActivations generates y = act(z) in place and dz = dy·act'(y).
func genActivations(k kind) {
	inPlace := func(name, sig string, f func(l *loop, z reg.VecVirtual) reg.VecVirtual) {
		k.elements(name, sig, name+" replaces z by its value there", func(l *loop) {
			l.keep(f(l, l.array("z")), "z")
		})
	}
	inPlace("relu", "func(z *%[1]s, n int)", func(l *loop, z reg.VecVirtual) reg.VecVirtual {
		return l.two("VMAXP$", l.zero, z) // of a NaN, or of two zeros, the second remains
	})
	inPlace("leaky", "func(z *%[1]s, n int, slope %[1]s)", func(l *loop, z reg.VecVirtual) reg.VecVirtual {
		return l.pick(l.compare(less, z, l.zero), l.mul(z, l.scalar("slope")), z)
	})
	inPlace("sigmoid", "func(z *%[1]s, n int)", func(l *loop, z reg.VecVirtual) reg.VecVirtual {
		one := l.number(1)
		return l.div(one, l.add(one, l.exp(l.sub(l.zero, z))))
	})
	inPlace("tanh", "func(z *%[1]s, n int)", func(l *loop, z reg.VecVirtual) reg.VecVirtual { return l.tanh(z) })
	if k.size == 8 {
		inPlace("exp", "func(z *%[1]s, n int)", func(l *loop, z reg.VecVirtual) reg.VecVirtual { return l.exp(z) })
	}

	derivative := func(name, sig string, f func(l *loop, dy, y reg.VecVirtual) reg.VecVirtual) {
		k.elements(name, sig, name+" is dz = dy·act'(y)", func(l *loop) {
			l.keep(f(l, l.array("dy"), l.array("y")), "dz")
		})
	}
	derivative("reluGrad", "func(dz, dy, y *%[1]s, n int)", func(l *loop, dy, y reg.VecVirtual) reg.VecVirtual {
		return l.pick(l.compare(greater, y, l.zero), dy, l.zero)
	})
	derivative("leakyGrad", "func(dz, dy, y *%[1]s, n int, slope %[1]s)", func(l *loop, dy, y reg.VecVirtual) reg.VecVirtual {
		return l.pick(l.compare(greater, y, l.zero), dy, l.mul(dy, l.scalar("slope")))
	})
	derivative("sigmoidGrad", "func(dz, dy, y *%[1]s, n int)", func(l *loop, dy, y reg.VecVirtual) reg.VecVirtual {
		return l.mul(dy, l.mul(y, l.sub(l.number(1), y)))
	})
	derivative("tanhGrad", "func(dz, dy, y *%[1]s, n int)", func(l *loop, dy, y reg.VecVirtual) reg.VecVirtual {
		return l.mul(dy, l.fnma(y, y, l.number(1)))
	})
}

// genUpdates generates the update rules.
func genUpdates(k kind) {
	// gradient is g + l2·w.
	gradient := func(l *loop, w reg.VecVirtual) reg.VecVirtual {
		return l.fma(l.scalar("l2"), w, l.array("grad"))
	}
	k.elements("sgd", "func(w, grad *%[1]s, n int, lr, l2 %[1]s)", "sgd is w -= lr·g", func(l *loop) {
		w := l.array("w")
		l.keep(l.fnma(l.scalar("lr"), gradient(l, w), w), "w")
	})
	k.elements("momentum", "func(w, m, grad *%[1]s, n int, lr, mu, l2 %[1]s)", "momentum is m = mu·m + g, w -= lr·m", func(l *loop) {
		w := l.array("w")
		m := l.fma(l.scalar("mu"), l.array("m"), gradient(l, w))
		l.keep(m, "m")
		l.keep(l.fnma(l.scalar("lr"), m, w), "w")
	})
	k.elements("nesterov", "func(w, m, grad *%[1]s, n int, lr, mu, l2 %[1]s)", "nesterov is m = mu·m + g, w -= lr·(g + mu·m)", func(l *loop) {
		w := l.array("w")
		g := gradient(l, w)
		mu := l.scalar("mu")
		m := l.add(l.mul(mu, l.array("m")), g)
		l.keep(m, "m")
		l.keep(l.fnma(l.scalar("lr"), l.fma(mu, m, g), w), "w")
	})
	// mean is keep·old + rest·x·y.
	mean := func(l *loop, array, keep, rest string, x, y reg.Register) reg.VecVirtual {
		v := l.fma(l.mul(l.scalar(rest), x), y, l.mul(l.scalar(keep), l.array(array)))
		l.keep(v, array)
		return v
	}
	k.elements("rmsprop", "func(w, v, grad *%[1]s, n int, lr, rho, rest, eps, l2 %[1]s)", "rmsprop is v = rho·v + (1-rho)·g², w -= lr·g/(√v + eps)", func(l *loop) {
		w := l.array("w")
		g := gradient(l, w)
		v := mean(l, "v", "rho", "rest", g, g)
		l.keep(l.sub(w, l.div(l.mul(l.scalar("lr"), g), l.add(l.sqrt(v), l.scalar("eps")))), "w")
	})
	k.elements("adam", "func(w, m, v, grad *%[1]s, n int, lr, beta1, rest1, beta2, rest2, eps, l2, decay, correctM, correctV %[1]s)", "adam is Adam, and AdamW where decay, lr·WeightDecay, is not 0", func(l *loop) {
		w := l.array("w")
		g := gradient(l, w)
		decayed := l.fnma(l.scalar("decay"), w, l.same(w))
		m := l.fma(l.scalar("rest1"), g, l.mul(l.scalar("beta1"), l.array("m")))
		l.keep(m, "m")
		v := mean(l, "v", "beta2", "rest2", g, g)
		root := l.add(l.sqrt(l.mul(v, l.scalar("correctV"))), l.scalar("eps"))
		step := l.div(l.mul(l.scalar("lr"), l.mul(m, l.scalar("correctM"))), root)
		l.keep(l.sub(decayed, step), "w")
	})
	k.elements("adadelta", "func(w, m, v, grad *%[1]s, n int, lr, rho, rest, eps, l2 %[1]s)", "adadelta is v = rho·v + (1-rho)·g², d = √(m+eps)/√(v+eps)·g, m = rho·m + (1-rho)·d², w -= lr·d", func(l *loop) {
		w := l.array("w")
		g := gradient(l, w)
		eps := l.scalar("eps")
		v := mean(l, "v", "rho", "rest", g, g)
		d := l.mul(l.div(l.sqrt(l.add(l.array("m"), eps)), l.sqrt(l.add(v, eps))), g)
		mean(l, "m", "rho", "rest", d, d)
		l.keep(l.fnma(l.scalar("lr"), d, w), "w")
	})
	k.elements("average", "func(average, w *%[1]s, n int, share %[1]s)", "average is average += share·(w - average)", func(l *loop) {
		a := l.array("average")
		l.keep(l.fma(l.scalar("share"), l.sub(l.array("w"), a), a), "average")
	})
}

package backendtest

import (
	"math"

	"glyph"
)

// far fills with numbers whose mean is far from 0 compared with their deviation.
func far(mean, sigma float64) Fill {
	return func(r *glyph.Rand, v []float64, in Values) {
		normal(sigma)(r, v, in)
		for i := range v {
			v[i] += mean
		}
	}
}

// constant fills every other channel of c with one number each, whose sums round.
func constant(c int) Fill {
	return func(r *glyph.Rand, v []float64, in Values) {
		normal(1)(r, v, in)
		for i := range v {
			if channel := i % c; channel%2 == 0 {
				v[i] = 0.1 + 0.3*float64(channel)
			}
		}
	}
}

// outlier fills with small numbers except the first of each of c channels, which must
// not be what differences are taken from.
func outlier(c int) Fill {
	return func(r *glyph.Rand, v []float64, in Values) {
		far(0.001, 0.01)(r, v, in)
		far(50, 9)(r, v[:c], in)
	}
}

// spoilt puts numbers that are not finite into the first three of c channels: a NaN, an
// infinity, and both infinities.
func spoilt(c int) Fill {
	return func(r *glyph.Rand, v []float64, in Values) {
		normal(1)(r, v, in)
		last := len(v) - c
		v[last], v[1], v[2], v[last+2] = math.NaN(), math.Inf(1), math.Inf(1), math.Inf(-1)
	}
}

func batchNorm2DCases() (cases []*Case) {
	relu, none, usual := glyph.Activation{Kind: glyph.ReLU}, glyph.Activation{}, glyph.DefaultBatchNorm()
	all := []string{"dx", "dgamma", "dbeta"}
	both := func(l normLayer) { cases = append(cases, l.forward(), l.backward(all...), l.inference()) }
	layer := func(n, h, w, c int, act glyph.Activation) normLayer {
		return newNormLayer(glyph.Shape{n, h, w, c}, usual, act)
	}
	both(layer(1, 1, 1, 1, none))
	both(layer(1, 1, 1, 6, relu)) // m = 1: no variance, and none that is unbiased
	both(layer(2, 1, 1, 5, none))
	for i, c := range edges { // channels, with pixels that divide into no blocks
		both(layer(1+i%4, 1+i%7, 3+i%5, c, relu))
	}
	for _, n := range []int{31, 64, 65, 129, 513} { // of a few channels, more pixels
		both(layer(1, n, 1, 3, none))
		both(layer(n, 2, 1, 4, relu))
	}
	for _, act := range activations {
		both(layer(2, 5, 7, 9, act))
	}
	for _, want := range choices(all...) {
		cases = append(cases, layer(3, 3, 5, 10, glyph.Activation{Kind: glyph.Tanh}).backward(want...))
	}
	for _, n := range []glyph.BatchNorm{{Eps: 1e-3, Momentum: 0.01}, {Eps: 1, Momentum: 1}, {Eps: 1e-12, Momentum: 0.5}} {
		both(newNormLayer(glyph.Shape{3, 4, 5, 7}, n, relu))
	}
	with := func(l normLayer, fill Fill, what string) normLayer {
		l.fill, l.what = fill, what
		return l
	}
	both(with(layer(5, 9, 8, 6, none), far(100, 0.1), "mean 100, deviation 0.1"))
	both(with(layer(5, 9, 8, 6, relu), far(-1e4, 1), "mean -10,000, deviation 1"))
	both(with(layer(3, 20, 20, 4, none), far(1, 1e-3), "mean 1, deviation 0.001"))
	both(with(layer(4, 8, 7, 6, none), constant(6), "constant channels"))
	both(with(layer(2, 3, 3, 4, none), normal(0), "zeros"))
	both(with(layer(4, 14, 14, 5, none), outlier(5), "an outlier first"))
	both(with(layer(3, 5, 5, 7, none), spoilt(7), "NaN and Inf"))
	both(with(layer(2, 6, 6, 9, relu), spoilt(9), "NaN and Inf"))
	for _, act := range activations {
		cases = append(cases, withSpecials(layer(2, 6, 5, 8, act).backward(all...), "dy", "y"),
			withSpecials(layer(2, 5, 7, 9, act).inference(), "x", "gamma", "beta", "mean"))
	}
	// Long sums; the longest is a channel of the presets at a batch of 128.
	both(with(layer(16, 28, 28, 1, none), far(100, 0.1), "mean 100, deviation 0.1"))
	both(layer(128, 28, 28, 1, relu))
	both(with(layer(128, 28, 28, 1, none), far(100, 0.1), "mean 100, deviation 0.1"))
	// The layers of the vgg preset, of a few images and 64.
	for _, l := range []normLayer{
		layer(2, 28, 28, 24, relu), layer(2, 14, 14, 48, relu), layer(2, 7, 7, 96, relu),
		layer(64, 28, 28, 24, relu), layer(64, 14, 14, 48, relu), layer(64, 7, 7, 96, relu),
	} {
		for _, c := range []*Case{l.forward(), l.backward(all...), l.inference()} {
			c.Layer = true
			cases = append(cases, c)
		}
	}
	return cases
}

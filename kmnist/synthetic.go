package kmnist

import (
	"math/rand/v2"
	"runtime"
	"sync"
)

// What Open draws for "synthetic": as many as KMNIST has.
const (
	DefaultSeed  = 1
	DefaultTrain = 60000
	DefaultTest  = 10000
)

// shares is how often each writing of a character is met in the training and in
// the test set. As in KMNIST, whose test set comes from other books, they
// differ.
var shares = [2][4]float64{{0.45, 0.3, 0.15, 0.1}, {0.3, 0.3, 0.2, 0.2}}

// Synthetic draws a data set in the shape of KMNIST: the same ten characters,
// from stroke paths of our own, with a brush. Image i of a set depends on the
// seed and on i alone, so a smaller set is the head of a larger one, and any
// number of cores gives the same images. Classes come in turn, so that every
// head is balanced.
func Synthetic(seed uint64, train, test int) Data {
	return Data{
		Train: drawSet(seed, 0, train), Test: drawSet(seed, 1, test),
		Classes: len(Classes), Name: Drawn, Source: "synthetic glyphs",
	}
}

func drawSet(seed uint64, which, n int) Set {
	s := Set{Images: make([]uint8, n*side*side), Labels: make([]uint8, n), H: side, W: side}
	var done sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		done.Go(func() {
			for i := w; i < n; i += workers {
				s.Labels[i] = uint8(i % len(Classes))
				drawGlyph(seed, which, i, int(s.Labels[i]), s.Image(i))
			}
		})
	}
	done.Wait()
	return s
}

// drawGlyph draws image i of a set.
func drawGlyph(seed uint64, which, i, class int, out []uint8) {
	r := rand.New(rand.NewPCG(seed, uint64(i)<<1|uint64(which)))
	way := pickShare(shares[which], r.Float64())
	d := drawDistortion(r)
	h := hand{radius: 1.0 + 0.55*r.Float64() + 0.3*r.Float64()*r.Float64(), taper: 0.45 * r.Float64(), dry: 0.35 * r.Float64() * r.Float64()}
	var c canvas
	for _, stroke := range writings[class][way] {
		var path [16]point
		for j, p := range stroke {
			p.x += 0.018 * r.NormFloat64()
			p.y += 0.018 * r.NormFloat64()
			path[j] = d.apply(p)
		}
		c.draw(path[:len(stroke)], h)
	}
	c.grain(r, out)
}

// pickShare is which share of 1 a number in [0, 1) falls into.
func pickShare(shares [4]float64, u float64) int {
	for i, s := range shares {
		if u < s {
			return i
		}
		u -= s
	}
	return len(shares) - 1
}

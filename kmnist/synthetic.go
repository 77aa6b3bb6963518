package kmnist

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
)

// The synthetic set that Open returns has as many images as KMNIST.
const (
	DefaultSeed  = 1
	DefaultTrain = 60000
	DefaultTest  = 10000
)

const drawnSource = "synthetic glyphs"

// shares is how often each way to write a character occurs in the training set and
// in the test set, in percent. They differ, as in KMNIST, whose test set comes from
// other books.
var shares = [2][ways]uint64{{34, 24, 18, 14, 10}, {20, 22, 22, 20, 16}}

// Synthetic draws a data set like KMNIST: images of the same ten characters, made by
// moving a brush along stroke paths. Image i of a set depends on the seed and i only,
// so a smaller set is the beginning of a larger one, and the bytes are the same on
// any processor with any number of cores. Label i is i mod 10, so that the first n
// images are balanced. A negative count counts as 0.
func Synthetic(seed uint64, train, test int) Data {
	return Data{
		Train: drawSet(context.Background(), seed, 0, train), Test: drawSet(context.Background(), seed, 1, test),
		Classes: Characters(), Name: Drawn, Source: drawnSource,
	}
}

func drawSet(ctx context.Context, seed uint64, which, n int) Set {
	n = max(0, n)
	s := Set{Images: make([]uint8, n*side*side), Labels: make([]uint8, n), H: side, W: side}
	var done sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		done.Go(func() {
			for i := w; i < n && (i/workers%64 != 0 || ctx.Err() == nil); i += workers {
				s.Labels[i] = uint8(i % classCount)
				drawGlyph(seed, which, i, s.Labels[i], s.Image(i))
			}
		})
	}
	done.Wait()
	return s
}

// drawGlyph draws image i of a set.
func drawGlyph(seed uint64, which, i int, class uint8, out []uint8) {
	r := &random{*rand.NewPCG(seed, uint64(i)<<1|uint64(which))}
	way := pick(shares[which], r.Uint64())
	writeGlyph(writings()[class][way], r, out)
}

// writeGlyph draws a character with a random distortion, brush and scan.
func writeGlyph(w writing, r *random, out []uint8) {
	d := drawDistortion(r)
	b := brush{
		radius: 0.85 + float64(0.65*r.uniform()) + float64(0.7*float64(r.uniform()*r.uniform())),
		taper:  0.7 * r.uniform(),
		flat:   0.45 * r.uniform(),
		dry:    0.5 * float64(r.uniform()*r.uniform()),
		nib:    [2]point{{0.8, -0.6}, {0.96, -0.28}}[r.Uint64()>>63],
	}
	var buffer [maxPlaces * maxStrokes]place
	var strokes [maxStrokes][]place
	used := buffer[:0]
	for k, stroke := range w {
		start := len(used)
		used = append(used, stroke...)
		strokes[k] = used[start:]
		for j := range strokes[k] {
			p := &strokes[k][j]
			p.x += float64(0.024 * r.bell())
			p.y += float64(0.024 * r.bell())
			p.point = d.apply(p.point)
			p.press *= 1 + float64(0.15*r.bell())
		}
	}
	f := fit(strokes[:len(w)], b.radius, r)
	var c canvas
	for _, stroke := range strokes[:len(w)] {
		for j := range stroke {
			stroke[j].point = f.apply(stroke[j].point)
		}
		c.draw(stroke, b)
	}
	if r.uniform() < 0.25 {
		c.neighbour(b, r)
	}
	c.scan(0.75*float64(r.uniform()*r.uniform()), r, out)
}

// pick maps a random number to an index, with these probabilities in percent.
func pick(shares [ways]uint64, u uint64) int {
	u %= 100
	for i, s := range shares {
		if u < s {
			return i
		}
		u -= s
	}
	return ways - 1
}

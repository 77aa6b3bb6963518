package backendtest

import (
	"fmt"
	"math"
	"slices"

	"glyph"
)

// unmoved: an augmentation of nothing is Gather, to the bit.
func unmoved(b glyph.Backend, r *Report) {
	for _, l := range []gatherLayer{
		{5, 9, glyph.Shape{6, 7, 3}, 10, 6, 6007, true, 0.25},
		{6, 9, glyph.Shape{28, 28, 1}, 10, 9, 7, false, 0.1},
	} {
		c := augmentLayer{l, glyph.Augmentation{}, 3, 9}.gather()
		in := c.Values()
		want := evaluate(b, l.gather(), in)
		for name, got := range evaluate(b, c, in) {
			if !slices.Equal(bitsOf(got), bitsOf(want[name])) {
				r.failf("%v: %s has other bits than Gather's", l, name)
			}
		}
	}
}

// wholeShifts: where the draws are whole pixels, pixels move as they are, and
// what comes in is 0.
func wholeShifts(b glyph.Backend, r *Report) {
	const n, height, width = 8, 6, 9
	l := augmentLayer{gatherLayer{n, n, glyph.Shape{height, width, 1}, 3, n, 0, false, 0}, glyph.Augmentation{Shift: 2}, 11, 0}
	moves := map[[2]int32]bool{}
	for ; len(moves) < 6; l.step++ {
		for i := range n {
			d := l.a.Limits().Draw(l.seed, l.step, i)
			if d.X%256 != 0 || d.Y%256 != 0 || moves[[2]int32{d.Y, d.X}] {
				continue
			}
			moves[[2]int32{d.Y, d.X}] = true
			c := l.gather()
			in := c.Values()
			in.Tensor["mean"][0], in.Tensor["scale"][0] = 0, 1
			image := in.Bytes["images"][l.image(in, i)*height*width:]
			got := evaluate(b, c, in)["x"][i*height*width:]
			for k := range height * width {
				y, x, want := k/width-int(d.Y/256), k%width-int(d.X/256), 0.0
				if y >= 0 && y < height && x >= 0 && x < width {
					want = float64(image[y*width+x])
				}
				if got[k] != want {
					r.failf("moved by (%d, %d), pixel %d is %v, want %v", d.Y/256, d.X/256, k, got[k], want)
					break
				}
			}
		}
	}
}

// ramps is a batch of one image whose two channels tell where they are: their
// normalised values are the column and the row.
func ramps(n int, a glyph.Augmentation, seed uint64, step int32) (*Case, Values) {
	c := augmentLayer{gatherLayer{n, 1, glyph.Shape{rampSide, rampSide, 2}, 2, 1, 0, false, 0}, a, seed, step}.gather()
	in := c.Values()
	in.Tensor["mean"][0], in.Tensor["scale"][0] = 0, 1.0/rampSlope
	for k := range rampSide * rampSide {
		in.Bytes["images"][2*k], in.Bytes["images"][2*k+1] = byte(k%rampSide*rampSlope), byte(k/rampSide*rampSlope)
	}
	return c, in
}

const (
	rampSide, rampSlope = 17, 8
	rampMiddle          = rampSide / 2
)

// taken is where sample i took row h and column w from, about the middle.
func taken(x []float64, i, h, w int) (dy, dx float64) {
	at := 2 * ((i*rampSide+h)*rampSide + w)
	return x[at+1] - rampMiddle, x[at] - rampMiddle
}

// coverage: what is drawn is spread evenly over the whole range and not beyond.
func coverage(b glyph.Backend, r *Report) {
	const n, steps, away = 96, 12, 4
	a := glyph.Augmentation{Shift: 3, Rotation: 25, Scale: 0.25, Shear: 20}
	const radian = math.Pi / 180
	for _, way := range []struct {
		name  string
		a     glyph.Augmentation
		limit float64
		// grain is what a position, known to 2⁻⁸ pixel, leaves open.
		grain float64
		look  func(x []float64, i int) float64
	}{
		{"shift along x", glyph.Augmentation{Shift: a.Shift}, 3, 1.0 / 256, func(x []float64, i int) float64 {
			_, dx := taken(x, i, rampMiddle, rampMiddle)
			return dx
		}},
		{"shift along y", glyph.Augmentation{Shift: a.Shift}, 3, 1.0 / 256, func(x []float64, i int) float64 {
			dy, _ := taken(x, i, rampMiddle, rampMiddle)
			return dy
		}},
		{"elastic along x", glyph.Augmentation{Elastic: 3}, 3, 1.0 / 256, func(x []float64, i int) float64 {
			_, dx := taken(x, i, rampMiddle, rampMiddle)
			return dx
		}},
		{"elastic along y", glyph.Augmentation{Elastic: 3}, 3, 1.0 / 256, func(x []float64, i int) float64 {
			dy, _ := taken(x, i, rampMiddle, rampMiddle)
			return dy
		}},
		{"rotation", glyph.Augmentation{Rotation: a.Rotation}, 25 * radian, 0.002, func(x []float64, i int) float64 {
			return math.Atan2(taken(x, i, rampMiddle, rampMiddle+away))
		}},
		{"scale", glyph.Augmentation{Scale: a.Scale}, 0.25, 0.002, func(x []float64, i int) float64 {
			_, dx := taken(x, i, rampMiddle, rampMiddle+away)
			return away/dx - 1
		}},
		{"shear", glyph.Augmentation{Shear: a.Shear}, math.Tan(20 * radian), 0.002, func(x []float64, i int) float64 {
			_, dx := taken(x, i, rampMiddle+away, rampMiddle)
			return dx / away
		}},
	} {
		const bins = 8
		var count [bins]int
		least, most := math.Inf(1), math.Inf(-1)
		for step := range int32(steps) {
			c, in := ramps(n, way.a, 12, step)
			x := evaluate(b, c, in)["x"]
			for i := range n {
				v := way.look(x, i)
				least, most = min(least, v), max(most, v)
				count[min(max(int((v/way.limit+1)/2*bins), 0), bins-1)]++
			}
		}
		if most > way.limit+way.grain || least < -way.limit-way.grain || most < 0.98*way.limit || least > -0.98*way.limit {
			r.failf("%s: from %.4f to %.4f, want ±%.4f", way.name, least, most, way.limit)
		}
		// Five standard deviations of a count.
		spread := 5 * math.Sqrt(n*steps*(1.0/bins)*(1-1.0/bins))
		for bin, got := range count {
			if math.Abs(float64(got)-n*steps/bins) > spread {
				r.failf("%s: %d of %d draws in part %d of %d, want %d ± %.0f", way.name, got, n*steps, bin+1, bins, n*steps/bins, spread)
			}
		}
	}
}

// ownMaps: each image of each step has a map of its own, another seed has
// others, and a step that is taken again has the same.
func ownMaps(b glyph.Backend, r *Report) {
	const n = 32
	a := glyph.Augmentation{Shift: 3, Rotation: 10, Scale: 0.1, Shear: 10}
	seen := map[[4]float64]string{}
	first := map[uint64][]float64{}
	for _, seed := range []uint64{1, 2, 1 << 32} {
		for step := range int32(6) {
			c, in := ramps(n, a, seed, step)
			x := evaluate(b, c, in)["x"]
			if step == 0 {
				first[seed] = x
			}
			for i := range n {
				var m [4]float64
				m[0], m[1] = taken(x, i, rampMiddle, rampMiddle)
				m[2], m[3] = taken(x, i, rampMiddle, rampMiddle+4)
				who := fmt.Sprintf("image %d of step %d, seed %d", i, step, seed)
				if seen[m] != "" {
					r.failf("%s is moved as %s", who, seen[m])
				}
				seen[m] = who
			}
		}
	}
	for seed, want := range first {
		c, in := ramps(n, a, seed, 0)
		if !slices.Equal(bitsOf(evaluate(b, c, in)["x"]), bitsOf(want)) {
			r.failf("seed %d: step 0 is another when it is taken again", seed)
		}
	}
}

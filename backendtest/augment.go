package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// augmentLayer is Gather with images that are moved.
type augmentLayer struct {
	gatherLayer
	a    glyph.Augmentation
	seed uint64
	step int32
}

func (l augmentLayer) gather() *Case {
	c := l.gatherLayer.gather()
	c.Op = "GatherAugmented"
	c.Name += fmt.Sprintf(", %v, seed %d step %d", l.a, l.seed, l.step)
	c.Ints[1].Values[glyph.ClockStep] = l.step
	c.Call = func(b glyph.Backend, a Args) {
		b.GatherAugmented(a.Tensor["x"], a.Tensor["t"], l.set(a), a.Ints["order"], a.Ints["clock"], l.smoothing, l.a, l.seed)
	}
	c.Define = l.define
	return c
}

// define is the images as Gather has them, each pixel taken from where the map
// says: Σ p(y', x')·max(0, 1-|y-y'|)·max(0, 1-|x-x'|) over the image, which is 0
// outside of it. All of that is exact: positions are multiples of 2⁻⁸, and the
// map is that of glyph.AugmentationLimits.Draw, whose test has the formulas, and moved
// has the displacements' formula, stroked that of the strokes. What is left to round is
// the normalisation. In the hole of glyph.Augmentation.Hole a pixel is 0.
func (l augmentLayer) define(in Values) Results {
	r := l.gatherLayer.define(in)
	mean, scale := in.Tensor["mean"], in.Tensor["scale"]
	height, width, channels := l.pixel[0], l.pixel[1], l.pixel[2]
	size := l.pixel.Size()
	for i := range l.n {
		image := in.Bytes["images"][l.image(in, i)*size:][:size]
		step := in.Ints["clock"][glyph.ClockStep]
		top, left := l.a.Hole(l.seed, step, i, height, width)
		drawn := l.a.Limits().Draw(l.seed, step, i)
		m := drawn.Affine(height, width)
		image = stroked(image, l.pixel, float64(drawn.Stroke)/(1<<glyph.StrokeBits))
		moved := l.moved(step, i)
		for k := range size {
			c, w, h := k%channels, k/channels%width, k/channels/width
			dy, dx := moved(h, w)
			x := position(m.XX, m.XY, m.X0, w, h, dx)
			y := position(m.YX, m.YY, m.Y0, w, h, dy)
			sum := 0.0
			for _, row := range []float64{math.Floor(y), math.Floor(y) + 1} {
				for _, column := range []float64{math.Floor(x), math.Floor(x) + 1} {
					if row >= 0 && int(row) < height && column >= 0 && int(column) < width {
						p := float64(image[(int(row)*width+int(column))*channels+c])
						sum += p * (1 - math.Abs(y-row)) * (1 - math.Abs(x-column))
					}
				}
			}
			if h >= top && h < top+l.a.Cutout && w >= left && w < left+l.a.Cutout {
				sum = 0
			}
			at := k % len(mean)
			r.Tensor["x"][i*size+k] = mul(sub(exact(sum), exact(mean[at])), exact(scale[at]))
		}
	}
	return r
}

// position is (a·w + b·h + c)·2⁻¹⁶ and d pixels, to the nearest 2⁻⁸.
func position(a, b, c int32, w, h int, d float64) float64 {
	v := float64(a)*float64(w) + float64(b)*float64(h) + float64(c)
	return math.Floor(v/256+d*256+0.5) / 256
}

// moved is how far an elastic deformation moves the places of image i, in pixels:
// Σ d(p)·max(0, 1-|h-8r|/8)·max(0, 1-|w-8c|/8) over the points p of the lattice, at row r
// and column c of it, with d(p) as drawn. Terms are multiples of 2⁻¹⁴: the sum is exact.
func (l augmentLayer) moved(step int32, i int) func(h, w int) (y, x float64) {
	rows, columns := glyph.LatticePoints(l.pixel[0]), glyph.LatticePoints(l.pixel[1])
	limits := l.a.Limits()
	lattice := make([]glyph.Displacement, rows*columns)
	for p := range lattice {
		lattice[p] = limits.Displacement(l.seed, step, i, p)
	}
	return func(h, w int) (y, x float64) {
		for p, d := range lattice {
			weight := max(0, 1-math.Abs(float64(h)/8-float64(p/columns))) * max(0, 1-math.Abs(float64(w)/8-float64(p%columns)))
			y, x = y+weight*float64(d.Y)/256, x+weight*float64(d.X)/256
		}
		return y, x
	}
}

// everything moves in every way, and cuts out a hole.
var everything = glyph.Augmentation{Shift: 2, Rotation: 12, Scale: 0.15, Shear: 10, Elastic: 1.5, Stroke: 0.8, Cutout: 3}

// elastic deforms alone.
var elastic = glyph.Augmentation{Elastic: 2.5}

func augmentCases() (cases []*Case) {
	small := gatherLayer{4, 7, glyph.Shape{5, 3, 1}, 4, 7, 5, false, 0.1}
	for i, a := range []glyph.Augmentation{
		{}, {Shift: 1}, {Shift: 0.3}, {Rotation: 30}, {Rotation: 180}, {Scale: 0.5}, {Shear: 45}, everything, {Elastic: 1}, {Elastic: 0.3}, {Stroke: 1}, {Stroke: 0.3},
		{Cutout: 1}, {Cutout: 2}, {Cutout: 3}, {Cutout: 8}, {Cutout: glyph.MaxCutout}, {Shift: 1, Cutout: 2},
		{Shift: glyph.MaxShift, Rotation: glyph.MaxRotation, Scale: glyph.MaxScale, Shear: glyph.MaxShear, Elastic: glyph.MaxElastic, Stroke: glyph.MaxStroke},
	} {
		cases = append(cases, augmentLayer{small, a, uint64(i), int32(i)}.gather())
	}
	for _, l := range []augmentLayer{
		{gatherLayer{1, 1, glyph.Shape{1, 1, 1}, 1, 1, 0, false, 0}, everything, 1, 0},
		{gatherLayer{3, 4, glyph.Shape{1, 9, 1}, 4, 7, 2, true, 0}, everything, 2, 3},
		{gatherLayer{3, 4, glyph.Shape{9, 1, 2}, 4, 7, 2, false, 0}, everything, 3, 4},
		{gatherLayer{5, 9, glyph.Shape{6, 7, 3}, 10, 6, 6007, true, 0.25}, everything, 0xfedc_ba98_7654_3210, math.MaxInt32},
		{gatherLayer{11, 6, glyph.Shape{4, 4, 2}, 10, 4, 3, true, 0.1}, everything, 1 << 32, 1},
		{gatherLayer{65, 70, glyph.Shape{3, 3, 1}, 10, 66, 40, true, 0.1}, everything, 4, 2},
		{gatherLayer{3, 4, glyph.Shape{16, 32, 1}, 10, 4, 0, false, 0}, everything, 5, 6}, // a work group's pixels
		{gatherLayer{2, 4, glyph.Shape{19, 27, 1}, 10, 4, 0, false, 0}, everything, 6, 7}, // and one more
		{gatherLayer{16, 40, glyph.Shape{28, 28, 1}, 10, 40, 32, false, 0}, everything, 7, 100},
		{gatherLayer{8, 40, glyph.Shape{28, 28, 1}, 10, 40, 32, false, 0}, glyph.Augmentation{Rotation: 90, Scale: 0.3}, 8, 101},
		// Strokes at every border, of every channel.
		{gatherLayer{20, 4, glyph.Shape{5, 7, 3}, 3, 4, 1, true, 0}, glyph.Augmentation{Stroke: 1}, 12, 105},
		// Holes of even and of odd sides, over every border, of every channel.
		{gatherLayer{60, 4, glyph.Shape{5, 7, 3}, 3, 4, 1, true, 0}, glyph.Augmentation{Cutout: 4}, 10, 103},
		{gatherLayer{60, 4, glyph.Shape{7, 5, 2}, 3, 4, 1, false, 0}, glyph.Augmentation{Cutout: 5}, 11, 104},
		// Points at the last pixel and after it, an even and an odd number of them, and more
		// of them than a work group keeps.
		{gatherLayer{3, 4, glyph.Shape{8, 17, 2}, 3, 4, 1, true, 0}, elastic, 13, 106},
		{gatherLayer{2, 2, glyph.Shape{530, 2, 1}, 3, 4, 1, false, 0}, elastic, 15, 108},
		{gatherLayer{2, 2, glyph.Shape{33, 41, 2}, 3, 4, 1, false, 0}, elastic, 16, 109},
		// Many maps, for what is wrong in the last bits of a few.
		{gatherLayer{700, 4, glyph.Shape{5, 11, 1}, 3, 4, 1, false, 0}, glyph.Augmentation{Rotation: 180, Scale: 0.5}, 9, 102},
	} {
		cases = append(cases, l.gather())
	}
	c := augmentLayer{gatherLayer{128, 1000, glyph.Shape{28, 28, 1}, 10, 1000, 128, false, 0}, everything, 9, 0}.gather()
	c.Layer = true
	return append(cases, c)
}

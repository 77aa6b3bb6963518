package cpu

import "glyph/cpu/internal/kernels"

// Outputs at the edge of an image have taps in the padding, which add nothing. So the
// outputs are cut, along each axis, into runs whose taps in the image are the same, and
// taps in the padding are left out: in an image of 7×7, a 3×3 convolution has every
// fifth of its products with a zero. Nor is an image copied into a frame of zeros.

// run is outputs next to each other that have the same taps in the image.
type run struct {
	first, count int // outputs
	tap, taps    int // the first of the taps, and how many
	at           int // what the first output's first tap meets
}

// appendRuns cuts outputs along an axis into runs.
func appendRuns(runs []run, outputs, inputs, taps, stride, pad int) []run {
	for o := range outputs {
		at := o*stride - pad
		tap := max(0, -at)
		n := min(taps, inputs-at) - tap
		if n <= 0 { // all taps are in the padding
			at, tap, n = 0, 0, 0
		}
		if last := len(runs) - 1; o > 0 && runs[last].tap == tap && runs[last].taps == n {
			runs[last].count++
		} else {
			runs = append(runs, run{first: o, count: 1, tap: tap, taps: n, at: at + tap})
		}
	}
	return runs
}

// grid is where pixels lie, in elements: the first one, and how far apart are two
// lines, columns and images.
type grid struct{ at, line, column, image int }

func (g grid) place(image, line, column int) int {
	return g.at + image*g.image + line*g.line + column*g.column
}

// region is the outputs of a run of lines and one of columns.
type region struct {
	each          int               // outputs of an image
	patches, outs []int             // where they begin, image by image
	segments      []kernels.Segment // lines of a patch
	k             int               // numbers in a line of a patch
}

// plan is the regions of a few images, in memory that is used again.
type plan struct {
	lines, columns []run
	regions        []region
	patches, outs  []int
	segments       []kernels.Segment
	images         int
}

// outputsPerPlan is how many outputs make tiles of enough rows at the edges of images,
// unless a part has fewer images.
const outputsPerPlan = 256

// cut makes the regions of the outputs y over inputs x, from the runs. The weights have
// taps to a line, and elements to a tap.
func (p *plan) cut(x, y grid, images, stride, taps, tap int) {
	p.regions, p.patches, p.outs, p.segments = p.regions[:0], p.patches[:0], p.outs[:0], p.segments[:0]
	p.images = images
	for _, v := range p.lines {
		for _, u := range p.columns {
			from, segment := len(p.patches), len(p.segments)
			for i := range images * v.count * u.count {
				image, line, column := i/u.count/v.count, i/u.count%v.count, i%u.count
				p.patches = append(p.patches, x.place(image, v.at+line*stride, u.at+column*stride))
				p.outs = append(p.outs, y.place(image, v.first+line, u.first+column))
			}
			lines := v.taps
			if u.taps == 0 {
				lines = 0
			}
			for r := range max(lines, 1) {
				p.segments = append(p.segments, kernels.Segment{A: r * x.line, B: ((v.tap+r)*taps + u.tap) * tap})
			}
			k := 0
			if lines > 0 {
				k = u.taps * x.column
			}
			p.regions = append(p.regions, region{v.count * u.count, p.patches[from:], p.outs[from:], p.segments[segment:], k})
		}
	}
}

// steps is how many segments the tiles of n images have together.
func (f *correlation[T]) steps(n int) int {
	steps := 0
	for i := range f.regions {
		r := &f.regions[i]
		steps += len(r.segments) * n * r.each
	}
	return steps * ceil(f.outputs, f.width) / f.kernels.TileRows(min(f.width, f.outputs))
}

// correlation is cross-correlation of images with packed weights: convolution forward,
// or its data gradient.
type correlation[T Float] struct {
	*plan
	kernels *kernels.Kernels[T]
	packed  []T // weights: panels of (patch, width)
	width   int // of a panel
	depth   int // of a patch: R·S·C
	outputs int // K
}

// panel is where the weights of the outputs from lo on lie.
func (f *correlation[T]) panel(lo int) []T {
	return f.packed[lo*f.depth:][:f.depth*f.width]
}

// compute computes the outputs of n images, with which y and x begin. Meanwhile it prefetches
// ahead, the images to come.
func (f *correlation[T]) compute(t *kernels.Tile[T], y, x, bias, ahead []T, n int, relu bool) {
	*t = kernels.Tile[T]{KS: 1, LDB: f.width, ReLU: relu, Ahead: kernels.FetchAhead(ahead, f.steps(n))}
	for k := 0; k < f.outputs; k += f.width {
		t.N = min(f.width, f.outputs-k)
		if bias != nil {
			t.Init = &bias[k]
		}
		for i := range f.regions {
			r := &f.regions[i]
			t.A, t.Rows, t.B, t.C, t.Outs = &x[0], &r.patches[0], &f.panel(k)[0], &y[k], &r.outs[0]
			t.Segs, t.Segments, t.K = len(r.segments), &r.segments[0], r.k
			f.kernels.Tile(t, n*r.each)
		}
	}
}

package backendtest

import (
	"testing"

	"glyph"
	"glyph/cpu"
)

// byHand is augmentation on the host, with places for mistakes.
type byHand struct {
	draw   func(l glyph.AugmentationLimits, seed uint64, step int32, i int) glyph.AugmentParams
	affine func(d glyph.AugmentParams, h, w int) glyph.Affine
	point  func(l glyph.AugmentationLimits, seed uint64, step int32, i, point int) glyph.Displacement
	bend   func(l lattice, h, w int) (y, x int32)
	stroke func(p int32, sides, corners [4]int32, by int32) int32
	// clamped takes the border for what is outside, of strokes.
	clamped bool
	// rounded adds a displacement to a place that is already rounded.
	rounded bool
	// place is the pixel above and to the left, and the weights of the others.
	place func(position int32) (at int, weight float32)
	// inside is the pixel that stands for one that may be outside.
	inside     func(y, x, h, w int) (int, int)
	background float32
	late       bool // interpolates what is normalised
	// hole is its first row and column, and its side.
	hole  func(a glyph.Augmentation, seed uint64, step int32, i, h, w int) (top, left, side int)
	early bool // cuts it out before the image is moved
	grey  bool // sets it to 0 after normalisation
	first bool // cuts it out of the first channel alone
}

func right() byHand {
	return byHand{
		draw:   glyph.AugmentationLimits.Draw,
		affine: glyph.AugmentParams.Affine,
		point:  glyph.AugmentationLimits.Displacement,
		bend:   lattice.bilinear,
		stroke: strokeOf,
		place:  func(p int32) (int, float32) { return int(p >> 8), float32(p&255) / 256 },
		inside: func(y, x, _, _ int) (int, int) { return y, x },
		hole: func(a glyph.Augmentation, seed uint64, step int32, i, h, w int) (top, left, side int) {
			top, left = a.Hole(seed, step, i, h, w)
			return top, left, a.Cutout
		},
	}
}

// apply makes m augment by hand.
func (hand byHand) apply(m *mutant) {
	m.augment = func(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32, a glyph.Augmentation, seed uint64) {
		raw := set
		if !hand.late {
			raw.Mean, raw.Scale = glyph.NewTensor(m.Backend, glyph.Shape{1}), glyph.NewTensor(m.Backend, glyph.Shape{1})
			m.Write(raw.Scale, []float32{1})
		}
		m.Backend.Gather(x, t, raw, order, clock, s)
		mean, scale, step, size := m.get(set.Mean), m.get(set.Scale), m.ints(clock)[glyph.ClockStep], set.Shape.Sample().Size()
		m.edit(x, func(v []float32) {
			for i := range x.Shape[0] {
				d := hand.draw(a.Limits(), seed, step, i)
				out := v[i*size:][:size]
				in := hand.in(set.Shape, func(h, w int) (int, int, int) { return hand.hole(a, seed, step, i, h, w) })
				for k := range out {
					if hand.early && in(k) {
						out[k] = 0
					}
				}
				l := newLattice(func(p int) glyph.Displacement { return hand.point(a.Limits(), seed, step, i, p) }, set.Shape[1], set.Shape[2])
				source := out
				if d.Stroke != 0 && !hand.late {
					source = hand.stroked(out, set.Shape, d.Stroke)
				}
				copy(out, hand.move(source, set.Shape, d, l))
				for k := range out {
					if !hand.early && in(k) {
						out[k] = 0
					}
					if !hand.late && !(hand.grey && in(k)) {
						out[k] = (out[k] - mean[k%len(mean)]) * scale[k%len(scale)]
					}
				}
			}
		})
	}
}

// in reports whether an element of an image is in the hole.
func (hand byHand) in(shape glyph.Shape, hole func(h, w int) (top, left, side int)) func(k int) bool {
	width, channels := shape[2], shape[3]
	top, left, side := hole(shape[1], width)
	return func(k int) bool {
		h, w := k/channels/width, k/channels%width
		return h >= top && h < top+side && w >= left && w < left+side && !(hand.first && k%channels > 0)
	}
}

// move is an image as a draw moves it.
func (hand byHand) move(image []float32, shape glyph.Shape, d glyph.AugmentParams, l lattice) []float32 {
	height, width, channels := shape[1], shape[2], shape[3]
	at, out := hand.affine(d, height, width), make([]float32, len(image))
	for k := range image {
		c := k % channels
		h, w := k/channels/width, k/channels%width
		py, px := at.Row(h)
		dy, dx := hand.bend(l, h, w)
		if py, px = py+at.YX*int32(w), px+at.XX*int32(w); hand.rounded {
			py, px = glyph.GridPosition(py)<<8, glyph.GridPosition(px)<<8
		}
		py, px = glyph.GridPosition(py+dy), glyph.GridPosition(px+dx)
		top, down := hand.place(py)
		left, right := hand.place(px)
		p := func(dy, dx int) float32 {
			y, x := hand.inside(top+dy, left+dx, height, width)
			if y < 0 || y >= height || x < 0 || x >= width {
				return hand.background
			}
			return image[(y*width+x)*channels+c]
		}
		out[k] = (1-down)*((1-right)*p(0, 0)+right*p(0, 1)) + down*((1-right)*p(1, 0)+right*p(1, 1))
	}
	return out
}

// By hand it is right: what the mutations change is all that is wrong with them.
func TestAugmentationByHand(t *testing.T) {
	m := newMutant(cpu.New[float32](1))
	defer m.Close()
	right().apply(m)
	for _, op := range []string{"GatherAugmented", ""} {
		if failed, all, first := conform(m, op); failed > 0 {
			t.Errorf("%q: fails %d of %d; %s", op, failed, all, first)
		}
	}
}

func augmentMutations() (list []mutation) {
	add := func(name string, change func(h *byHand), ops ...string) {
		for _, op := range append(ops, "GatherAugmented") {
			list = append(list, mutation{name, op, func(m *mutant) {
				h := right()
				change(&h)
				h.apply(m)
			}})
		}
	}
	drawn := func(name string, change func(l *glyph.AugmentationLimits, seed *uint64, step *int32, i *int), ops ...string) {
		add(name, func(h *byHand) {
			h.draw = func(l glyph.AugmentationLimits, seed uint64, step int32, i int) glyph.AugmentParams {
				change(&l, &seed, &step, &i)
				return l.Draw(seed, step, i)
			}
		}, ops...)
	}
	const properties = "" // see it too
	drawn("the next step's map", func(_ *glyph.AugmentationLimits, _ *uint64, step *int32, _ *int) { *step++ })
	drawn("one map for all steps", func(_ *glyph.AugmentationLimits, _ *uint64, step *int32, _ *int) { *step = 0 }, properties)
	drawn("one map for a batch", func(_ *glyph.AugmentationLimits, _ *uint64, _ *int32, i *int) { *i = 0 }, properties)
	drawn("high half of the seed not used", func(_ *glyph.AugmentationLimits, seed *uint64, _ *int32, _ *int) { *seed &= 0xffff_ffff })
	drawn("seed not used", func(_ *glyph.AugmentationLimits, seed *uint64, _ *int32, _ *int) { *seed = 0 }, properties)
	drawn("half the shift", func(l *glyph.AugmentationLimits, _ *uint64, _ *int32, _ *int) { l.Shift /= 2 }, properties)
	drawn("twice the rotation", func(l *glyph.AugmentationLimits, _ *uint64, _ *int32, _ *int) { l.Rotation = min(2*l.Rotation, 1<<28) })
	drawn("no scale", func(l *glyph.AugmentationLimits, _ *uint64, _ *int32, _ *int) { l.Scale = 0 })
	drawn("no shear", func(l *glyph.AugmentationLimits, _ *uint64, _ *int32, _ *int) { l.Shear = 0 }, properties)
	draws := func(name string, change func(d *glyph.AugmentParams), ops ...string) {
		add(name, func(h *byHand) {
			h.draw = func(l glyph.AugmentationLimits, seed uint64, step int32, i int) glyph.AugmentParams {
				d := l.Draw(seed, step, i)
				change(&d)
				return d
			}
		}, ops...)
	}
	draws("shifts to one side alone", func(d *glyph.AugmentParams) { d.X = max(d.X, -d.X) }, properties)
	draws("x by y's shift", func(d *glyph.AugmentParams) { d.X = d.Y })
	draws("turned the other way", func(d *glyph.AugmentParams) { d.Rotation = -d.Rotation })
	draws("shifts of whole pixels", func(d *glyph.AugmentParams) { d.X, d.Y = d.X/256*256, d.Y/256*256 })
	add("about the corner", func(h *byHand) {
		h.affine = func(d glyph.AugmentParams, _, _ int) glyph.Affine { return d.Affine(1, 1) }
	})
	add("middle half a pixel off", func(h *byHand) {
		h.affine = func(d glyph.AugmentParams, height, width int) glyph.Affine { return d.Affine(height+1, width+1) }
	})
	add("height for width", func(h *byHand) {
		h.affine = func(d glyph.AugmentParams, height, width int) glyph.Affine { return d.Affine(width, height) }
	})
	add("the map and not its inverse", func(h *byHand) {
		h.affine = func(d glyph.AugmentParams, height, width int) glyph.Affine {
			d.X, d.Y, d.Scale = -d.X, -d.Y, -d.Scale
			return d.Affine(height, width)
		}
	})
	add("a coefficient one unit off", func(h *byHand) {
		h.affine = func(d glyph.AugmentParams, height, width int) glyph.Affine {
			m := d.Affine(height, width)
			m.XX++
			return m
		}
	})
	add("nearest pixel", func(h *byHand) {
		h.place = func(p int32) (int, float32) { return int((p + 128) >> 8), 0 }
	}, properties)
	add("rounded towards zero", func(h *byHand) {
		h.place = func(p int32) (int, float32) { return int(p / 256), float32(max(p%256, -(p%256))) / 256 }
	})
	add("weights of eight steps", func(h *byHand) {
		h.place = func(p int32) (int, float32) { return int(p >> 8), float32(p&255>>5) / 8 }
	})
	add("edges go on", func(h *byHand) {
		h.inside = func(y, x, height, width int) (int, int) {
			return min(max(y, 0), height-1), min(max(x, 0), width-1)
		}
	}, properties)
	add("wraps around", func(h *byHand) {
		h.inside = func(y, x, height, width int) (int, int) {
			return (y%height + height) % height, (x%width + width) % width
		}
	})
	add("the last column missing", func(h *byHand) {
		h.inside = func(y, x, _, width int) (int, int) {
			if x == width-1 {
				x = -1
			}
			return y, x
		}
	}, properties)
	add("background of white", func(h *byHand) { h.background = 255 })
	add("background after normalisation", func(h *byHand) { h.late = true })
	holeMutations(add)
	elasticMutations(add)
	strokeMutations(add, draws)
	list = append(list, mutation{"smoothing ignored", "GatherAugmented", func(m *mutant) {
		m.augment = func(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32, a glyph.Augmentation, seed uint64) {
			m.Backend.GatherAugmented(x, t, set, order, clock, 0, a, seed)
		}
	}}, mutation{"always the first batch", "GatherAugmented", func(m *mutant) {
		m.augment = func(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, s float32, a glyph.Augmentation, seed uint64) {
			m.Backend.GatherAugmented(x, t, set, order, m.moved(clock, func(v []int32) { v[glyph.ClockRow] = 0 }), s, a, seed)
		}
	}})
	return list
}

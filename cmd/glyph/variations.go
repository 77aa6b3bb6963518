package main

import (
	"slices"

	"glyph"
	"glyph/cpu"
	"glyph/kmnist"
)

// variations is the first image of each class, augmented as in training: as many
// times as asked for, preceded if requested by the original.
func variations(s kmnist.Set, classes int, a glyph.Augmentation, moved int, original bool) (kmnist.Set, error) {
	out := kmnist.Set{H: s.H, W: s.W}
	if err := a.Fits(glyph.Shape{s.H, s.W, 1}); err != nil {
		return out, err
	}
	b := cpu.New[float32](1)
	_, first := countClasses(s, classes)
	for class, i := range first {
		if i < 0 {
			continue
		}
		if original {
			out.Images, out.Labels = append(out.Images, s.Image(i)...), append(out.Labels, uint8(class))
		}
		if moved > 0 {
			out.Images = append(out.Images, vary(b, s.Image(i), s.H, s.W, a, moved, uint64(class))...)
			out.Labels = append(out.Labels, slices.Repeat([]uint8{uint8(class)}, moved)...)
		}
	}
	return out, b.Close()
}

// vary is a batch of one image, not normalised, rounded to bytes again.
func vary(b glyph.Backend, image []uint8, h, w int, a glyph.Augmentation, n int, seed uint64) []uint8 {
	tensor := func(v float32) glyph.Tensor {
		t := glyph.NewTensor(b, glyph.Shape{1})
		b.Write(t, []float32{v})
		return t
	}
	set := glyph.Dataset{
		Images: b.Upload(image), Labels: b.Upload([]byte{0}), Shape: glyph.Shape{1, h, w, 1},
		Mean: tensor(0), Scale: tensor(1),
	}
	x, t := glyph.NewTensor(b, glyph.Shape{n, h, w, 1}), glyph.NewTensor(b, glyph.Shape{n, 1})
	b.GatherAugmented(x, t, set, b.AllocInts(1), b.AllocInts(glyph.ClockLen), 0, a, seed)
	values, bytes := make([]float32, x.Size()), make([]uint8, x.Size())
	b.Read(values, x) //nolint:errcheck // the processor has no device that could fail
	for i, v := range values {
		bytes[i] = uint8(v + 0.5)
	}
	return bytes
}

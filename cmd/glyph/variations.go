package main

import (
	"slices"

	"glyph"
	"glyph/cpu"
	"glyph/kmnist"
	"glyph/settings"
	"glyph/train"
)

// variations is the first image of each class, augmented as in training: as many
// times as asked for, preceded if requested by the original.
func variations(s kmnist.Set, classes int, a glyph.Augmentation, moved int, original bool) (kmnist.Set, error) {
	out := kmnist.Set{H: s.H, W: s.W}
	if err := a.Fits(glyph.Shape{s.H, s.W, 1}); err != nil {
		return out, err
	}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // Augmented has reported device errors
	_, first := s.Count(classes)
	for class, i := range first {
		if i < 0 {
			continue
		}
		if original {
			out.Images, out.Labels = append(out.Images, s.Image(i)...), append(out.Labels, uint8(class))
		}
		if moved == 0 {
			continue
		}
		varied, err := train.Augmented(b, settings.TrainSet(s), i, a, moved, uint64(class))
		if err != nil {
			return out, err
		}
		out.Images, out.Labels = append(out.Images, varied...), append(out.Labels, slices.Repeat([]uint8{uint8(class)}, moved)...)
	}
	return out, nil
}

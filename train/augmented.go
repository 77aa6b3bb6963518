package train

import (
	"glyph"
	"slices"
)

// Augmented is an image of a set as training moves it, n times, one for each place
// in a batch: (n, H, W, C), not normalised and rounded to bytes again. The error is
// of an augmentation that does not fit the images, or the device's.
func Augmented(b glyph.Backend, s Set, image int, a glyph.Augmentation, n int, seed uint64) ([]uint8, error) {
	if err := a.Fits(s.Shape); err != nil {
		return nil, err
	}
	size := s.Shape.Size()
	scope := glyph.NewScope(b)
	one := Set{Images: s.Images[image*size:][:size], Labels: []uint8{0}, Shape: s.Shape}
	set := upload(scope, one, []float32{0}, []float32{1})
	x, t := glyph.NewTensor(scope, s.Shape.Batched(n)), glyph.NewTensor(scope, glyph.Shape{n, 1})
	scope.GatherAugmented(x, t, set, scope.AllocInts(1), scope.AllocInts(glyph.ClockLen), 0, a, seed)
	values, bytes := make([]float32, x.Size()), make([]uint8, x.Size())
	if err := scope.Read(values, x); err != nil {
		return nil, err
	}
	for i, v := range values {
		bytes[i] = uint8(v + 0.5)
	}
	return bytes, scope.Close()
}

// Variations is the first image of each class and n of what training makes of it,
// class by class: the original before them where it is wanted.
func Variations(b glyph.Backend, s Set, a glyph.Augmentation, n int, original bool) (Set, error) {
	out := Set{Shape: s.Shape}
	if err := a.Fits(s.Shape); err != nil {
		return out, err
	}
	var first [256]int // plus one
	for i := s.Len() - 1; i >= 0; i-- {
		first[s.Labels[i]] = i + 1
	}
	size := s.Shape.Size()
	for class, place := range first {
		image := place - 1
		if image < 0 {
			continue
		}
		if original {
			out.Images, out.Labels = append(out.Images, s.Images[image*size:][:size]...), append(out.Labels, uint8(class))
		}
		if n == 0 {
			continue
		}
		moved, err := Augmented(b, s, image, a, n, uint64(class))
		if err != nil {
			return out, err
		}
		out.Images, out.Labels = append(out.Images, moved...), append(out.Labels, slices.Repeat([]uint8{uint8(class)}, n)...)
	}
	return out, nil
}

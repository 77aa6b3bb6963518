package train_test

import (
	"bytes"
	"slices"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/train"
)

// An image is moved as often as asked, in another way each time, and stays as it is
// without an augmentation.
func TestAugmented(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	s := train.Set{Images: make([]uint8, 3*64), Labels: []uint8{0, 1, 2}, Shape: glyph.Shape{8, 8, 1}}
	for i := range s.Images {
		s.Images[i] = uint8(i)
	}
	second := s.Images[64:128]
	same, err := train.Augmented(b, s, 1, glyph.Augmentation{}, 2, 1)
	if err != nil || !bytes.Equal(same, append(bytes.Clone(second), second...)) {
		t.Errorf("without an augmentation: %v, %v", same, err)
	}
	moved, err := train.Augmented(b, s, 1, glyph.Augmentation{Shift: 2}, 3, 1)
	if err != nil || len(moved) != 3*64 || bytes.Equal(moved[:64], moved[64:128]) || bytes.Equal(moved[:64], second) {
		t.Errorf("moved: %v, %v", moved, err)
	}
	again, _ := train.Augmented(b, s, 1, glyph.Augmentation{Shift: 2}, 3, 1)
	if other, _ := train.Augmented(b, s, 1, glyph.Augmentation{Shift: 2}, 3, 2); !bytes.Equal(moved, again) || bytes.Equal(moved, other) {
		t.Error("the seed does not decide how")
	}
	side := glyph.MaxAugmentSides + 1
	large := train.Set{Images: make([]uint8, side), Labels: []uint8{0}, Shape: glyph.Shape{side, 1, 1}}
	if _, err := train.Augmented(b, large, 0, glyph.Augmentation{Shift: 1}, 1, 1); err == nil {
		t.Error("an image that can't be moved is taken")
	}
}

// Each class has its first image, if it is wanted, and so many others.
func TestVariations(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	s := train.Set{Images: make([]uint8, 4*64), Labels: []uint8{5, 2, 2, 5}, Shape: glyph.Shape{8, 8, 1}}
	for i := range s.Images {
		s.Images[i] = uint8(i * 7)
	}
	a := glyph.Augmentation{Shift: 2}
	got, err := train.Variations(b, s, a, 2, true)
	if err != nil || !slices.Equal(got.Labels, []uint8{2, 2, 2, 5, 5, 5}) || len(got.Images) != 6*64 {
		t.Fatalf("labels %v, %d bytes, %v", got.Labels, len(got.Images), err)
	}
	moved, _ := train.Augmented(b, s, 1, a, 2, 2)
	if !bytes.Equal(got.Images[:64], s.Images[64:128]) || !bytes.Equal(got.Images[64:3*64], moved) || !bytes.Equal(got.Images[3*64:4*64], s.Images[:64]) {
		t.Error("other images than the first of each class")
	}
	if got, err := train.Variations(b, s, a, 1, false); err != nil || !slices.Equal(got.Labels, []uint8{2, 5}) {
		t.Errorf("without originals: %v, %v", got.Labels, err)
	}
	if got, err := train.Variations(b, s, a, 0, true); err != nil || !slices.Equal(got.Labels, []uint8{2, 5}) {
		t.Errorf("originals alone: %v, %v", got.Labels, err)
	}
}

// The hole is in the pictures of what training sees.
func TestAugmentedShowsTheHole(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	s := train.Set{Images: bytes.Repeat([]byte{200}, 64), Labels: []uint8{0}, Shape: glyph.Shape{8, 8, 1}}
	a := glyph.Augmentation{Cutout: 3}
	got, err := train.Augmented(b, s, 0, a, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		top, left := a.Hole(1, 0, i, 8, 8)
		for k, v := range got[i*64:][:64] {
			h, w := k/8, k%8
			if in := h >= top && h < top+3 && w >= left && w < left+3; in != (v == 0) || !in && v != 200 {
				t.Fatalf("image %d: pixel (%d, %d) is %d, and the hole begins at (%d, %d)", i, h, w, v, top, left)
			}
		}
	}
}

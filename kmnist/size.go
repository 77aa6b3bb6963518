package kmnist

import (
	"fmt"
	"strconv"
	"strings"
)

// maxSide is the most pixels that a side of an image made from a picture can have.
const maxSide = 256

// Size is the size of images: C is 3 for colour, and 0 or 1 for grey. The zero Size
// leaves the choice to Open.
type Size struct{ H, W, C int }

// String returns the size as text: 28×28, or 32×32×3.
func (s Size) String() string {
	if s.C > 1 {
		return fmt.Sprintf("%d×%d×%d", s.H, s.W, s.C)
	}
	return fmt.Sprintf("%d×%d", s.H, s.W)
}

// ParseSize reads a size: 28 for a square, 32x24 with the height first, and 32x32x3
// for colour; × is taken for x. It fails for sides below 2 or above 256, and for
// numbers of channels other than 1 and 3.
func ParseSize(text string) (Size, error) {
	wrong := fmt.Errorf("%q is not a size; want 28, 32x24 (height and width) or 32x32x3 (in colour), with sides of 2 to %d pixels", text, maxSide)
	var n [3]int
	parts := strings.Split(strings.ReplaceAll(text, "×", "x"), "x")
	if len(parts) > len(n) {
		return Size{}, wrong
	}
	for i, part := range parts {
		var err error
		if n[i], err = strconv.Atoi(part); err != nil {
			return Size{}, wrong
		}
	}
	s := Size{H: n[0], W: n[1], C: n[2]}
	if len(parts) == 1 {
		s.W = s.H
	}
	if len(parts) < 3 {
		s.C = 1
	}
	if min(s.H, s.W) < 2 || max(s.H, s.W) > maxSide || s.C != 1 && s.C != 3 {
		return Size{}, wrong
	}
	return s, nil
}

// Dimensions returns the size of the images as text: 28×28, or 32×32×3 in colour.
func (s Set) Dimensions() string {
	return Size{H: s.H, W: s.W, C: s.C}.String()
}

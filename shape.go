package glyph

import (
	"strconv"
	"strings"
)

// Shape holds up to four dimensions, outermost first; unused ones are zero:
// Shape{N, In}, Shape{K, R, S, C}. It is an array, so it compares with == and
// costs no allocation.
type Shape [4]int

// Rank is the number of dimensions.
func (s Shape) Rank() int {
	for i, d := range s {
		if d == 0 {
			return i
		}
	}
	return len(s)
}

// Size is the number of elements, the product of the dimensions. The zero
// Shape has none.
func (s Shape) Size() int {
	if s[0] == 0 {
		return 0
	}
	n := 1
	for _, d := range s[:s.Rank()] {
		n *= d
	}
	return n
}

// Batched puts a batch dimension in front: Shape{28, 28, 1}.Batched(16) is
// (16, 28, 28, 1). It panics on a shape that has four dimensions already.
func (s Shape) Batched(n int) Shape {
	if s.Rank() == len(s) {
		panic("glyph: Shape.Batched: " + s.String() + " has no room for a batch dimension")
	}
	return Shape{n, s[0], s[1], s[2]}
}

// Sample drops the batch dimension: the inverse of Batched.
func (s Shape) Sample() Shape { return Shape{s[1], s[2], s[3]} }

// valid reports whether every dimension up to the rank is positive and none
// follows a zero.
func (s Shape) valid() bool {
	rank := s.Rank()
	for i, d := range s {
		if (i < rank && d < 0) || (i >= rank && d != 0) {
			return false
		}
	}
	return rank > 0
}

// String writes the shape as (16, 784).
func (s Shape) String() string {
	var b strings.Builder
	b.WriteByte('(')
	for i, d := range s[:s.Rank()] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(d))
	}
	b.WriteByte(')')
	return b.String()
}

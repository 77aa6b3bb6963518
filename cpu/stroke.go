package cpu

import "glyph"

// stroke sets an image to one with strokes that are thicker, or thinner where by is
// negative: see glyph.StrokeBits.
func (t *augmentTask[T]) stroke(to, from []byte, by int32) []byte {
	row := t.w * t.c
	pixel := func(inside bool, k int) int32 {
		if inside {
			return int32(from[k])
		}
		return 0
	}
	for k := range from {
		p, at := int32(from[k]), k%row
		up, down := pixel(k >= row, k-row), pixel(k+row < len(from), k+row)
		left, right := pixel(at >= t.c, k-t.c), pixel(at+t.c < row, k+t.c)
		var d int32
		if by > 0 {
			d = by * (max(up, down, left, right, p) - p)
		} else {
			d = -by * (min(up, down, left, right, p) - p)
		}
		to[k] = byte(p + (d+1<<(glyph.StrokeBits-1))>>glyph.StrokeBits)
	}
	return to
}

//go:build unix

package kernels

import (
	"testing"

	"glyph"
	"glyph/cpu/internal/guard"
)

func TestAugment(t *testing.T) { both(t, testAugment[float32], testAugment[float64]) }

// Rows of images as maps of all kinds move them, far outside and back, against
// the four pixels about each place: the same integers.
func testAugment[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	r := glyph.NewRand(1, glyph.StreamTest, 5)
	for columns := 1; columns < 40; columns++ {
		lines := 1 + columns%5
		image := guard.Slice[byte](t, (lines+2*Margin)*(columns+2*Margin)+4, atEnd)
		at := func(h, w int) int64 { return int64(image[(h+Margin)*(columns+2*Margin)+w+Margin]) }
		for h := range lines {
			for w := range columns {
				image[(h+Margin)*(columns+2*Margin)+w+Margin] = byte(r.Uint32())
			}
		}
		x := guard.Slice[T](t, columns, atEnd)
		for range 12 {
			draw := func(limit int) int32 { return int32(r.IntN(2*limit+1) - limit) }
			m := glyph.Affine{
				XX: 1<<16 + draw(1<<14), XY: draw(1 << 14), X0: draw(3 << 16),
				YX: draw(1 << 14), YY: 1<<16 + draw(1<<14), Y0: draw(3 << 16),
			}
			for h := range lines {
				k.Augment(x, image, lines, columns, h, m, 33.5, 0.0117)
				for w, got := range x {
					y, across := m.Position(h, w)
					sum := int64(0)
					for corner := range 4 {
						top, left := int(y>>8)+corner/2, int(across>>8)+corner%2
						if top < 0 || top >= lines || left < 0 || left >= columns {
							continue
						}
						weights := [2][2]int64{{256 - int64(y&255), int64(y & 255)}, {256 - int64(across&255), int64(across & 255)}}
						sum += weights[0][corner/2] * weights[1][corner%2] * at(top, left)
					}
					if want := (T(sum)/(1<<16) - 33.5) * 0.0117; got != want {
						t.Fatalf("%d×%d pixels, map %v: [%d][%d] = %v, want %v", lines, columns, m, h, w, got, want)
					}
				}
			}
		}
	}
}

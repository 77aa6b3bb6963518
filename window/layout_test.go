package window

import (
	"math"
	"testing"
)

// Panels lie inside the window and apart, whatever its size.
func TestPanelsAreApart(t *testing.T) {
	for _, size := range [][2]int{{designW, designH}, {640, 400}, {1919, 1003}, {700, 1400}} {
		list := layOut(size[0], size[1], float32(min(float64(size[0])/designW, float64(size[1])/designH)))
		for i, a := range list {
			if a.x < 0 || a.y < 0 || a.w < 20 || a.h < 10 || a.x+a.w > float32(size[0]) || a.y+a.h > float32(size[1]) {
				t.Errorf("%v: panel %d is %+v", size, i, a)
			}
			for j, b := range list[:i] {
				if a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h {
					t.Errorf("%v: panels %d and %d overlap: %+v and %+v", size, i, j, a, b)
				}
			}
		}
	}
}

func TestRectangles(t *testing.T) {
	none := rect{}
	for _, c := range []struct{ a, b, with, within rect }{
		{rect{0, 0, 4, 4}, rect{2, 1, 8, 2}, rect{0, 0, 10, 4}, rect{2, 1, 2, 2}},
		{rect{-3, 0.5, 5, 2}, rect{0, 0, 9, 9}, rect{-3, 0, 12, 9}, rect{0, 0.5, 2, 2}},
		{rect{1, 1, 2, 2}, rect{3, 1, 2, 2}, rect{1, 1, 4, 2}, none},
		{rect{5, 5, 2, 2}, none, rect{5, 5, 2, 2}, none},
		{none, rect{5, 5, 2, 2}, rect{5, 5, 2, 2}, none},
		{rect{5, 5, -3, 2}, rect{0, 0, 9, 9}, rect{0, 0, 9, 9}, none},
	} {
		if with, within := c.a.with(c.b), c.a.within(c.b); with != c.with || within != c.within {
			t.Errorf("%v and %v: %v with, and %v within, want %v and %v", c.a, c.b, with, within, c.with, c.within)
		}
	}
}

// Tiles fit where they go.
func TestTilesFit(t *testing.T) {
	into := rect{w: 380, h: 120}
	for _, c := range [][3]int{{1, 28, 28}, {32, 3, 3}, {64, 14, 14}, {512, 7, 7}, {2048, 3, 3}, {256, 1, 1}, {10, 1, 1}, {1, 784, 256}, {1, 1, 4000}} {
		got := tile(c[0], c[1], c[2], into, 1)
		if got.shown < 1 || got.shown > c[0] || got.width > into.w+0.01 || got.height > into.h+0.01 || got.scale <= 0 {
			t.Errorf("%d tiles of %d×%d: %+v", c[0], c[1], c[2], got)
		}
		if got.scale > 3 && got.scale != float32(math.Trunc(float64(got.scale))) {
			t.Errorf("%d tiles of %d×%d are %v pixels an element", c[0], c[1], c[2], got.scale)
		}
	}
	if got := tile(32, 3, 3, into, 1); got.shown != 32 || got.scale < 5 {
		t.Errorf("32 filters: %+v", got)
	}
}

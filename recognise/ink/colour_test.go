package ink

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

// halves is a picture of w×h whose left half is red and whose right half is blue.
func halves(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 200, G: 10, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 100, G: 30, A: 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// A picture in colour covers the frame, with its middle in the middle, and one of the
// frame's size is used as it is.
func TestColour(t *testing.T) {
	for _, c := range []struct {
		w, h int
		says string
	}{
		{12, 8, "12×8, in colour, used as it is"},
		{24, 16, "24×16, in colour, scaled to 12×8"},
		{6, 4, "6×4, in colour, scaled to 12×8"},
		{120, 40, "120×40, in colour, cropped to 60×40 at (30, 0), scaled to 12×8"},
		{60, 160, "60×160, in colour, cropped to 60×40 at (0, 60), scaled to 12×8"},
		{3000, 2000, "3000×2000, in colour, scaled to 12×8"},
		{1, 1, "1×1, in colour, scaled to 12×8"},
	} {
		g, err := Frame{H: 8, W: 12, C: 3, MaxPixels: DefaultMaxPixels}.From(halves(c.w, c.h))
		if err != nil || g.String() != c.says || len(g.Pixels) != 12*8*3 {
			t.Errorf("%v, %v, want %s", g, err, c.says)
			continue
		}
		for y := range 8 {
			left, right := g.Pixels[3*(12*y):][:3], g.Pixels[3*(12*y+11):][:3]
			if c.w > 1 && (!about(left, 200, 10, 0) || !about(right, 0, 30, 100)) || !about(right, 0, 30, 100) {
				t.Errorf("%d×%d: %v to %v in row %d", c.w, c.h, left, right, y)
			}
		}
	}
	// Nothing in colour is blank, and what is transparent lies on paper.
	g, err := Frame{H: 2, W: 2, C: 3}.From(image.NewNRGBA(image.Rect(0, 0, 4, 4)))
	if err != nil || !about(g.Pixels, 255, 255, 255) && !about(g.Pixels, 0, 0, 0) || !strings.Contains(g.String(), "in colour") {
		t.Errorf("%v, %v, %v", g, g.Pixels, err)
	}
}

func about(got []uint8, r, g, b int) bool {
	for k, want := range []int{r, g, b} {
		if d := int(got[k]) - want; d < -2 || d > 2 {
			return false
		}
	}
	return true
}

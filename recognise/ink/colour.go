package ink

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// whole scales a picture, of which size is the upright size, so that it covers the
// frame, in colour. What is beyond the frame on the longer side is cut off, half on
// each end.
func (f Frame) whole(p colours, size image.Point, t turn) Glyph {
	g := Glyph{
		H: f.H, W: f.W, C: 3, Pixels: make([]uint8, f.H*f.W*3), Picture: size, Turned: t != topLeft,
		AsItIs: size == image.Pt(f.W, f.H), Characters: 1,
	}
	src := image.NewRGBA64(image.Rect(0, 0, p.w, p.h))
	for i, c := range p.c {
		src.SetRGBA64(i%p.w, i/p.w, color.RGBA64{R: word(c[0]), G: word(c[1]), B: word(c[2]), A: 0xffff})
	}
	part := f.covered(p.w, p.h)
	dst := src
	if part.Size() != image.Pt(f.W, f.H) {
		dst = image.NewRGBA64(image.Rect(0, 0, f.W, f.H))
		var scaler draw.Scaler = draw.BiLinear
		if part.Dx() >= f.W && part.Dy() >= f.H {
			scaler = area
		}
		scaler.Scale(dst, dst.Rect, src, part, draw.Src, nil)
		part = dst.Rect
	}
	for i := range f.H * f.W {
		c := dst.RGBA64At(part.Min.X+i%f.W, part.Min.Y+i/f.W)
		for k, v := range [3]uint16{c.R, c.G, c.B} {
			g.Pixels[3*i+k] = uint8((uint32(v) + 128) / 257)
		}
	}
	g.Ink = f.covered(size.X, size.Y)
	return g
}

// covered is the largest part of a picture of w×h that has the frame's proportions,
// from its middle.
func (f Frame) covered(w, h int) image.Rectangle {
	scale := min(float64(w)/float64(f.W), float64(h)/float64(f.H))
	dx := min(max(1, int(math.Round(scale*float64(f.W)))), w)
	dy := min(max(1, int(math.Round(scale*float64(f.H)))), h)
	x, y := (w-dx)/2, (h-dy)/2
	return image.Rect(x, y, x+dx, y+dy)
}

// word is a channel from 0 to 1 as an integer.
func word(v float64) uint16 { return uint16(math.Round(0xffff * min(max(v, 0), 1))) }

// scaled is String for a picture in colour.
func (g Glyph) scaled() string {
	text := fmt.Sprintf("%d×%d, in colour", g.Picture.X, g.Picture.Y)
	if g.Turned {
		text += ", rotated by its EXIF orientation"
	}
	if g.AsItIs {
		return text + ", used as it is"
	}
	if g.Ink.Size() != g.Picture {
		text += fmt.Sprintf(", cropped to %d×%d at (%d, %d)", g.Ink.Dx(), g.Ink.Dy(), g.Ink.Min.X, g.Ink.Min.Y)
	}
	return fmt.Sprintf("%s, scaled to %d×%d", text, g.W, g.H)
}

package ink

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// Glyph is a picture as a network takes it.
type Glyph struct {
	Pixels []uint8 // H·W, row-major, white ink on black
	H, W   int

	DarkOnLight bool            // the ink was darker than the paper, so it was inverted
	Picture     image.Point     // size of the picture, upright
	Turned      bool            // the camera noted that it was held otherwise
	Ink         image.Rectangle // where in the picture the ink is
	AsItIs      bool            // the picture had the frame's size and was not cropped
}

// String says what was done, for a person.
func (g Glyph) String() string {
	text := fmt.Sprintf("%d×%d, light ink on dark", g.Picture.X, g.Picture.Y)
	if g.DarkOnLight {
		text = fmt.Sprintf("%d×%d, dark ink on light, inverted", g.Picture.X, g.Picture.Y)
	}
	if g.Turned {
		text += ", turned as the camera noted"
	}
	if g.AsItIs {
		return text + ", taken as framed already"
	}
	return fmt.Sprintf("%s, cropped to the ink: %d×%d at (%d, %d)", text, g.Ink.Dx(), g.Ink.Dy(), g.Ink.Min.X, g.Ink.Min.Y)
}

// From frames a picture. One of the frame's own size is taken as framed already
// and at most inverted; any other is cropped to its ink, which is told from the
// paper by the colour along the border. It fails with ErrBlank.
func (f Frame) From(img image.Image) (Glyph, error) { return f.from(img, topLeft) }

func (f Frame) from(img image.Image, t turn) (Glyph, error) {
	if size := img.Bounds().Size(); size.X < 1 || size.Y < 1 {
		return Glyph{}, ErrBlank
	}
	p := flatten(img).upright(t)
	ink, dark, err := p.separate()
	if err != nil {
		return Glyph{}, err
	}
	g := Glyph{H: f.H, W: f.W, DarkOnLight: dark, Picture: img.Bounds().Size(), Turned: t != topLeft, Pixels: make([]uint8, f.H*f.W)}
	if t >= leftTop {
		g.Picture = image.Pt(g.Picture.Y, g.Picture.X)
	}
	if g.Picture == image.Pt(f.W, f.H) {
		g.AsItIs, g.Ink = true, image.Rect(0, 0, f.W, f.H)
		for i, c := range p.c {
			v := luma(c)
			if dark {
				v = 1 - v
			}
			g.Pixels[i] = uint8(math.Round(255 * min(max(v, 0), 1)))
		}
		return g, nil
	}
	ink.clean()
	box := ink.box()
	if box.Empty() {
		return Glyph{}, ErrBlank
	}
	scale := float64(g.Picture.X) / float64(p.w)
	g.Ink = image.Rect(int(float64(box.Min.X)*scale), int(float64(box.Min.Y)*scale),
		int(math.Ceil(float64(box.Max.X)*scale)), int(math.Ceil(float64(box.Max.Y)*scale)))
	f.place(g.Pixels, ink, box)
	return g, nil
}

// place scales the box so that it fills the frame and centres it.
func (f Frame) place(out []uint8, ink plane, box image.Rectangle) {
	src := image.NewGray16(image.Rect(0, 0, ink.w, ink.h))
	darkest := slices.Max(ink.v) // more than 1: the ink's colour is a mean
	for i, v := range ink.v {
		src.SetGray16(i%ink.w, i/ink.w, color.Gray16{Y: uint16(math.Round(0xffff * v / darkest))})
	}
	scale := min(float64(f.W)/float64(box.Dx()), float64(f.H)/float64(box.Dy()))
	dst := image.NewGray16(image.Rect(0, 0, f.W, f.H))
	var scaler draw.Transformer = area
	if scale > 1 {
		scaler = draw.BiLinear
	}
	dx := (float64(f.W)-scale*float64(box.Dx()))/2 - scale*float64(box.Min.X)
	dy := (float64(f.H)-scale*float64(box.Dy()))/2 - scale*float64(box.Min.Y)
	scaler.Transform(dst, f64.Aff3{scale, 0, dx, 0, scale, dy}, src, box, draw.Src, nil)

	// A thin pen is grey once it is small. The brightest of KMNIST's pixels is
	// white, so it is here.
	most := uint16(0)
	values := make([]uint16, f.W*f.H)
	for i := range values {
		values[i] = dst.Gray16At(i%f.W, i/f.W).Y
	}
	most = max(slices.Max(values), 1)
	for i, v := range values {
		out[i] = uint8((int(v)*255 + int(most)/2) / int(most))
	}
}

package ink

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"glyph/internal/message"
)

// Glyph is a picture as a network takes it.
type Glyph struct {
	Pixels []uint8 // H·W, row-major, white ink on black; in colour H·W·3
	H, W   int
	C      int // 3 in colour; 0 and 1 are grey

	DarkOnLight bool            // the ink was darker than the paper, so it was inverted
	Picture     image.Point     // size of the picture, upright
	Turned      bool            // it was rotated by its EXIF orientation
	Ink         image.Rectangle // where in the picture the ink is
	AsItIs      bool            // the picture had the frame's size and was not cropped
	Characters  int             // how many there seem to be
	Place       int             // which of them this is, from 0, in the order in which they are read
	LeftOut     LeftOut
}

// LeftOut is what is in a picture besides the character, and was not taken as
// ink.
type LeftOut struct {
	Surroundings bool `json:"surroundings"` // what lies around the sheet of paper
	Lines        int  `json:"lines"`        // of ruled or squared paper, and of a box
	Marks        int  `json:"marks"`        // small ones, far from the character
}

// String says what was done, for display.
func (g Glyph) String() string {
	text := g.Reading()
	if g.C <= 1 && !g.AsItIs {
		text += ", cropped to the ink: " + g.Where()
	}
	if g.Characters > 1 {
		text += fmt.Sprintf("; character %d of %d", g.Place+1, g.Characters)
	}
	return text
}

// Reading says how the picture as a whole was read, for display.
func (g Glyph) Reading() string {
	if g.C > 1 {
		return g.scaled()
	}
	text := fmt.Sprintf("%d×%d, light ink on dark", g.Picture.X, g.Picture.Y)
	if g.DarkOnLight {
		text = fmt.Sprintf("%d×%d, dark ink on light, inverted", g.Picture.X, g.Picture.Y)
	}
	if g.Turned {
		text += ", rotated by its EXIF orientation"
	}
	if g.AsItIs {
		return text + ", used as it is"
	}
	if what := g.LeftOut.String(); what != "" {
		text += ", without " + what
	}
	return text
}

// Where is the size and the place of the ink in the picture, for display.
func (g Glyph) Where() string {
	return fmt.Sprintf("%d×%d at (%d, %d)", g.Ink.Dx(), g.Ink.Dy(), g.Ink.Min.X, g.Ink.Min.Y)
}

// String is a list of what was left out, for display; "" if nothing was.
func (l LeftOut) String() string {
	var all []string
	if l.Surroundings {
		all = append(all, "the surroundings of the paper")
	}
	if l.Lines > 0 {
		all = append(all, message.Count(l.Lines, "line")+" of the paper")
	}
	if l.Marks > 0 {
		all = append(all, message.Count(l.Marks, "stray mark"))
	}
	return strings.Join(all, ", ")
}

// From frames a picture. One of the frame's own size is used as it is, or inverted;
// any other is cropped to its ink, without anything else that a photograph shows:
// Glyph.LeftOut says what. Of several characters the one with
// the most ink is taken, and Glyph.Characters is how many there seem to be. It fails
// with ErrBlank.
func (f Frame) From(img image.Image) (Glyph, error) {
	all, largest, err := f.from(img, topLeft)
	if err != nil {
		return Glyph{}, err
	}
	return all[largest], nil
}

// from frames every character, and tells which of them has the most ink.
func (f Frame) from(img image.Image, t turn) (all []Glyph, largest int, err error) {
	size := img.Bounds().Size()
	if size.X < 1 || size.Y < 1 {
		return nil, 0, ErrBlank
	}
	if t >= leftTop {
		size = image.Pt(size.Y, size.X)
	}
	p := flatten(img).upright(t)
	if f.C > 1 {
		return []Glyph{f.whole(p, size, t)}, 0, nil
	}
	g := Glyph{
		H: f.H, W: f.W, Picture: size, Turned: t != topLeft,
		AsItIs: size == image.Pt(f.W, f.H), Characters: 1, Ink: image.Rectangle{Max: size},
	}
	separate := p.lift
	if g.AsItIs || p.cut {
		separate = p.separate // nothing but a character is in it
	}
	found, err := separate()
	if err != nil {
		return nil, 0, err
	}
	g.DarkOnLight = found.dark
	if g.AsItIs {
		g.Pixels = make([]uint8, f.H*f.W)
		p.copy(g.Pixels, found.dark)
		return []Glyph{g}, 0, nil
	}
	g.LeftOut = LeftOut{Surroundings: found.table, Lines: found.lines}
	parts, label, largest, marks := found.ink.characters()
	if len(parts) == 0 {
		return nil, 0, ErrBlank
	}
	g.LeftOut.Marks, g.Characters = marks, len(parts)
	scale := float64(size.X) / float64(p.w)
	for i, q := range parts {
		c := g
		c.Place = i
		c.Ink = scaled(q.box, scale).Intersect(g.Ink)
		c.Pixels = make([]uint8, f.H*f.W)
		f.place(c.Pixels, found.ink.only(q, label))
		all = append(all, c)
	}
	return all, largest, nil
}

// scaled is a box in the whole picture.
func scaled(box image.Rectangle, by float64) image.Rectangle {
	return image.Rect(int(float64(box.Min.X)*by), int(float64(box.Min.Y)*by),
		int(math.Ceil(float64(box.Max.X)*by)), int(math.Ceil(float64(box.Max.Y)*by)))
}

// copy is the picture in grey, inverted where its ink is dark.
func (p colours) copy(out []uint8, dark bool) {
	for i, c := range p.c {
		v := luma(c)
		if dark {
			v = 1 - v
		}
		out[i] = uint8(math.Round(255 * min(max(v, 0), 1)))
	}
}

// place scales a character so that it fills the frame and centres it.
func (f Frame) place(out []uint8, ink plane) {
	src := image.NewGray16(image.Rect(0, 0, ink.w, ink.h))
	darkest := slices.Max(ink.v) // more than 1: the ink's colour is a mean
	for i, v := range ink.v {
		src.SetGray16(i%ink.w, i/ink.w, color.Gray16{Y: uint16(math.Round(0xffff * v / darkest))})
	}
	scale := min(float64(f.W)/float64(ink.w), float64(f.H)/float64(ink.h))
	dst := image.NewGray16(image.Rect(0, 0, f.W, f.H))
	var scaler draw.Transformer = area
	if scale > 1 {
		scaler = draw.BiLinear
	}
	dx, dy := (float64(f.W)-scale*float64(ink.w))/2, (float64(f.H)-scale*float64(ink.h))/2
	scaler.Transform(dst, f64.Aff3{scale, 0, dx, 0, scale, dy}, src, src.Rect, draw.Src, nil)

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

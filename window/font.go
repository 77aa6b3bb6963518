//go:build cgo

package window

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/go-gl/gl/v4.3-core/gl"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The faces of the window's texts.
const (
	regular = iota
	strong  // titles
	large   // the heading
	mono    // numbers that the device writes
	faces
)

// The letters of the atlas, besides more. Others are shown as a question mark.
const firstLetter, lastLetter = ' ', 'ÿ'

// more are letters beyond them.
var more = []rune("←→↑↓−×–√∂■≤…")

// glyphPlace is where a letter is in the atlas, and how it is set.
type glyphPlace struct {
	u0, v0, u1, v1 float32
	x, y, w, h     float32 // in pixels, from the point on the baseline
	advance        float32
}

// atlas is a texture with the letters of all faces at one size.
type atlas struct {
	texture uint32
	glyphs  [faces]map[rune]glyphPlace
	height  [faces]float32 // of a line
	ascent  [faces]float32
}

const atlasSize = 1024

// newAtlas draws the letters for that many pixels a unit.
func newAtlas(scale float64) (*atlas, error) {
	a := &atlas{}
	img := image.NewGray(image.Rect(0, 0, atlasSize, atlasSize))
	img.SetGray(0, 0, color.Gray{255}) // of rectangles
	x, y, row := 2, 2, 0
	for face, of := range []struct {
		ttf  []byte
		size float64
	}{{goregular.TTF, 12.5}, {gomedium.TTF, 13.5}, {gomedium.TTF, 19}, {gomono.TTF, 12}} {
		parsed, err := opentype.Parse(of.ttf)
		if err != nil {
			return nil, err
		}
		f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: of.size * scale, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			return nil, err
		}
		m := f.Metrics()
		a.height[face], a.ascent[face] = float32(m.Height.Ceil()), float32(m.Ascent.Ceil())
		a.glyphs[face] = map[rune]glyphPlace{}
		add := func(r rune) {
			bounds, mask, at, advance, ok := f.Glyph(fixed.Point26_6{}, r)
			if !ok {
				return
			}
			if face == mono { // in cells of one size, as the shader of numbers knows no metrics
				to := image.Rect(0, -m.Ascent.Ceil(), advance.Round(), m.Height.Ceil()-m.Ascent.Ceil())
				at, bounds = at.Add(to.Min.Sub(bounds.Min)), to
			}
			w, h := bounds.Dx(), bounds.Dy()
			if x+w+1 > atlasSize {
				x, y, row = 2, y+row+1, 0
			}
			if y+h+1 > atlasSize {
				return
			}
			drawLetter(img, image.Rect(x, y, x+w, y+h), mask, at)
			a.glyphs[face][r] = glyphPlace{
				float32(x) / atlasSize, float32(y) / atlasSize, float32(x+w) / atlasSize, float32(y+h) / atlasSize,
				float32(bounds.Min.X), float32(bounds.Min.Y), float32(w), float32(h), float32(math.Round(float64(advance) / 64)),
			}
			x, row = x+w+1, max(row, h)
		}
		for r := rune(firstLetter); r <= lastLetter; r++ {
			add(r)
		}
		for _, r := range more {
			add(r)
		}
		f.Close() //nolint:errcheck // it is memory
	}
	a.texture = newTexture(atlasSize, atlasSize, img.Pix, 1)
	return a, nil
}

// drawLetter copies the part of a mask that there is.
func drawLetter(to *image.Gray, r image.Rectangle, mask image.Image, at image.Point) {
	draw.DrawMask(to, r, image.White, image.Point{}, mask, at, draw.Over)
}

func (a *atlas) free() { gl.DeleteTextures(1, &a.texture) }

// of is a letter, or a question mark where there is none.
func (a *atlas) of(face int, r rune) glyphPlace {
	g, ok := a.glyphs[face][r]
	if !ok {
		g = a.glyphs[face]['?']
	}
	return g
}

// width is that of a text, in pixels.
func (a *atlas) width(face int, s string) (w float32) {
	for _, r := range s {
		w += a.of(face, r).advance
	}
	return w
}

// clipped is as much of a text as fits.
func (a *atlas) clipped(face int, s string, w float32) string {
	if a.width(face, s) <= w {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && a.width(face, string(r)+"…") > w {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

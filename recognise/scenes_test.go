package recognise_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
)

// scene is how a character is photographed. All colours are reflectances, from
// 0 to 1 in each channel, before the light falls on them.
type scene struct {
	name string

	paper, ink [3]float64
	table      [3]float64 // around the sheet
	margin     float64    // of the table, a share of the picture's shorter side
	frame      float64    // thickness of a black line round the picture, a share of it
	box        float64    // thickness of a black line round the character, on the paper
	light      func(x, y float64) float64
	ruled      int  // lines down the sheet
	squared    bool // as many across
	line       [3]float64
	degrees    float64 // of rotation of the sheet
	noise      float64 // deviation of a pixel
	quality    int     // of JPEG; 0 is none
	size       float64 // of the character, a share of the sheet's shorter side; 0.6 where it is 0
	off        [2]float64
	marks      int  // strokes that belong to nothing
	wood       bool // the table has a grain
}

var (
	paperWhite = [3]float64{0.95, 0.95, 0.95}
	inkBlack   = [3]float64{0.06, 0.06, 0.08}
	darkWood   = [3]float64{0.22, 0.15, 0.1}
	paleBlue   = [3]float64{0.6, 0.75, 0.92}
)

// across is light that falls from 1 at the left to a rest at the right.
func across(rest float64) func(x, y float64) float64 {
	return func(x, _ float64) float64 { return 1 - (1-rest)*x }
}

// shade is light with a shadow over the right half, with a soft edge that runs
// obliquely.
func shade(rest float64) func(x, y float64) float64 {
	return func(x, y float64) float64 {
		return rest + (1-rest)/(1+math.Exp(40*(x+0.3*y-0.65)))
	}
}

// lamp is light that falls off to the corners.
func lamp(x, y float64) float64 {
	return 1 - 0.8*((x-0.5)*(x-0.5)+(y-0.5)*(y-0.5))
}

// scenes begins with the clean sheet that all others are compared with.
var scenes = []scene{
	{name: "clean"},
	{name: "dark table", table: darkWood, margin: 0.12},
	{name: "dark table, turned", table: darkWood, margin: 0.12, degrees: 6},
	{name: "wide dark table", table: darkWood, margin: 0.3, size: 0.7},
	{name: "grained table", table: darkWood, margin: 0.12, wood: true, noise: 0.01},
	{name: "light table", table: [3]float64{0.99, 0.99, 0.97}, margin: 0.12, paper: [3]float64{0.75, 0.75, 0.72}},
	{name: "thin black frame", frame: 0.015},
	{name: "box on the paper", box: 0.012},
	{name: "shadow falling off by 60 %", light: across(0.4)},
	{name: "shadow of 60 % over a half", light: shade(0.4)},
	{name: "lamp, dark table", light: lamp, table: darkWood, margin: 0.1},
	{name: "ruled", ruled: 9},
	{name: "ruled, turned", ruled: 9, degrees: 3},
	{name: "ruled in dark lines", ruled: 7, line: [3]float64{0.3, 0.3, 0.35}},
	{name: "squared", ruled: 14, squared: true},
	{name: "squared, in shadow, turned", ruled: 12, squared: true, degrees: 2, light: across(0.5)},
	{name: "ruled on a dark table", ruled: 9, table: darkWood, margin: 0.1},
	{name: "light on dark", paper: [3]float64{0.1, 0.12, 0.11}, ink: [3]float64{0.9, 0.9, 0.88}},
	{name: "chalk in a lamp's light", paper: [3]float64{0.15, 0.2, 0.17}, ink: [3]float64{0.9, 0.9, 0.88}, light: lamp},
	{name: "light on dark in a light frame", paper: [3]float64{0.1, 0.12, 0.11}, ink: [3]float64{0.9, 0.9, 0.88}, table: paperWhite, margin: 0.05},
	{name: "noise and JPEG", noise: 0.05, quality: 40},
	{name: "turned by 5°", degrees: 5},
	{name: "coloured", paper: [3]float64{0.95, 0.85, 0.4}, ink: [3]float64{0.5, 0.05, 0.3}},
	{name: "coloured table", paper: paperWhite, ink: [3]float64{0.1, 0.1, 0.5}, table: [3]float64{0.6, 0.15, 0.1}, margin: 0.1},
	{name: "pencil", ink: [3]float64{0.6, 0.6, 0.6}, noise: 0.01},
	{name: "small, in a corner", size: 0.22, off: [2]float64{0.25, 0.2}},
	{name: "large", size: 0.95},
	{name: "stray mark", marks: 1},
}

// sizes of the pictures, in turn.
var sizes = []image.Point{{160, 200}, {240, 200}, {320, 240}}

// photograph shows an image of 28×28 in the scene. r draws the noise.
func (s scene) photograph(glyph *image.Gray, size image.Point, r *rand.Rand) image.Image {
	s = s.filled()
	short := float64(min(size.X, size.Y))
	sheet := short * (1 - 2*s.margin)
	cover := enlarged(glyph, int(sheet*s.size))
	out := image.NewRGBA(image.Rectangle{Max: size})
	sin, cos := math.Sincos(s.degrees * math.Pi / 180)
	cx, cy := float64(size.X)/2, float64(size.Y)/2
	pen := max(1.2, 0.004*short)
	mark := [2]float64{(0.44 + 0.04*r.Float64()) * sheet, (0.8*r.Float64() - 0.4) * sheet}
	for y := range size.Y {
		for x := range size.X {
			// Where on the sheet this is, in pixels from its middle.
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			u, v := cos*dx+sin*dy, cos*dy-sin*dx
			edge := min(cx-s.margin*short-math.Abs(u), cy-s.margin*short-math.Abs(v))
			c := s.paper
			c = mix(c, s.line, s.lines(u, v, size, pen))
			if s.box > 0 {
				inset := min(cx, cy) - 0.1*short - max(math.Abs(u), math.Abs(v))
				c = mix(c, s.ink, inside(math.Abs(inset), s.box*short/2))
			}
			side := float64(cover.Rect.Dx())
			gu, gv := u-s.off[0]*sheet+side/2, v-s.off[1]*sheet+side/2
			c = mix(c, s.ink, at(cover, gu, gv))
			if s.marks > 0 {
				c = mix(c, s.ink, inside(math.Hypot(max(math.Abs(u+mark[0])-0.012*short, 0), v-mark[1]), 0.008*short))
			}
			if s.margin > 0 {
				t := s.table
				if s.wood {
					t = mix(t, [3]float64{0.42, 0.3, 0.2}, 0.5+0.5*math.Sin(v/short*90+3*math.Sin(u/short*7)))
				}
				c = mix(t, c, min(max(edge+0.5, 0), 1))
			}
			if s.frame > 0 {
				rim := min(float64(x), float64(y), float64(size.X-1-x), float64(size.Y-1-y))
				c = mix(c, [3]float64{0.03, 0.03, 0.03}, min(max(max(s.frame*short, 2)-rim, 0), 1))
			}
			l := 1.0
			if s.light != nil {
				l = s.light(float64(x)/float64(size.X), float64(y)/float64(size.Y))
			}
			n := 0.0
			if s.noise > 0 {
				n = s.noise * r.NormFloat64()
			}
			out.SetRGBA(x, y, color.RGBA{level(c[0]*l + n), level(c[1]*l + n), level(c[2]*l + n), 255})
		}
	}
	if s.quality == 0 {
		return out
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: s.quality}); err != nil {
		panic(err) // into memory
	}
	m, err := jpeg.Decode(&b)
	if err != nil {
		panic(err) // it was just encoded
	}
	return m
}

// filled is the scene with what it leaves out.
func (s scene) filled() scene {
	none := [3]float64{}
	if s.paper == none {
		s.paper = paperWhite
	}
	if s.ink == none {
		s.ink = inkBlack
	}
	if s.line == none {
		s.line = paleBlue
	}
	if s.size == 0 {
		s.size = 0.6
	}
	return s
}

// lines is how much of a place on the sheet is covered by its ruling.
func (s scene) lines(u, v float64, size image.Point, pen float64) float64 {
	if s.ruled == 0 {
		return 0
	}
	pitch := float64(min(size.X, size.Y)) / float64(s.ruled)
	near := func(w float64) float64 { return math.Abs(w - pitch*math.Round(w/pitch)) }
	c := inside(near(v-pitch/3), pen/2)
	if s.squared {
		c = max(c, inside(near(u-pitch/4), pen/2))
	}
	return c
}

// inside is 1 nearer than r, 0 farther, with a soft edge of a pixel.
func inside(distance, r float64) float64 { return min(max(r-distance+0.5, 0), 1) }

func mix(a, b [3]float64, t float64) [3]float64 {
	for k := range a {
		a[k] += t * (b[k] - a[k])
	}
	return a
}

// level is a reflected light as a camera stores it.
func level(v float64) uint8 {
	return stored[int(min(max(v, 0), 1)*float64(len(stored)-1))]
}

// stored is sRGB's curve.
var stored = func() (t [4096]uint8) {
	for i := range t {
		v := float64(i) / float64(len(t)-1)
		if v = 1.055*math.Pow(v, 1/2.4) - 0.055; i < 13 {
			v = 12.92 * float64(i) / float64(len(t)-1)
		}
		t[i] = uint8(math.Round(255 * v))
	}
	return t
}()

func enlarged(g *image.Gray, side int) *image.Gray16 {
	m := image.NewGray16(image.Rect(0, 0, side, side))
	draw.CatmullRom.Scale(m, m.Rect, g, g.Rect, draw.Src, nil)
	return m
}

// at is the coverage between the pixels of m.
func at(m *image.Gray16, x, y float64) float64 {
	if side := float64(m.Rect.Dx()); x < -1 || y < -1 || x > side+1 || y > side+1 {
		return 0
	}
	x, y = x-0.5, y-0.5
	x0, y0 := math.Floor(x), math.Floor(y)
	sum := 0.0
	for j := range 2 {
		for i := range 2 {
			p := image.Pt(int(x0)+i, int(y0)+j)
			if !p.In(m.Rect) {
				continue
			}
			w := (1 - math.Abs(x-x0-float64(i))) * (1 - math.Abs(y-y0-float64(j)))
			sum += w * float64(m.Gray16At(p.X, p.Y).Y) / 0xffff
		}
	}
	return sum
}

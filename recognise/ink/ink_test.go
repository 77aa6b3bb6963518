package ink_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"glyph/recognise/ink"
)

var frame = ink.Frame{H: 28, W: 28, MaxPixels: 1_000_000}

// drawn is a picture of one colour with rectangles of others on it.
type drawn struct {
	size  image.Point
	paper color.Color
	marks []mark
}

type mark struct {
	r   image.Rectangle
	ink color.Color
}

func (d drawn) image() *image.NRGBA {
	m := image.NewNRGBA(image.Rectangle{Max: d.size})
	draw.Draw(m, m.Bounds(), image.NewUniform(d.paper), image.Point{}, draw.Src)
	for _, k := range d.marks {
		draw.Draw(m, k.r, image.NewUniform(k.ink), image.Point{}, draw.Src)
	}
	return m
}

var (
	white, black = color.Gray{255}, color.Gray{0}
	tall         = image.Rect(40, 20, 60, 160) // fills 4 of 28 columns once framed
)

// TestFrame frames one bar in many pictures: it always fills columns 12 to 15.
func TestFrame(t *testing.T) {
	noisy := drawn{image.Pt(300, 200), color.Gray{200}, []mark{{tall, color.Gray{40}}}}.image()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noisy.Pix {
		if i%4 != 3 {
			noisy.Pix[i] = uint8(int(noisy.Pix[i]) + r.IntN(11) - 5)
		}
	}
	big := tall
	big.Min, big.Max = big.Min.Mul(10), big.Max.Mul(10)
	tiny := image.Rect(3, 3, 4, 10)
	for _, c := range []struct {
		name string
		img  image.Image
		dark bool
		off  float64 // most that a pixel may be off
	}{
		{"light on dark", drawn{image.Pt(200, 180), black, []mark{{tall, white}}}.image(), false, 1},
		{"dark on light", drawn{image.Pt(200, 180), white, []mark{{tall, black}}}.image(), true, 1},
		{"little contrast", drawn{image.Pt(200, 180), color.Gray{120}, []mark{{tall, color.Gray{160}}}}.image(), false, 1},
		{"one brightness, other colours", drawn{image.Pt(200, 180), color.RGBA{0, 150, 0, 255}, []mark{{tall, color.RGBA{255, 30, 0, 255}}}}.image(), false, 1},
		{"black on transparent", drawn{image.Pt(200, 180), color.NRGBA{}, []mark{{tall, black}}}.image(), true, 1},
		{"white on transparent", drawn{image.Pt(200, 180), color.NRGBA{}, []mark{{tall, white}}}.image(), false, 1},
		{"half transparent ink", drawn{image.Pt(200, 180), color.NRGBA{}, []mark{{tall, color.NRGBA{0, 0, 0, 128}}}}.image(), true, 1},
		{"specks far away", drawn{image.Pt(400, 300), white, []mark{{tall, black}, {image.Rect(390, 290, 392, 292), black}}}.image(), true, 1},
		{"at the border", drawn{image.Pt(100, 160), white, []mark{{tall, black}}}.image(), true, 1},
		{"noisy paper", noisy, true, 30},
		{"large", drawn{image.Pt(2000, 1600), white, []mark{{big, black}}}.image(), true, 30}, // scaled down once before
		{"tiny", drawn{image.Pt(20, 14), white, []mark{{tiny, black}}}.image(), true, 140},    // scaled up: soft edges
		{"a part of a picture", drawn{image.Pt(200, 180), white, []mark{{tall, black}}}.image().SubImage(image.Rect(20, 10, 90, 170)), true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := frame.From(c.img)
			if err != nil {
				t.Fatal(err)
			}
			if g.DarkOnLight != c.dark || g.AsItIs || g.H != 28 || g.W != 28 {
				t.Errorf("%v", g)
			}
			for i, v := range g.Pixels {
				want := 0.0
				if x := i % 28; x >= 12 && x < 16 {
					want = 255
				}
				if math.Abs(float64(v)-want) > c.off {
					t.Fatalf("pixel (%d, %d) is %d, want %v", i%28, i/28, v, want)
				}
			}
		})
	}
}

// TestNoisyPaper holds what is between two strokes to black: noise is always on
// the bright side once dark paper is 0, and its mean would be a haze.
func TestNoisyPaper(t *testing.T) {
	m := drawn{image.Pt(300, 200), color.Gray{200}, []mark{{tall, color.Gray{40}}, {tall.Add(image.Pt(120, 0)), color.Gray{40}}}}.image()
	r := rand.New(rand.NewPCG(3, 4))
	for i := 0; i < len(m.Pix); i += 4 {
		v := uint8(int(m.Pix[i]) + r.IntN(41) - 20)
		m.Pix[i], m.Pix[i+1], m.Pix[i+2] = v, v, v
	}
	g, err := frame.From(m)
	if err != nil {
		t.Fatal(err)
	}
	haze := 0
	for y := range 28 {
		for x := 10; x < 18; x++ {
			haze += int(g.Pixels[y*28+x])
		}
	}
	if mean := float64(haze) / (28 * 8); mean > 3 {
		t.Errorf("the paper between has %v in the mean", mean)
	}
}

// TestThinPen holds a line of a pixel in a large picture to full white: what the
// scaling makes grey is stretched.
func TestThinPen(t *testing.T) {
	d := drawn{image.Pt(500, 500), white, []mark{
		{image.Rect(50, 50, 52, 450), black}, {image.Rect(50, 448, 300, 450), black}}}
	g, err := frame.From(d.image())
	if err != nil {
		t.Fatal(err)
	}
	if most := slices.Max(g.Pixels); most != 255 {
		t.Errorf("the brightest pixel is %d", most)
	}
	if g.Ink != image.Rect(50, 50, 300, 450) {
		t.Errorf("ink in %v", g.Ink)
	}
}

// TestAsItIs leaves a picture of the frame's size where it is.
func TestAsItIs(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 28, 28))
	for i := range 5 {
		m.Pix[100+i] = uint8(50 * (i + 1))
	}
	g, err := frame.From(m)
	if err != nil || !g.AsItIs || g.DarkOnLight || !bytes.Equal(g.Pixels, m.Pix) {
		t.Errorf("%v, %v", g, err)
	}
	inverted := image.NewGray(m.Rect)
	for i, v := range m.Pix {
		inverted.Pix[i] = 255 - v
	}
	g, err = frame.From(inverted)
	if err != nil || !g.AsItIs || !g.DarkOnLight || !bytes.Equal(g.Pixels, m.Pix) {
		t.Errorf("inverted: %v, %v", g, err)
	}
}

func TestBlank(t *testing.T) {
	for name, d := range map[string]drawn{
		"white":       {image.Pt(50, 50), white, nil},
		"28×28":       {image.Pt(28, 28), black, nil},
		"transparent": {image.Pt(50, 50), color.NRGBA{}, nil},
		"faint":       {image.Pt(50, 50), white, []mark{{image.Rect(10, 10, 20, 20), color.Gray{245}}}},
		"one pixel":   {image.Pt(1, 1), white, nil},
	} {
		if _, err := frame.From(d.image()); !errors.Is(err, ink.ErrBlank) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadErrors(t *testing.T) {
	var whole bytes.Buffer
	if err := png.Encode(&whole, (drawn{image.Pt(200, 180), white, []mark{{tall, black}}}).image()); err != nil {
		t.Fatal(err)
	}
	if g, err := frame.Read(bytes.NewReader(whole.Bytes())); err != nil || g.Picture != image.Pt(200, 180) {
		t.Fatalf("%v, %v", g, err)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "is not a PNG, JPEG or GIF"},
		{"text", []byte("not a picture at all"), "is not a PNG, JPEG or GIF"},
		{"half", whole.Bytes()[:whole.Len()/2], "is a damaged picture"},
		{"a bomb", sized(60000, 60000), "is 60000×60000 pixels, but at most 1 million"},
		{"the largest", sized(math.MaxInt32, math.MaxInt32), "damaged"},
	} {
		_, err := frame.Read(bytes.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// sized is the head of a PNG file that claims a size.
func sized(w, h uint32) []byte {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, w)
	head = binary.BigEndian.AppendUint32(head, h)
	head = append(head, 8, 0, 0, 0, 0)
	file := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	file = append(file, head...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(head))
}

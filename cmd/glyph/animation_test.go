package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"slices"
	"testing"
)

// animation is a moving picture that is put together from screenshots.
type animation struct {
	t      *testing.T
	frames []*image.NRGBA
	delays []int // hundredths of a second
}

// add appends a screenshot; one like the last only makes that one stay.
func (a *animation) add(shot []byte, delay int) {
	a.t.Helper()
	decoded, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		a.t.Fatal(err)
	}
	frame := image.NewNRGBA(decoded.Bounds())
	draw.Draw(frame, frame.Rect, decoded, image.Point{}, draw.Src)
	if n := len(a.frames); n > 0 && bytes.Equal(a.frames[n-1].Pix, frame.Pix) {
		a.delays[n-1] += delay
		return
	}
	a.frames, a.delays = append(a.frames, frame), append(a.delays, delay)
}

// key is a colour with five bits a channel.
func key(c color.NRGBA) int { return int(c.R)>>3<<10 | int(c.G)>>3<<5 | int(c.B)>>3 }

// keyAt is the key of a pixel.
func keyAt(f *image.NRGBA, i int) int {
	return key(color.NRGBA{f.Pix[4*i], f.Pix[4*i+1], f.Pix[4*i+2], 255})
}

// palette is the colours that the frames have most, up to 255 of them, no two alike in
// all of their upper bits; the last stands for what has not changed.
func (a *animation) palette() (color.Palette, []uint8) {
	type bucket struct{ n, r, g, b, key int }
	count := make([]bucket, 1<<15)
	for _, f := range a.frames {
		for i := 0; i < len(f.Pix); i += 4 {
			c := color.NRGBA{f.Pix[i], f.Pix[i+1], f.Pix[i+2], 255}
			k := &count[key(c)]
			k.n, k.r, k.g, k.b = k.n+1, k.r+int(c.R), k.g+int(c.G), k.b+int(c.B)
		}
	}
	for i := range count {
		count[i].key = i
	}
	most := slices.Clone(count)
	slices.SortStableFunc(most, func(a, b bucket) int { return b.n - a.n })
	var p color.Palette
	for _, k := range most[:255] {
		if k.n > 0 {
			p = append(p, color.NRGBA{uint8(k.r / k.n), uint8(k.g / k.n), uint8(k.b / k.n), 255})
		}
	}
	nearest := make([]uint8, len(count))
	for i, k := range count {
		if k.n > 0 {
			nearest[i] = uint8(p.Index(color.NRGBA{uint8(k.r / k.n), uint8(k.g / k.n), uint8(k.b / k.n), 255}))
		}
	}
	return append(p, color.NRGBA{}), nearest
}

// gif is the animation, repeated without end. Of each frame only what changed is kept.
func (a *animation) gif() []byte {
	a.t.Helper()
	p, nearest := a.palette()
	same := uint8(len(p) - 1)
	out := gif.GIF{Config: image.Config{ColorModel: p, Width: a.frames[0].Rect.Dx(), Height: a.frames[0].Rect.Dy()}}
	last := image.NewPaletted(a.frames[0].Rect, p)
	for n, f := range a.frames {
		now, changed := image.NewPaletted(f.Rect, p), image.Rectangle{}
		for i := range now.Pix {
			now.Pix[i] = nearest[keyAt(f, i)]
			if n == 0 || now.Pix[i] != last.Pix[i] {
				x, y := i%now.Stride, i/now.Stride
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
		if changed.Empty() {
			out.Delay[len(out.Delay)-1] += a.delays[n]
			continue
		}
		part := image.NewPaletted(changed, p)
		for y := changed.Min.Y; y < changed.Max.Y; y++ {
			for x := changed.Min.X; x < changed.Max.X; x++ {
				v := now.ColorIndexAt(x, y)
				if n > 0 && v == last.ColorIndexAt(x, y) {
					v = same
				}
				part.SetColorIndex(x, y, v)
			}
		}
		out.Image, out.Delay = append(out.Image, part), append(out.Delay, a.delays[n])
		out.Disposal = append(out.Disposal, gif.DisposalNone)
		last = now
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &out); err != nil {
		a.t.Fatal(err)
	}
	return b.Bytes()
}

// TestAnimation holds that an animation decodes to what its frames showed, to the five
// bits of a channel that are told apart.
func TestAnimation(t *testing.T) {
	a := animation{t: t}
	for i := range 3 {
		m := image.NewNRGBA(image.Rect(0, 0, 40, 30))
		for j := range m.Pix {
			m.Pix[j] = 255
		}
		for x := range 10 * (i + 1) {
			m.SetNRGBA(x, 5+i, color.NRGBA{200, uint8(40 * i), 16, 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		a.add(b.Bytes(), 10)
		a.add(b.Bytes(), 5)
	}
	got, err := gif.DecodeAll(bytes.NewReader(a.gif()))
	if err != nil || len(got.Image) != 3 || !slices.Equal(got.Delay, []int{15, 15, 15}) {
		t.Fatalf("%v: %d frames, %v", err, len(got.Image), got.Delay)
	}
	shown := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i, part := range got.Image {
		draw.Draw(shown, part.Rect, part, part.Rect.Min, draw.Over)
		for j, v := range a.frames[i].Pix {
			if d := int(v) - int(shown.Pix[j]); d < -7 || d > 7 {
				t.Fatalf("frame %d: %d at %d, want %d", i, shown.Pix[j], j, v)
			}
		}
	}
	if got.Image[2].Rect != image.Rect(0, 6, 30, 8) { // the second line goes, the third comes
		t.Errorf("the third frame keeps %v", got.Image[2].Rect)
	}
}

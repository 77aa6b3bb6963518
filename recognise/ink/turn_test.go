package ink_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// TestTurned stores one picture in each of the eight ways a camera can be held,
// by the sides of the scene that EXIF names for the first row and column, and
// reads it upright each time.
func TestTurned(t *testing.T) {
	// No turn or mirror image of it is the same.
	scene := drawn{image.Pt(160, 240), white, []mark{
		{image.Rect(40, 40, 60, 200), black}, {image.Rect(60, 40, 120, 60), black}, {image.Rect(60, 100, 90, 120), black},
	}}.image()
	want, err := frame.From(scene)
	if err != nil {
		t.Fatal(err)
	}
	for i, sides := range [][2]string{
		{"top", "left"}, {"top", "right"}, {"bottom", "right"}, {"bottom", "left"},
		{"left", "top"}, {"right", "top"}, {"right", "bottom"}, {"left", "bottom"},
	} {
		g, err := frame.Read(bytes.NewReader(photo(t, stored(scene, sides), uint16(i+1))))
		if err != nil {
			t.Fatal(err)
		}
		if g.Picture != want.Picture || g.Turned != (i > 0) || !near(g.Ink, want.Ink) {
			t.Errorf("row 0 at the %s, column 0 at the %s: %v, want %v", sides[0], sides[1], g, want)
		}
		for p, v := range g.Pixels { // a JPEG is not exact
			if d := int(v) - int(want.Pixels[p]); d < -40 || d > 40 {
				t.Fatalf("row 0 at the %s, column 0 at the %s: pixel %d is %d, want %d", sides[0], sides[1], p, v, want.Pixels[p])
			}
		}
	}
	// What can't be meant is not followed.
	for _, o := range []uint16{0, 9, 0xffff} {
		if g, err := frame.Read(bytes.NewReader(photo(t, scene, o))); err != nil || g.Turned || g.Picture != want.Picture {
			t.Errorf("orientation %d: %v, %v", o, g, err)
		}
	}
	cut := photo(t, scene, 6)
	copy(cut[2+4+6:], "damaged!") // the head of the metadata
	if g, err := frame.Read(bytes.NewReader(cut)); err != nil || g.Turned {
		t.Errorf("damaged metadata: %v, %v", g, err)
	}
}

// near says that rectangles differ by no more than rounding and what JPEG blurs.
func near(a, b image.Rectangle) bool {
	small := func(d int) bool { return d >= -2 && d <= 2 }
	return small(a.Min.X-b.Min.X) && small(a.Min.Y-b.Min.Y) && small(a.Max.X-b.Max.X) && small(a.Max.Y-b.Max.Y)
}

// stored is the scene with these sides as the first row and the first column.
func stored(scene image.Image, sides [2]string) image.Image {
	w, h := scene.Bounds().Dx(), scene.Bounds().Dy()
	rows, columns := h, w
	if sides[0] == "left" || sides[0] == "right" {
		rows, columns = w, h
	}
	m := image.NewRGBA(image.Rect(0, 0, columns, rows))
	for row := range rows {
		for column := range columns {
			var x, y int
			for i, from := range sides { // how far from that side of the scene
				switch n := [2]int{row, column}[i]; from {
				case "top":
					y = n
				case "bottom":
					y = h - 1 - n
				case "left":
					x = n
				case "right":
					x = w - 1 - n
				}
			}
			m.Set(column, row, color.RGBAModel.Convert(scene.At(x, y)))
		}
	}
	return m
}

// photo is a JPEG with EXIF metadata of one tag: Orientation.
func photo(t testing.TB, m image.Image, orientation uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	meta := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00")
	for _, v := range []uint16{0x0112, 3, 1, 0, orientation, 0, 0, 0} { // tag, SHORT, count, value, no other directory
		meta = binary.LittleEndian.AppendUint16(meta, v)
	}
	file := append([]byte(nil), b.Bytes()[:2]...) // start of image
	file = append(file, 0xff, 0xe1)
	file = binary.BigEndian.AppendUint16(file, uint16(len(meta)+2))
	file = append(file, meta...)
	return append(file, b.Bytes()[2:]...)
}

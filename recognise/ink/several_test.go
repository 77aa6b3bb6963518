package ink_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"
)

// TestReadAll frames letters of several sizes, each as it is alone, in the order in which
// they are read: in rows though the second begins higher, and in a column. A dot of ink
// that is none of them is a mark.
func TestReadAll(t *testing.T) {
	const unit = 10
	alone, err := frame.From(drawn{image.Pt(200, 200), white, letter(image.Pt(60, 60), unit, black)}.image())
	if err != nil {
		t.Fatal(err)
	}
	dot := mark{image.Rect(390, 290, 396, 296), black}
	for _, c := range []struct {
		name string
		at   []image.Point // of 50×70 pixels each
		more []mark
	}{
		{"a row", []image.Point{{20, 40}, {110, 30}, {205, 44}, {300, 40}}, nil},
		{"a column", []image.Point{{40, 5}, {46, 105}, {36, 210}}, nil},
		{"a square", []image.Point{{30, 30}, {150, 20}, {20, 160}, {160, 170}}, []mark{dot}},
	} {
		var marks []mark
		for _, at := range slices.Backward(c.at) {
			marks = append(marks, letter(at, unit, black)...)
		}
		var file bytes.Buffer
		if err := png.Encode(&file, drawn{image.Pt(400, 300), white, append(marks, c.more...)}.image()); err != nil {
			t.Fatal(err)
		}
		all, largest, err := frame.ReadAll(bytes.NewReader(file.Bytes()))
		if err != nil || len(all) != len(c.at) || largest < 0 || largest >= len(all) {
			t.Fatalf("%s: %d letters, the largest %d, %v", c.name, len(all), largest, err)
		}
		for i, g := range all {
			if want := image.Rect(0, 0, 5*unit, 7*unit).Add(c.at[i]); g.Ink != want || g.Characters != len(all) || g.LeftOut.Marks != len(c.more) {
				t.Errorf("%s: letter %d is at %v with %d characters and %d marks, want %v", c.name, i, g.Ink, g.Characters, g.LeftOut.Marks, want)
			}
			for j, v := range g.Pixels {
				if d := int(v) - int(alone.Pixels[j]); d < -2 || d > 2 {
					t.Fatalf("%s: letter %d is not framed as it is alone: pixel %d is %d, and %d alone", c.name, i, j, v, alone.Pixels[j])
				}
			}
		}
	}
}

// Ink one pixel high is a character too.
func TestLowest(t *testing.T) {
	g, err := frame.From(drawn{image.Pt(60, 40), white, []mark{{image.Rect(10, 20, 50, 21), black}}}.image())
	if err != nil || g.Characters != 1 || g.Ink.Dx() < 40 {
		t.Errorf("%v, %v", g, err)
	}
}

package ink_test

import (
	"errors"
	"image"
	"image/color"
	"runtime"
	"slices"
	"strings"
	"testing"

	"glyph/recognise/ink"
)

// letter is the marks of an F, of any size: no turn or mirror image is the same.
func letter(at image.Point, unit int, c color.Color) []mark {
	box := func(x0, y0, x1, y1 int) image.Rectangle {
		return image.Rect(x0*unit, y0*unit, x1*unit, y1*unit).Add(at)
	}
	return []mark{{box(0, 0, 1, 7), c}, {box(1, 0, 5, 1), c}, {box(1, 3, 4, 4), c}}
}

// ruling is lines every so many pixels.
func ruling(size image.Point, pitch, thick int, squared bool, c color.Color) (all []mark) {
	for y := pitch / 2; y < size.Y; y += pitch {
		all = append(all, mark{image.Rect(0, y, size.X, y+thick), c})
	}
	for x := pitch / 3; squared && x < size.X; x += pitch {
		all = append(all, mark{image.Rect(x, 0, x+thick, size.Y), c})
	}
	return all
}

// TestLeftOut frames one letter among other things: it is found where it is, and
// what was left out is told.
func TestLeftOut(t *testing.T) {
	size, at, pale, brown := image.Pt(300, 240), image.Pt(110, 60), color.Gray{190}, color.RGBA{90, 70, 60, 255}
	ink0 := letter(at, 16, black)
	sheet := mark{image.Rect(40, 30, 270, 215), white}
	around := func(r image.Rectangle, thick int) []mark {
		return []mark{{r, black}, {r.Inset(thick), white}}
	}
	whole := image.Rectangle{Max: size}
	for _, c := range []struct {
		name  string
		paper color.Color
		marks []mark
		want  ink.LeftOut
	}{
		{"a clean sheet", white, ink0, ink.LeftOut{}},
		{"a table", brown, slices.Concat([]mark{sheet}, ink0), ink.LeftOut{Surroundings: true}},
		{"a small note on a table", brown, slices.Concat([]mark{{image.Rect(85, 45, 215, 190), white}}, ink0), ink.LeftOut{Surroundings: true}},
		{"a thin frame", white, slices.Concat(around(whole, 3), ink0), ink.LeftOut{Surroundings: true}},
		{"a box", white, slices.Concat(around(whole.Inset(20), 3), ink0), ink.LeftOut{Lines: 4}},
		{"ruled", white, slices.Concat(ruling(size, 30, 2, false, pale), ink0), ink.LeftOut{Lines: 8}},
		{"squared", white, slices.Concat(ruling(size, 30, 2, true, pale), ink0), ink.LeftOut{Lines: 8 + 10}},
		{"a stray mark", white, slices.Concat(ink0, []mark{{image.Rect(12, 14, 22, 18), black}}), ink.LeftOut{Marks: 1}},
	} {
		g, err := frame.From(drawn{size, c.paper, c.marks}.image())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if want := image.Rect(0, 0, 5*16, 7*16).Add(at); !near(g.Ink, want) || !g.DarkOnLight || g.Characters != 1 {
			t.Errorf("%s: %v, want it at %v", c.name, g, want)
		}
		if g.LeftOut != c.want {
			t.Errorf("%s: left out %+v, want %+v", c.name, g.LeftOut, c.want)
		}
		if said := strings.Contains(g.String(), "without"); said != (c.want != ink.LeftOut{}) {
			t.Errorf("%s: %q", c.name, g)
		}
	}
}

// Lines are not taken away where they are what is drawn.
func TestLinesThatAreDrawn(t *testing.T) {
	size := image.Pt(300, 300)
	for name, marks := range map[string][]mark{
		"a cross":          {{image.Rect(30, 149, 270, 151), black}, {image.Rect(149, 30, 151, 270), black}},
		"a box":            {{image.Rect(30, 30, 270, 270), black}, {image.Rect(33, 33, 267, 267), white}},
		"across all of it": {{image.Rect(0, 149, 300, 152), black}},
	} {
		g, err := frame.From(drawn{size, white, marks}.image())
		if err != nil || g.LeftOut.Lines != 0 || max(g.Ink.Dx(), g.Ink.Dy()) < 240 {
			t.Errorf("%s: %v, %v", name, g, err)
		}
	}
}

// Of several characters the largest is taken, and it is said which of them that is.
func TestSeveral(t *testing.T) {
	size := image.Pt(500, 200)
	marks := slices.Concat(letter(image.Pt(30, 50), 12, black), letter(image.Pt(200, 40), 16, black), letter(image.Pt(390, 50), 12, black))
	g, err := frame.From(drawn{size, white, marks}.image())
	if err != nil {
		t.Fatal(err)
	}
	if want := image.Rect(200, 40, 280, 152); g.Characters != 3 || !near(g.Ink, want) || !strings.HasSuffix(g.String(), "at (200, 40); character 2 of 3") {
		t.Errorf("%v, want the one at %v of 3", g, want)
	}
}

// Pictures of all shapes are framed or refused, and long ones take no more
// memory than others.
func TestShapes(t *testing.T) {
	for _, size := range []image.Point{{1, 2}, {2, 1}, {2, 2}, {3, 3}, {1, 700}, {700, 1}, {2, 900}, {5, 5}, {40, 3}, {1030, 7}, {1, 900_000}, {900_000, 1}} {
		m := image.NewGray(image.Rectangle{Max: size})
		for i := range m.Pix {
			if i%5 < 2 {
				m.Pix[i] = 255
			}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		g, err := frame.From(m)
		if err == nil && (g.Ink.Empty() || !g.Ink.In(m.Rect)) || err != nil && !errors.Is(err, ink.ErrBlank) {
			t.Errorf("%v: %v, %v", size, g, err)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 20<<20 {
			t.Errorf("%v took %d MB", size, used>>20)
		}
	}
}

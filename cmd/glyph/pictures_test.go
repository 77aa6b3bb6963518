package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"glyph/cmd/glyph/internal/flags"
	"glyph/device"
	"glyph/internal/browser"
)

// character is strokes on the paper of the page to draw on, as a hand draws them.
type character [][][2]float64

// su is す: a bar, and a stroke with a loop. o is お: a bar, a stroke with a loop that ends
// in a bow, and a dot. tsu is つ, one bow.
var (
	su = character{
		{{88, 138}, {150, 136}, {220, 133}, {290, 130}, {362, 126}},
		{{238, 56}, {240, 110}, {241, 170}, {241, 225}, {226, 262}, {196, 272}, {178, 248}, {190, 218}, {222, 212}, {246, 236}, {252, 290}, {238, 340}, {206, 380}, {168, 404}},
	}
	o = character{
		{{70, 150}, {130, 148}, {200, 142}, {270, 134}},
		{{172, 60}, {174, 130}, {174, 210}, {172, 290}, {162, 350}, {134, 372}, {104, 350}, {112, 306}, {160, 268}, {226, 242}, {296, 244}, {344, 284}, {344, 342}, {306, 384}, {252, 400}},
		{{312, 104}, {346, 128}, {376, 160}},
	}
	tsu = character{{{64, 190}, {140, 152}, {226, 126}, {304, 130}, {356, 172}, {364, 236}, {330, 296}, {268, 338}, {190, 362}}}
)

// at is the character smaller, and moved.
func (c character) at(scale, x, y float64) (moved character) {
	for _, stroke := range c {
		var to [][2]float64
		for _, p := range stroke {
			to = append(to, [2]float64{x + scale*p[0], y + scale*p[1]})
		}
		moved = append(moved, to)
	}
	return moved
}

// Screens of the pictures.
var (
	laptop     = browser.Screen{Width: 1280, Height: 720}
	darkLaptop = browser.Screen{Width: 1280, Height: 720, Dark: true}
	darkPhone  = browser.Screen{Width: browser.Phone.Width, Height: browser.Phone.Height, Dark: true}
)

// TestPictures makes the pictures of the page to draw on that the documents show: make
// pictures. GLYPH_PICTURES is the directory for them and GLYPH_RUN a run that was
// trained well.
func TestPictures(t *testing.T) {
	dir, run := os.Getenv("GLYPH_PICTURES"), os.Getenv("GLYPH_RUN")
	if dir == "" || run == "" {
		t.Skip("GLYPH_PICTURES and GLYPH_RUN are not set")
	}
	address := drawingPage(t, run)
	save := func(name string, picture []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	three := slices.Concat(o.at(0.3, 0, 150), su.at(0.3, 156, 150), tsu.at(0.3, 314, 150))
	for _, v := range []struct {
		name   string
		screen browser.Screen
		drawn  character
		pen    string
	}{
		{"serve", laptop, su, "28"}, {"serve-dark", darkLaptop, o, "28"},
		{"serve-phone", browser.Phone, su, "28"}, {"serve-several", laptop, three, "11"},
	} {
		p := drawnPage{browser.Open(t, address, v.screen)}
		p.Do(`pen.value = ` + v.pen)
		for _, stroke := range v.drawn {
			p.draw(stroke, nil)
		}
		p.settle()
		save(v.name+".png", p.Shot())
	}
	save("drawing.gif", drawnGIF(t, drawnPage{browser.Open(t, address, browser.Screen{Width: 1160, Height: 600})}))
}

// drawnGIF is the page while two characters are drawn.
func drawnGIF(t *testing.T, p drawnPage) []byte {
	a := animation{t: t}
	a.add(p.Shot(), 60)
	for _, c := range []character{su, o} {
		for _, stroke := range c {
			p.draw(stroke, func() {
				p.Until(`!asking && !again`)
				a.add(p.Shot(), 12)
			})
		}
		p.settle()
		a.add(p.Shot(), 220)
		p.Do(`clear()`)
	}
	return a.gif()
}

// drawingPage serves the page to draw on for a run, and returns its address.
func drawingPage(t *testing.T, run string) string {
	t.Helper()
	h, release, err := networks{flags.Backend{Choice: device.Choice{Kind: "cpu"}}}.draw(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release) // after the server has ended
	return browser.Serve(t, h)
}

// drawnPage is a page to draw on in a browser.
type drawnPage struct{ browser.Tab }

// settle waits until the pen is lifted and the last answer is shown.
func (p drawnPage) settle() {
	p.Until(`!asking && !again && !current && /%/.test(verdict.textContent)`)
}

// draw moves the mouse along a stroke, and at each of its points calls step.
func (p drawnPage) draw(stroke [][2]float64, step func()) {
	const steps = 6
	points := stroke[:1:1]
	for i := range stroke[1:] {
		before, from, to, after := stroke[max(i-1, 0)], stroke[i], stroke[i+1], stroke[min(i+2, len(stroke)-1)]
		for k := 1; k <= steps; k++ { // a curve through the points (Catmull & Rom 1974)
			f := float64(k) / steps
			var at [2]float64
			for d := range at {
				at[d] = from[d] + 0.5*f*(to[d]-before[d]+f*(2*before[d]-5*from[d]+4*to[d]-after[d]+f*(3*(from[d]-to[d])+after[d]-before[d])))
			}
			points = append(points, at)
		}
	}
	moved := 0
	p.Drag("paper", points, func() {
		if moved++; moved%steps == 0 && step != nil {
			step()
		}
	})
}

package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"glyph/cmd/glyph/internal/flags"
	"glyph/device"
	"glyph/internal/local"
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
		name          string
		width, height int64
		dark          bool
		drawn         character
		pen           string
	}{
		{"serve", 1280, 720, false, su, "28"}, {"serve-dark", 1280, 720, true, o, "28"},
		{"serve-phone", 390, 844, false, su, "28"}, {"serve-several", 1280, 720, false, three, "11"},
	} {
		p := openPage(t, address, v.width, v.height, v.dark)
		p.text(`pen.value = ` + v.pen)
		for _, stroke := range v.drawn {
			p.draw(stroke, nil)
		}
		p.settle()
		save(v.name+".png", p.shot())
	}
	save("drawing.gif", drawnGIF(openPage(t, address, 1160, 600, false)))
}

// drawnGIF is the page while two characters are drawn.
func drawnGIF(p drawnPage) []byte {
	a := animation{t: p.t}
	a.add(p.shot(), 60)
	for _, c := range []character{su, o} {
		for _, stroke := range c {
			p.draw(stroke, func() {
				p.answered()
				a.add(p.shot(), 12)
			})
		}
		p.settle()
		a.add(p.shot(), 220)
		p.text(`(clear(), "")`)
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
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- local.Run(ctx, l, h, nil) }()
	t.Cleanup(func() {
		cancel()
		<-served
		release()
	})
	return "http://" + l.Addr().String() + "/"
}

// drawnPage is a page to draw on in a browser.
type drawnPage struct {
	t   *testing.T
	ctx context.Context
}

func openPage(t *testing.T, address string, width, height int64, dark bool) drawnPage {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err = chromedp.Run(ctx, chromedp.EmulateViewport(width, height, func(_ *emulation.SetDeviceMetricsOverrideParams, touch *emulation.SetTouchEmulationEnabledParams) {
		touch.Enabled = width < 500
	}))
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	}
	if err == nil {
		_, err = chromedp.Run(ctx, chromedp.Navigate(address))
	}
	if err != nil {
		t.Fatal(err)
	}
	return drawnPage{t, ctx}
}

func (p drawnPage) text(script string) string {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+script+")"))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// settle waits until the pen is lifted and the last answer is shown.
func (p drawnPage) settle() {
	p.until(`!asking && !again && !current && /%/.test(verdict.textContent)`)
}

// answered waits until what has been drawn so far is answered.
func (p drawnPage) answered() { p.until(`!asking && !again`) }

func (p drawnPage) until(condition string) {
	p.t.Helper()
	for range 600 {
		if p.text(condition) == "true" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("never: %s", condition)
}

// draw moves the mouse along a stroke, in steps, after each of which it calls step.
func (p drawnPage) draw(stroke [][2]float64, step func()) {
	p.t.Helper()
	var box [3]float64
	if err := json.Unmarshal([]byte(p.text(`(() => { const b = paper.getBoundingClientRect(); return JSON.stringify([b.left, b.top, b.width / paper.width]); })()`)), &box); err != nil {
		p.t.Fatal(err)
	}
	send := func(kind input.DispatchMouseEventType, at [2]float64) {
		if _, err := chromedp.Run(p.ctx, chromedp.MouseEvent(kind, box[0]+box[2]*at[0], box[1]+box[2]*at[1], func(e *input.DispatchMouseEventParams) {
			e.Button, e.ClickCount = input.MouseButtonLeft, 1
		})); err != nil {
			p.t.Fatal(err)
		}
	}
	send(chromedp.MousePressed, stroke[0])
	for i := range stroke[1:] {
		before, from, to, after := stroke[max(i-1, 0)], stroke[i], stroke[i+1], stroke[min(i+2, len(stroke)-1)]
		const steps = 6
		for k := 1; k <= steps; k++ { // a curve through the points (Catmull & Rom 1974)
			f := float64(k) / steps
			var at [2]float64
			for d := range at {
				at[d] = from[d] + 0.5*f*(to[d]-before[d]+f*(2*before[d]-5*from[d]+4*to[d]-after[d]+f*(3*(from[d]-to[d])+after[d]-before[d])))
			}
			send(chromedp.MouseMoved, at)
		}
		if step != nil {
			step()
		}
	}
	send(chromedp.MouseReleased, stroke[len(stroke)-1])
}

func (p drawnPage) shot() []byte {
	p.t.Helper()
	b, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

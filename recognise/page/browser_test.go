package page

import (
	"context"
	"encoding/json"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"glyph/internal/local"
	"glyph/internal/needs"
)

// open serves the page and opens it in a browser.
func open(t *testing.T) tab {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	path := needs.Browser(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- local.Run(serving, l, handler(t), nil) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1000, 1300))
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)

	if _, err := chromedp.Run(ctx, chromedp.Navigate("http://"+l.Addr().String())); err != nil {
		t.Fatal(err)
	}
	page := tab{t, ctx}
	page.do(gesture)
	return page
}

// verdict is what the page says.
const verdict = `document.getElementById("verdict").textContent`

// A person draws two strokes, sees the answer, probabilities, what the network sees and
// why, undoes one and clears; then draws with the keyboard.
func TestDrawing(t *testing.T) {
	page := open(t)
	page.fits()
	page.drag([][2]float64{{100, 60}, {120, 200}, {140, 300}})
	page.until(`document.querySelectorAll("tr.best").length == 1 && /%/.test(` + verdict + `)`)
	page.settle()
	first, large := page.text(shares), page.text(`$("symbol").textContent + " " + $("sure").textContent`)
	page.drag([][2]float64{{60, 150}, {200, 140}, {300, 160}})
	page.until(shares + " != " + quoted(first))
	page.settle()
	second, light, said := page.text(shares), page.text(`String(brightness("pixels"))`), page.text(verdict)
	if blue := page.text(`String(brightness("relevance", 2) > 500 && brightness("relevance", 0) > 500)`); blue != "true" {
		t.Error("no pixel is shown to have mattered")
	}
	if tiles := page.text(`[...document.querySelectorAll("#layers canvas")].map(c => c.width + "×" + c.height).join(" ")`); tiles != "15×1" { // 8 units with lines between
		t.Errorf("the layers are shown in %q", tiles)
	}
	page.do(`$("undo").click()`)
	page.until(shares + " != " + quoted(second))
	page.settle()
	undone := page.text(shares)
	if asked := page.text(`String(place === strokes[0].points.at(-1))`); asked != "true" {
		t.Error("after undoing, the character of the stroke that went is asked for")
	}
	page.do(`$("clear").click()`)
	cleared := page.text(shares)

	if strings.Count(first, "%") != 10 || strings.Count(second, "%") != 10 || !strings.Contains(large, "%") || strings.HasPrefix(large, "?") {
		t.Errorf("after one stroke %q, %q, after two %q", large, first, second)
	}
	if n, err := strconv.Atoi(light); err != nil || n < 1000 || !strings.Contains(said, "%") {
		t.Errorf("the network sees pixels of %s together; the verdict is %q", light, said)
	}
	if undone != first {
		t.Errorf("after undoing %q, before %q", undone, first)
	}
	if strings.Contains(cleared, "%") || page.text(`String(brightness("pixels")) + $("symbol").textContent`) != "0?" {
		t.Errorf("after clearing %q", cleared)
	}

	for _, key := range []string{" ", "ArrowRight", "ArrowDown", "ArrowDown", " "} {
		page.do(`paper.dispatchEvent(new KeyboardEvent("keydown", {key: ` + quoted(key) + `, bubbles: true, cancelable: true}))`)
	}
	page.settle()
	if got := page.text(`JSON.stringify(strokes.map(s => s.points))`); got != "[[[224,224],[240,224],[240,240],[240,256]]]" || !strings.Contains(page.text(verdict), "%") {
		t.Errorf("the keyboard drew %s; the page says %q", got, page.text(verdict))
	}
}

// fits holds that paper and answer are on the screen without scrolling, with nothing
// beyond its right edge, on a laptop and on a phone.
func (p tab) fits() {
	p.t.Helper()
	for _, screen := range [][2]int64{{1280, 720}, {390, 844}} {
		if _, err := chromedp.Run(p.ctx, chromedp.EmulateViewport(screen[0], screen[1])); err != nil {
			p.t.Fatal(err)
		}
		if beyond := p.text(`["paper", "best", "verdict", "undo", "pixels", "relevance"].filter(id => {
			const b = $(id).getBoundingClientRect();
			return b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight || b.width < 20;
		}).join(" ") + (document.documentElement.scrollWidth > innerWidth ? " the page is too wide" : "")`); beyond != "" {
			p.t.Errorf("on a screen of %v not all is seen: %s", screen, beyond)
		}
		if n := p.text(`String(paper.getBoundingClientRect().width)`); len(n) < 3 || n < "350" {
			p.t.Errorf("on a screen of %v the paper is %s pixels wide", screen, n)
		}
	}
}

// shares is the ten probabilities on the page.
const shares = `[...document.querySelectorAll(".share")].map(e => e.textContent).join(" ")`

// gesture gives the page brightness, the sum of a channel of what a canvas shows.
const gesture = `
window.brightness = (id, channel) => {
	const c = document.getElementById(id);
	return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.reduce((sum, v, i) => i % 4 == (channel || 0) ? sum + v : sum, 0);
};
`

// drag moves the mouse over the canvas with its button down, as the browser
// gets it from a hand: the page's own events follow from it.
func (p tab) drag(points [][2]float64) {
	p.t.Helper()
	var box [3]float64 // where the paper is, and how large a pixel of it
	if err := json.Unmarshal([]byte(p.text(`(() => { const b = paper.getBoundingClientRect(); return JSON.stringify([b.left, b.top, b.width / paper.width]); })()`)), &box); err != nil {
		p.t.Fatal(err)
	}
	send := func(kind input.DispatchMouseEventType, at [2]float64) {
		_, err := chromedp.Run(p.ctx, chromedp.MouseEvent(kind, box[0]+box[2]*at[0], box[1]+box[2]*at[1], func(e *input.DispatchMouseEventParams) {
			e.Button, e.ClickCount = input.MouseButtonLeft, 1
		}))
		if err != nil {
			p.t.Fatal(err)
		}
	}
	send(chromedp.MousePressed, points[0])
	for _, at := range points {
		send(chromedp.MouseMoved, at)
	}
	send(chromedp.MouseReleased, points[len(points)-1])
}

// tab is the page in a browser; what fails there fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func (p tab) text(script string) string {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return v
}

func (p tab) do(script string) {
	p.t.Helper()
	p.text(script + `; "done"`)
}

// until waits for a condition.
func (p tab) until(condition string) {
	p.t.Helper()
	for range 200 {
		if p.text(`String(`+condition+`)`) == "true" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatalf("never: %s", condition)
}

// settle waits until the last answer has come.
func (p tab) settle() {
	p.t.Helper()
	p.until(`!asking && !again`)
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string
	}
	return string(b)
}

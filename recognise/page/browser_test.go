package page

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"glyph/internal/local"
)

// browser is Chromium, or what it is called here.
func browser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// open serves the page and opens it in a browser.
func open(t *testing.T) tab {
	path := browser()
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no Chromium to test the page in")
		}
		t.Skip("there is no Chromium")
	}
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

// A person draws two strokes, sees probabilities and what the network sees,
// undoes one and clears.
func TestDrawing(t *testing.T) {
	page := open(t)
	ctx := page.ctx
	page.drag([][2]float64{{100, 60}, {120, 200}, {140, 300}})
	page.until(`document.querySelectorAll("tr.best").length == 1 && /%/.test(document.getElementById("verdict").textContent)`)
	page.settle()
	first := page.text(shares)
	page.drag([][2]float64{{60, 150}, {200, 140}, {300, 160}})
	page.until(shares + " != " + quoted(first))
	page.settle()
	second, light, said := page.text(shares), page.text(`String(brightness())`), page.text(verdict)
	if path := os.Getenv("GLYPH_SCREENSHOT"); path != "" {
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(path, picture, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	page.do(`document.getElementById("undo").click()`)
	page.until(shares + " != " + quoted(second))
	page.settle()
	undone := page.text(shares)
	page.do(`document.getElementById("clear").click()`)
	cleared := page.text(shares)

	if strings.Count(first, "%") != 10 || strings.Count(second, "%") != 10 {
		t.Errorf("after one stroke %q, after two %q", first, second)
	}
	if n, err := strconv.Atoi(light); err != nil || n < 1000 || !strings.Contains(said, "%") {
		t.Errorf("the network sees pixels of %s together; the verdict is %q", light, said)
	}
	if undone != first {
		t.Errorf("after undoing %q, before %q", undone, first)
	}
	if strings.Contains(cleared, "%") || page.text(`String(brightness())`) != "0" {
		t.Errorf("after clearing %q", cleared)
	}
}

// shares is the ten probabilities on the page.
const shares = `[...document.querySelectorAll(".share")].map(e => e.textContent).join(" ")`

// gesture gives the page brightness, the sum of the pixels that the network sees.
const gesture = `
window.brightness = () => {
	const c = document.getElementById("pixels");
	return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.reduce((sum, v, i) => i % 4 == 0 ? sum + v : sum, 0);
};
`

// drag moves the mouse over the canvas with its button down, as the browser
// gets it from a hand: the page's own events follow from it.
func (p tab) drag(points [][2]float64) {
	p.t.Helper()
	var corner [2]float64
	if err := json.Unmarshal([]byte(p.text(`(() => { const b = document.getElementById("paper").getBoundingClientRect(); return JSON.stringify([b.left, b.top]); })()`)), &corner); err != nil {
		p.t.Fatal(err)
	}
	send := func(kind input.DispatchMouseEventType, at [2]float64) {
		_, err := chromedp.Run(p.ctx, chromedp.MouseEvent(kind, corner[0]+at[0], corner[1]+at[1], func(e *input.DispatchMouseEventParams) {
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

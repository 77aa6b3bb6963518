// Package browser opens pages in headless Chromium, for tests: what fails there fails
// the test. Where there is no Chromium, the test is skipped, or fails in CI.
package browser

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"glyph/internal/local"
	"glyph/internal/needs"
)

// Tab is a page in a browser.
type Tab struct {
	t   testing.TB
	ctx context.Context
}

// Screen is what a page is shown on. One narrower than 500 pixels is a phone's, which is
// touched.
type Screen struct {
	Width, Height int64
	Dark          bool
}

// Phone is the screen of a common phone, upright.
var Phone = Screen{Width: 390, Height: 844}

// Open opens an address on a screen. A test in short mode is skipped.
func Open(t testing.TB, address string, s Screen) Tab {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(needs.Browser(t)), chromedp.NoSandbox)
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	p := Tab{t, ctx}
	p.Show(s)
	p.run(chromedp.Navigate(address))
	return p
}

// Show shows the page on another screen.
func (p Tab) Show(s Screen) {
	p.t.Helper()
	p.run(chromedp.EmulateViewport(s.Width, s.Height, func(_ *emulation.SetDeviceMetricsOverrideParams, touch *emulation.SetTouchEmulationEnabledParams) {
		touch.Enabled = s.Width < 500
	}))
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}); err != nil {
		p.t.Fatal(err)
	}
}

// Text is the value of a script, as JavaScript's String makes it.
func (p Tab) Text(script string) string {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+script+")"))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// Do runs the statements of a script.
func (p Tab) Do(script string) {
	p.t.Helper()
	p.Text("(() => {" + script + "\n})()")
}

// patience is how long a condition is waited for: on a slow machine all takes longer.
const patience = time.Minute

// Until waits until a condition holds.
func (p Tab) Until(condition string) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if p.Text(condition) == "true" {
			return
		}
	}
	p.t.Fatalf("never: %s; the page has %s", condition, p.Text(`document.body.innerText.slice(0, 2000)`))
}

// Shot is a picture of what is on the screen, a PNG.
func (p Tab) Shot() []byte {
	p.t.Helper()
	b, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// Heap is how many bytes the page's objects take, after collecting garbage.
func (p Tab) Heap() float64 {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
	used, err := chromedp.Call(p.ctx, runtime.GetHeapUsage, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	return used.UsedSize
}

// Busy is how many seconds of a processor the page's scripts, its layout and its painting
// have taken so far, however busy the machine is with other work.
func (p Tab) Busy() float64 {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		p.t.Fatal(err)
	}
	got, err := chromedp.Call(p.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, m := range got.Metrics {
		if m.Name == "TaskDuration" {
			return m.Value
		}
	}
	p.t.Fatal("the browser does not say how busy it is")
	return 0
}

// Quoted is a value as JavaScript writes it.
func Quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of a value that the test wrote
	}
	return string(b)
}

// Serve serves a handler on this machine until the test ends, and returns its address.
func Serve(t testing.TB, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- local.Run(ctx, l, h, nil) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String() + "/"
}

package browser

import (
	"encoding/json"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Type types a text as a hand does.
func (p Tab) Type(text string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(text))
}

// Press presses a key, such as "ArrowDown", on what has the focus.
func (p Tab) Press(key string) {
	p.t.Helper()
	p.Do(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: ` + Quoted(key) + `, bubbles: true, cancelable: true }))`)
}

// Upload chooses a file for the input that a selector finds.
func (p Tab) Upload(selector, path string) {
	p.t.Helper()
	p.run(chromedp.SetUploadFiles(selector, []string{path}))
}

// Drag moves the mouse with its button down, as the browser gets it from a hand: the
// page's own events follow from it. The points are on the canvas with that id, in its own
// pixels. After each of them step is called, if it isn't nil.
func (p Tab) Drag(canvas string, points [][2]float64, step func()) {
	p.t.Helper()
	var box [3]float64 // where the canvas is, and how large a pixel of it
	place := `(() => { const c = document.getElementById(` + Quoted(canvas) + `), b = c.getBoundingClientRect(); return JSON.stringify([b.left, b.top, b.width / c.width]); })()`
	if err := json.Unmarshal([]byte(p.Text(place)), &box); err != nil {
		p.t.Fatal(err)
	}
	send := func(kind input.DispatchMouseEventType, at [2]float64) {
		p.run(chromedp.MouseEvent(kind, box[0]+box[2]*at[0], box[1]+box[2]*at[1], func(e *input.DispatchMouseEventParams) {
			e.Button, e.ClickCount = input.MouseButtonLeft, 1
		}))
	}
	send(chromedp.MousePressed, points[0])
	for _, at := range points[1:] {
		send(chromedp.MouseMoved, at)
		if step != nil {
			step()
		}
	}
	send(chromedp.MouseReleased, points[len(points)-1])
}

// run does something whose only result is whether it could be done.
func (p Tab) run(a chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, a); err != nil {
		p.t.Fatal(err)
	}
}

package page

import (
	"strconv"
	"strings"
	"testing"

	"glyph/internal/browser"
)

// tab is the page to draw on in a browser.
type tab struct {
	browser.Tab
	t *testing.T
}

// open serves the page and opens it in a browser.
func open(t *testing.T) tab {
	t.Helper()
	p := tab{browser.Open(t, browser.Serve(t, handler(t)), browser.Screen{Width: 1000, Height: 1300}), t}
	p.Do(gesture)
	return p
}

// verdict is what the page says.
const verdict = `document.getElementById("verdict").textContent`

// A person draws two strokes, sees the answer, probabilities, what the network sees and
// why, undoes one and clears; then draws with the keyboard.
func TestDrawing(t *testing.T) {
	page := open(t)
	page.fits()
	page.drag([][2]float64{{100, 60}, {120, 200}, {140, 300}})
	page.Until(`document.querySelectorAll("tr.best").length == 1 && /%/.test(` + verdict + `)`)
	page.settle()
	first, large := page.Text(shares), page.Text(`$("symbol").textContent + " " + $("sure").textContent`)
	page.drag([][2]float64{{60, 150}, {200, 140}, {300, 160}})
	page.Until(shares + " != " + browser.Quoted(first))
	page.settle()
	second, light, said := page.Text(shares), page.Text(`String(brightness("pixels"))`), page.Text(verdict)
	if blue := page.Text(`String(brightness("relevance", 2) > 500 && brightness("relevance", 0) > 500)`); blue != "true" {
		t.Error("no pixel is shown to have mattered")
	}
	if tiles := page.Text(`[...document.querySelectorAll("#layers canvas")].map(c => c.width + "×" + c.height).join(" ")`); tiles != "15×1" { // 8 units with lines between
		t.Errorf("the layers are shown in %q", tiles)
	}
	page.Do(`$("undo").click()`)
	page.Until(shares + " != " + browser.Quoted(second))
	page.settle()
	undone := page.Text(shares)
	if asked := page.Text(`String(place === strokes[0].points.at(-1))`); asked != "true" {
		t.Error("after undoing, the character of the stroke that went is asked for")
	}
	page.Do(`$("clear").click()`)
	cleared := page.Text(shares)

	if strings.Count(first, "%") != 10 || strings.Count(second, "%") != 10 || !strings.Contains(large, "%") || strings.HasPrefix(large, "?") {
		t.Errorf("after one stroke %q, %q, after two %q", large, first, second)
	}
	if n, err := strconv.Atoi(light); err != nil || n < 1000 || !strings.Contains(said, "%") {
		t.Errorf("the network sees pixels of %s together; the verdict is %q", light, said)
	}
	if undone != first {
		t.Errorf("after undoing %q, before %q", undone, first)
	}
	if strings.Contains(cleared, "%") || page.Text(`String(brightness("pixels")) + $("symbol").textContent`) != "0?" {
		t.Errorf("after clearing %q", cleared)
	}

	for _, key := range []string{" ", "ArrowRight", "ArrowDown", "ArrowDown", " "} {
		page.Do(`paper.dispatchEvent(new KeyboardEvent("keydown", {key: ` + browser.Quoted(key) + `, bubbles: true, cancelable: true}))`)
	}
	page.settle()
	if got := page.Text(`JSON.stringify(strokes.map(s => s.points))`); got != "[[[224,224],[240,224],[240,240],[240,256]]]" || !strings.Contains(page.Text(verdict), "%") {
		t.Errorf("the keyboard drew %s; the page says %q", got, page.Text(verdict))
	}
}

// fits holds that paper and answer are on the screen without scrolling, with nothing
// beyond its right edge, on a laptop and on a phone.
func (p tab) fits() {
	p.t.Helper()
	for _, screen := range []browser.Screen{{Width: 1280, Height: 720}, {Width: 1160, Height: 600}, {Width: 801, Height: 600}, {Width: 820, Height: 1180}, browser.Phone} {
		p.Show(screen)
		if beyond := p.Text(`["paper", "best", "verdict", "undo", "pixels", "relevance"].filter(id => {
			const b = $(id).getBoundingClientRect();
			return b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight || b.width < 20;
		}).join(" ") + (document.documentElement.scrollWidth > innerWidth ? " the page is too wide" : "") + (box => box.scrollWidth > box.clientWidth ? " the table takes " + box.scrollWidth + " of " + box.clientWidth : "")(document.getElementById("chances"))`); beyond != "" {
			p.t.Errorf("on a screen of %v not all is seen: %s", screen, beyond)
		}
		if n := p.Text(`String(paper.getBoundingClientRect().width)`); len(n) < 3 || n < "350" {
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

// drag draws a stroke.
func (p tab) drag(points [][2]float64) {
	p.t.Helper()
	p.Drag("paper", points, nil)
}

// settle waits until the last answer has come.
func (p tab) settle() {
	p.t.Helper()
	p.Until(`!asking && !again`)
}

package report

import (
	"bytes"
	"net/http"
	"testing"

	"glyph/internal/browser"
)

// In a browser, pointing at an epoch of a figure puts its figures below, and leaving it
// puts back what was there; a finger's stay.
func TestHover(t *testing.T) {
	var b bytes.Buffer
	svg := `<svg width="300" height="100" viewBox="0 0 300 100"><path d="M0 0h300v100H0z" fill="none"/></svg>`
	err := Write(&b, Report{Title: "run", Figures: []Figure{{Name: "curves", SVG: svg, Spots: []Spot{{0, 0, 150, 100, "epoch 1: loss 0.5"}, {150, 0, 150, 100, "epoch 2: loss 0.25"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t, browser.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(b.Bytes()) })), browser.Screen{Width: 800, Height: 600})
	const caption, point = `document.querySelector("figcaption").innerText`, `
		const svg = document.querySelector("svg"), box = svg.getBoundingClientRect();
		const at = (x, type, kind) => document.elementFromPoint(box.left + x * box.width, box.top + box.height / 2).dispatchEvent(new PointerEvent(type, { pointerType: kind, bubbles: true }));
		const leave = (kind) => svg.dispatchEvent(new PointerEvent("pointerleave", { pointerType: kind }));`
	before := p.Text(caption)
	for _, c := range []struct{ do, want string }{
		{`at(0.75, "pointermove", "mouse")`, "epoch 2: loss 0.25"},
		{`at(0.25, "pointermove", "mouse")`, "epoch 1: loss 0.5"},
		{`leave("mouse")`, before},
		{`at(0.75, "pointerdown", "touch"); leave("touch")`, "epoch 2: loss 0.25"},
	} {
		p.Do(point + c.do)
		if got := p.Text(caption); got != c.want {
			t.Errorf("after %s the caption is %q, want %q", c.do, got, c.want)
		}
	}
}

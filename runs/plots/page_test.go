package plots_test

import (
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"glyph/runs/plots"
)

// A figure on a page has the page's colours wherever it doesn't have a map's, and black and
// white are only on those.
func TestInline(t *testing.T) {
	for name, f := range sheet() {
		text, err := f.Inline()
		if err != nil || !strings.HasPrefix(text, "<svg") {
			t.Fatalf("%s: %.40s, %v", name, text, err)
		}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if n := strings.Count(text, "fill:var(--paper)"); n != 1 || !strings.Contains(text, "fill:var(--ink)") {
			t.Errorf("%s: %d papers, or no ink", name, n)
		}
		if fixed := regexp.MustCompile(`stroke:#[0-9A-F]+`).FindString(text); fixed != "" {
			t.Errorf("%s: lines of %s", name, fixed)
		}
		for _, tag := range regexp.MustCompile(`<text[^>]*>`).FindAllString(text, -1) {
			if name != "confusion" && !strings.Contains(tag, "fill:var(--") {
				t.Errorf("%s: %s", name, tag)
			}
		}
		if name != "confusion" && strings.Contains(text, "fill:#FFFFFF") {
			t.Errorf("%s: white on the page", name)
		}
		if name == "confusion" && !strings.Contains(text, "fill:#FFFFFF") {
			t.Error("no white on dark cells")
		}
	}
}

// The columns of the epochs lie side by side over both curves and say what is drawn there.
func TestSpots(t *testing.T) {
	figures := sheet()
	want := []string{
		"epoch 1: train loss 2.0000, accuracy 30.00 %; val loss 1.0000, accuracy 50.00 %",
		"epoch 2: train loss 1.0000, accuracy 60.00 %; val loss 0.9000, accuracy 70.00 %; weights kept; test loss 0.9500, accuracy 65.00 %",
	}
	f := figures["curves"]
	list := f.Spots()
	for i, s := range list {
		if s.Text != want[i] || s.X < 20 || s.Y < 20 || s.X+s.Width > f.Width.Points() || s.Y+s.Height > f.Height.Points() || s.Width < 100 || s.Height < 300 {
			t.Errorf("%+v", s)
		}
	}
	if len(list) != 2 || math.Abs(list[0].X+list[0].Width-list[1].X) > 1e-9 {
		t.Errorf("%+v", list)
	}
	if list := figures["many"].Spots(); len(list) != 90 || list[89].Text != "epoch 90: train loss 0.0111, accuracy 90.00 %" {
		t.Errorf("%d: %+v", len(list), list[len(list)-1])
	}
	if figures["no epochs"].Spots() != nil || figures["confusion"].Spots() != nil {
		t.Error("spots of nothing")
	}
	long := make([]plots.Epoch, 1001)
	for i := range long {
		long[i].Epoch = i + 1
	}
	found := 0
	list = plots.Curves(long, 500, nil).Spots()
	for _, s := range list {
		if strings.Contains(s.Text, "epoch 500:") && strings.HasSuffix(s.Text, "weights kept") {
			found++
		}
	}
	if found != 1 || len(list) != 334 {
		t.Errorf("%d spots, %d of the best epoch", len(list), found)
	}
}

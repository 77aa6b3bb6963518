package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestIntervals(t *testing.T) {
	p := Intervals{X: "width", Y: "accuracy", Ticks: []Tick{{1, "one"}, {2, "two"}}, Series: []Series{
		{Name: "a series", Line: true, Points: []Interval{{1, 80, 20, 100}, {2, 82, 81, 83}}},
		{Name: "b", Line: true, Dashed: true, Style: 7, Points: []Interval{{1, 70, 69, 71}, {2, 75, 74, 76}}},
	}}
	// One wide interval does not press the others flat: it is cut.
	if low, high := p.span(); low > 69 || high < 83 || high-low > 30 {
		t.Errorf("from %v to %v", low, high)
	}
	if !p.Clipped() {
		t.Error("no bar is said to be cut")
	}
	if low, high := p.sides(); low >= 1 || high <= 2 {
		t.Errorf("sides %v to %v", low, high)
	}
	if a, b := p.apart(0), p.apart(1); !(a[0].X < 1 && b[0].X > 1 && b[0].X-a[0].X < 0.05) || p.Series[0].Points[0].X != 1 {
		t.Errorf("at %v and %v", a[0].X, b[0].X)
	}
	for _, logarithmic := range []bool{false, true} {
		p.LogX, p.LogY = logarithmic, logarithmic
		if low, high := p.span(); logarithmic && (low != 10 || high != 100) {
			t.Errorf("logarithmic from %v to %v", low, high)
		}
		f, err := p.Draw()
		if err != nil {
			t.Fatal(err)
		}
		var svg bytes.Buffer
		if err := f.Write(&svg, "svg"); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{">one<", ">two<", ">a series<", ">b<", ">width<", ">accuracy<", "#0072B2", "#D55E00", "stroke-dasharray"} {
			if !strings.Contains(svg.String(), part) {
				t.Errorf("no %s", part)
			}
		}
	}
	page, err := inlined(t, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range strings.SplitAfter(page, ">") {
		if strings.Contains(tag, "<text") && !strings.Contains(tag, "fill:var(--") {
			t.Errorf("on a dark page it is black: %s", tag)
		}
	}
	p.Series[0].Points[0].Y = math.NaN()
	if _, err := p.Draw(); err == nil {
		t.Error("NaN is drawn")
	}
	if p.crowded() {
		t.Error("two short labels are crowded")
	}
	for range 12 {
		p.Ticks = append(p.Ticks, Tick{3, "128-128-128"})
	}
	if !p.crowded() {
		t.Error("twelve long labels are not crowded")
	}
	for n, want := range map[int]string{0: "⁰", -3: "⁻³", 12: "¹²", -10: "⁻¹⁰"} {
		if got := superscript(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}

func inlined(t *testing.T, p Intervals) (string, error) {
	t.Helper()
	f, err := p.Draw()
	if err != nil {
		t.Fatal(err)
	}
	return f.Inline()
}

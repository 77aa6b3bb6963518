package window

import (
	"context"
	"math"
	"slices"
	"testing"
)

// The gate lets all steps through, none, or as many as N was pressed while it was closed.
func TestGate(t *testing.T) {
	g := newGate()
	ctx, cancel := context.WithCancel(t.Context())
	if n := g.pass(ctx, 7); n != 7 {
		t.Errorf("an open gate passes %d of 7", n)
	}
	g.step() // the first only pauses
	if !g.isPaused() {
		t.Error("N does not pause")
	}
	g.step()
	g.step()
	if a, b := g.pass(ctx, 7), g.pass(ctx, 7); a != 1 || b != 1 {
		t.Errorf("two steps are %d and %d", a, b)
	}
	passed := make(chan int)
	go func() { passed <- g.pass(ctx, 7) }()
	g.toggle()
	if n := <-passed; n != 7 {
		t.Errorf("a gate that opens passes %d of 7", n)
	}
	g.toggle()
	go func() { passed <- g.pass(ctx, 7) }()
	cancel()
	if n := <-passed; n != 0 {
		t.Errorf("Ctrl-C at a closed gate: %d steps", n)
	}
}

// Panels lie inside the window and apart, whatever its size.
func TestPanelsAreApart(t *testing.T) {
	for _, size := range [][2]int{{designW, designH}, {640, 400}, {1919, 1003}, {700, 1400}} {
		list := layOut(size[0], size[1], float32(min(float64(size[0])/designW, float64(size[1])/designH)))
		for i, a := range list {
			if a.x < 0 || a.y < 0 || a.w < 20 || a.h < 10 || a.x+a.w > float32(size[0]) || a.y+a.h > float32(size[1]) {
				t.Errorf("%v: panel %d is %+v", size, i, a)
			}
			for j, b := range list[:i] {
				if a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h {
					t.Errorf("%v: panels %d and %d overlap: %+v and %+v", size, i, j, a, b)
				}
			}
		}
	}
}

// Tiles fit where they go.
func TestTilesFit(t *testing.T) {
	into := rect{w: 380, h: 120}
	for _, c := range [][3]int{{1, 28, 28}, {32, 3, 3}, {64, 14, 14}, {512, 7, 7}, {2048, 3, 3}, {256, 1, 1}, {10, 1, 1}, {1, 784, 256}, {1, 1, 4000}} {
		got := tile(c[0], c[1], c[2], into, 1)
		if got.shown < 1 || got.shown > c[0] || got.width > into.w+0.01 || got.height > into.h+0.01 || got.scale <= 0 {
			t.Errorf("%d tiles of %d×%d: %+v", c[0], c[1], c[2], got)
		}
		if got.scale > 3 && got.scale != float32(math.Trunc(float64(got.scale))) {
			t.Errorf("%d tiles of %d×%d are %v pixels an element", c[0], c[1], c[2], got.scale)
		}
	}
	if got := tile(32, 3, 3, into, 1); got.shown != 32 || got.scale < 5 {
		t.Errorf("32 filters: %+v", got)
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high   float64
		logarithmic bool
		want        []float64
	}{
		{0, 1, false, []float64{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}},
		{0, 12, false, []float64{0, 5, 10}},
		{0.01, 3, true, []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2}},
		{1.2, 2.9, true, []float64{1.5, 2, 2.5}},
	} {
		if got := ticks(c.low, c.high, c.logarithmic); !slices.Equal(got, c.want) {
			t.Errorf("from %v to %v: %v, want %v", c.low, c.high, got, c.want)
		}
	}
	if list := ticks(1, math.Inf(1), true); len(list) != 309 { // 10⁰ to 10³⁰⁸
		t.Errorf("an endless axis has %d ticks", len(list))
	}
	for step, want := range map[int]float64{0: 125, 100: 250, 999: 1000} {
		if got := horizon(step, 1000); got != want {
			t.Errorf("at step %d of 1000 the axis ends at %v, want %v", step, got, want)
		}
	}
}

// The colours of signed values grow lighter evenly, to both sides alike, and text can be
// read on a panel.
func TestColours(t *testing.T) {
	lightness := func(c colour) float64 { // CIE L*
		y := luminance(c)
		return 116*math.Cbrt(y) - 16
	}
	const n = 32
	for i := 1; i <= n; i++ {
		a, b := lightness(signed(float64(i)/n)), lightness(signed(-float64(i)/n))
		if math.Abs(a-b) > 5 {
			t.Errorf("at ±%v the lightness is %.1f and %.1f", float64(i)/n, a, b)
		}
		for _, s := range []float64{1, -1} {
			if d := lightness(signed(s*float64(i)/n)) - lightness(signed(s*float64(i-1)/n)); i > 1 && (d < 1 || d > 4) {
				t.Errorf("at %v the lightness grows by %.2f", s*float64(i)/n, d)
			}
		}
	}
	for name, c := range map[string]struct {
		ink  colour
		want float64
	}{"text": {text, 7}, "dim": {dim, 4.5}, "orange": {orange, 4.5}, "blue": {blue, 4.5}} {
		if got := (luminance(c.ink) + 0.05) / (luminance(panel) + 0.05); got < c.want {
			t.Errorf("%s has a contrast of %.1f, want %v", name, got, c.want)
		}
	}
}

func luminance(c colour) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c[i])
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

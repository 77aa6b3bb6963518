package terminal

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// full is a view of everything there is to see.
func full() View {
	held, accuracy := 0.5, 0.9
	v := View{
		Title: strings.Repeat("title ", 40), Keys: strings.Repeat("key ", 30), Note: "a note",
		Round: 3, Rounds: 30, Part: 0.5, Loss: 0.2, Accuracy: 0.9, Speed: 1e5, Left: time.Minute,
	}
	for i := range 30 {
		v.Points = append(v.Points, Point{1 / float64(i+1), 1 - 1/float64(i+2), &held, &accuracy})
	}
	return v
}

func fixed(width, height int) func() (int, int) {
	return func() (int, int) { return width, height }
}

// Whatever the terminal's size, no line is wider and the drawing not higher.
func TestScreenFits(t *testing.T) {
	for _, size := range [][2]int{{200, 60}, {100, 30}, {80, 24}, {60, 24}, {40, 30}, {40, 20}, {60, 12}, {40, 10}, {20, 5}} {
		for _, title := range []string{strings.Repeat("title ", 40), strings.Repeat("くずし字", 40)} {
			v := full()
			v.Title = title
			var drawn bytes.Buffer
			s := Screen{size: fixed(size[0], size[1]), colour: true, now: time.Now, out: &drawn}
			if s.Draw(v); !strings.HasPrefix(drawn.String(), "\r") { // wherever the cursor was
				t.Errorf("%v: drawn from the cursor on: %q", size, drawn.String()[:40])
			}
			lines := s.lines(v)
			for _, line := range lines {
				if n := Columns(line); n >= size[0] {
					t.Errorf("%v: a line of %d columns: %q", size, n, line)
				}
			}
			if len(lines) > max(size[1]-1, 5) {
				t.Errorf("%v: %d lines", size, len(lines))
			}
			if curves := strings.Contains(strings.Join(lines, "\n"), "accuracy %  "); curves != (size[1] >= 20) {
				t.Errorf("%v: curves %v in %d lines:\n%s", size, curves, len(lines), strings.Join(lines, "\n"))
			}
			if size[1] >= 20 && len(lines) < size[1]-2 {
				t.Errorf("%v: %d lines leave the height unused", size, len(lines))
			}
		}
	}
}

// The time left is told where it is known, and no 0 in its place.
func TestScreenLeft(t *testing.T) {
	for _, c := range []struct {
		view View
		want bool
	}{{View{Part: 0.5, Left: time.Minute}, true}, {View{Part: 0.5}, false}, {View{Part: 1}, true}} {
		s := Screen{size: fixed(100, 30)}
		if got := strings.Contains(strings.Join(s.lines(c.view), "\n"), " left"); got != c.want {
			t.Errorf("%+v: time left told: %v", c.view, got)
		}
	}
}

// What has no room in the line of an epoch is left out whole, the speed first.
func TestScreenNarrow(t *testing.T) {
	v := View{Round: 12, Rounds: 12, Part: 0.5, Speed: 18499, Left: 3 * time.Second}
	for width, want := range map[int]string{30: "epoch 12/12  [████····]  50 %", 40: "epoch 12/12  [████·····]  50 %  3s left", 54: "epoch 12/12  [███···]  50 %  18,499 images/s  3s left"} {
		if got := progress(v, width-1); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}

// A view replaces the one before, and updates that follow each other too fast
// are left out.
func TestScreenRedraws(t *testing.T) {
	now := time.Unix(0, 0)
	var out bytes.Buffer
	s := Screen{size: fixed(100, 30), out: &out, now: func() time.Time { return now }}
	v := View{Title: "a"}
	s.Update(v)
	if !strings.HasPrefix(out.String(), "\ra\r\n") {
		t.Fatalf("drew %q", out.String())
	}
	out.Reset()
	now = now.Add(redraw - 1)
	if s.Update(v); out.Len() != 0 {
		t.Errorf("drew %q at once", out.String())
	}
	now = now.Add(1)
	if s.Update(v); !strings.HasPrefix(out.String(), "\r\x1b[3A\x1b[J") {
		t.Errorf("drew %q, not over the 3 lines before", out.String())
	}
	out.Reset()
	if s.Draw(v); out.Len() == 0 {
		t.Error("Draw waits")
	}
}

// A terminal that has become narrower has wrapped the lines of the drawing, all of
// which the next one replaces.
func TestScreenAfterResize(t *testing.T) {
	width := 100
	var out bytes.Buffer
	s := Screen{size: func() (int, int) { return width, 30 }, now: time.Now, out: &out}
	v := View{Title: strings.Repeat("x", 90), Part: 1}
	s.Draw(v)
	out.Reset()
	width = 40
	rows := 0
	for _, columns := range s.drawn {
		rows += (columns + 39) / 40
	}
	if s.Draw(v); rows < 6 || !strings.HasPrefix(out.String(), fmt.Sprintf("\r\x1b[%dA\x1b[J", rows)) {
		t.Errorf("%d rows are replaced by %q", rows, out.String()[:20])
	}
}

// The x axis counts epochs, and the y axis has round values at their place.
func TestChart(t *testing.T) {
	c := chart{heading: "loss", unit: "epoch", curves: []curve{{values: []float64{1, 0.5, 0, 0.5, 1}, gap: 1}}, xs: []float64{1, 2, 3, 4, 5}}
	c.span()
	want := strings.Split(`loss
1.0 ┤⠱⡀            ⢀⠎
    │ ⠈⢆          ⡰⠁
0.5 ┤   ⠱⡀      ⢀⠎
    │    ⠘⢄    ⢠⠃
    │     ⠈⢢  ⡠⠃
0.0 ┤       ⠱⡰⠁
     1        epoch 5`, "\n")
	for i, line := range c.lines(21, 8) {
		if got := strings.TrimRight(line, " "); i >= len(want) || got != want[i] {
			t.Errorf("line %d: %q", i, got)
		}
	}
	// Values of no range, of a vast one, and none at all, have a chart too, with an axis
	// that can be read.
	for _, values := range [][]float64{{3, 3}, {0, 0}, {math.NaN(), math.NaN()}, {math.Inf(1), 1}, {16, 89}, {5, 3e38}, {1e-12, 2}} {
		c := chart{curves: []curve{{values: values, gap: 1}}, xs: []float64{1, 2}}
		c.span()
		for _, height := range []int{6, 8} {
			lines := c.lines(leastWidth, height)
			if text := strings.Join(lines, "\n"); len(lines) != height || strings.Count(text, "┤") < 2 || Columns(lines[1]) > leastWidth {
				t.Errorf("%v: %d lines\n%s", values, len(lines), text)
			}
		}
	}
}

// Without colours, no colour is used and the two curves still differ.
func TestScreenColours(t *testing.T) {
	for _, colour := range []bool{true, false} {
		s := Screen{size: fixed(120, 30), colour: colour}
		text := strings.Join(s.lines(full()), "\n")
		if strings.Contains(text, "\x1b[") != colour {
			t.Errorf("colour %v: escape sequences in %q", colour, text)
		}
		if dotted := strings.Contains(text, "┅┅ val"); dotted == colour {
			t.Errorf("colour %v: the legend says otherwise:\n%s", colour, text)
		}
	}
	for value, want := range map[string]bool{"": true, "1": false} {
		t.Setenv("NO_COLOR", value)
		if got := (&Terminal{}).Colour(); got != want {
			t.Errorf("NO_COLOR=%q: colours %v", value, got)
		}
	}
}

// What others wrote into a title or a note acts on no terminal.
func TestScreenEscapes(t *testing.T) {
	s := Screen{size: fixed(200, 30)}
	v := View{Title: "a\x1b[2J\nb", Note: "c\u009bd\r"}
	for _, line := range s.lines(v) {
		if strings.ContainsAny(line, "\x1b\n\r\u009b") {
			t.Errorf("%q", line)
		}
	}
}

func TestCrop(t *testing.T) {
	for _, c := range []struct {
		line  string
		width int
		want  string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"おか", 3, "お"}, {"おか", 4, "おか"}, {"e\u0301f", 1, "e\u0301"},
		{"\x1b[34mabcd\x1b[0m", 2, "\x1b[34mab\x1b[0m"}, {"\x1b[34mab\x1b[0m", 2, "\x1b[34mab\x1b[0m"}, {"", 0, ""}, {"a", 0, ""},
	} {
		if got := crop(c.line, c.width); got != c.want {
			t.Errorf("%q cropped to %d is %q, want %q", c.line, c.width, got, c.want)
		}
	}
}

package terminal

import (
	"math"
	"strings"
	"testing"
)

func TestRates(t *testing.T) {
	var rates, losses []float64
	for i := range 200 {
		x := float64(i) / 199 * 4
		rates, losses = append(rates, math.Pow(10, x-4)), append(losses, 2-x/4)
	}
	losses[199] = 1e9 // what explodes does not press the rest flat
	chart := Rates(rates, losses, 80, 10)
	lines := strings.Split(strings.TrimRight(chart, "\n"), "\n")
	axis := lines[len(lines)-1]
	for _, label := range []string{"0.0001", "0.001", "0.01", "0.1", "1"} {
		if !strings.Contains(axis, label) {
			t.Errorf("no %s in %q", label, axis)
		}
	}
	if len(lines) < 10 || strings.Contains(chart, "000.") || !strings.Contains(chart, "2.") {
		t.Errorf("\n%s", chart)
	}
	for _, line := range lines {
		if n := len([]rune(line)); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for line := range strings.Lines(Rates(rates, losses, 39, 10)) {
		if n := Columns(strings.TrimSuffix(line, "\n")); n > 39 {
			t.Errorf("%d columns of 39: %s", n, line)
		}
	}
	if Rates(rates[:1], losses[:1], 80, 10) != "" {
		t.Error("a chart of one rate")
	}
}

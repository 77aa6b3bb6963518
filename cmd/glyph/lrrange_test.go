package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/train"
)

// A range test draws its curve on the terminal and in a file, and suggests a rate at
// which the network learns.
func TestRangeTest(t *testing.T) {
	data, out := tinyData(t), filepath.Join(t.TempDir(), "range")
	args := []string{"sweep", "lr-range", "--data", data, "--backend", "cpu", "--model", "mlp", "--hidden", "16", "--batch", "16", "--out", out}
	text := swept(t, args...)
	for _, part := range []string{"loss over the learning rate", "┤", "0.001", "suggested      --lr ", "lr-range.svg"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	if svg := string(read(t, filepath.Join(out, rangePlot))); !strings.Contains(svg, "learning rate") || !strings.Contains(svg, "suggested") {
		t.Errorf("the plot: %.300s", svg)
	}
	kept := read(t, filepath.Join(out, rangeFile))
	var c train.RateCurve
	if err := json.Unmarshal(kept, &c); err != nil {
		t.Fatal(err)
	}
	if c.Points[0].Rate > 1.1e-5 || !(c.Lowest > 1e-3) || c.Suggested != c.Lowest/4 {
		t.Errorf("suggested %v, lowest %v, diverged %t, from %v", c.Suggested, c.Lowest, c.Diverged, c.Points[0])
	}
	printed, errOut, status := runGlyph(t, append(args, "--json")...)
	if status != 0 || printed != string(kept) || !strings.Contains(errOut, "suggested") {
		t.Errorf("--json: status %d, %.200q, %s", status, printed, errOut)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--from", "0"}, "must rise from a number above 0"},
		{[]string{"--from", "1", "--to", "0.1"}, "must rise"},
		{[]string{"--steps", "3"}, "from 20 to 100,000 steps, not 3"},
		{[]string{"--lr", "0.1"}, "unknown flag: --lr"},
		{[]string{"--from", "1e-30", "--to", "1e-29"}, "the loss falls at no learning rate"},
		{[]string{"--batch", "0"}, "--batch must be at least 1"},
		{[]string{"--data", "none-such"}, "--data"},
	} {
		bad := filepath.Join(t.TempDir(), "bad")
		_, errOut, status := runGlyph(t, but(args, append(c.args, "--out", bad)...)...)
		if status != 1 || !strings.Contains(errOut, c.says) || strings.Count(strings.TrimSpace(errOut), "\n") != 0 {
			t.Errorf("%v: status %d, %q, want %q", c.args, status, errOut, c.says)
		}
		if _, err := os.Stat(filepath.Join(bad, rangeFile)); err == nil {
			t.Errorf("%v: it left a result", c.args)
		}
	}
}

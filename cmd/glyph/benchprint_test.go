package main

import (
	"regexp"
	"strings"
	"testing"

	"glyph"
	"glyph/backendtest/timing"
)

// The tiles of products stand in a table, where there is a choice.
func TestBenchShowsTiles(t *testing.T) {
	var out strings.Builder
	if printTiles(&out, nil); out.Len() > 0 {
		t.Error(out.String())
	}
	printTiles(&out, []glyph.TileChoice{{Product: "dense.comp 16×256×784 ACT=1", Tile: "32x32 by 4x4", Parts: 3, How: "measured"}})
	if !regexp.MustCompile(`ACT=1 +32x32 by 4x4 +3 +measured\n`).MatchString(out.String()) {
		t.Error(out.String())
	}
}

// What memory bounds stands beside a copy where one was measured; without any, the
// table has no column for it.
func TestBenchShowsCopies(t *testing.T) {
	ops := []timing.Operation{
		{Model: "vgg", Batch: 64, Op: "Conv2D", Shape: "conv", Seconds: 1e-3, GFLOPS: 200, GBytes: 3.25, Roofline: 0.875},
		{Model: "vgg", Batch: 64, Op: "BatchNorm2D", Shape: "norm", Seconds: 1e-3, GBytes: 31.5, CopyGBytes: 42.5},
	}
	for n, want := range map[int][]string{
		1: {`time +GFLOP/s +GB/s +of the roofline\n`, `Conv2D +conv +1ms +200 +3.25 +87.5 %\n`},
		2: {`GB/s +GB/s of a copy +of the roofline\n`, `Conv2D +conv +1ms +200 +3.25 +- +87.5 %\n`, `BatchNorm2D +norm +1ms +- +31.5 +42.5 +-\n`},
	} {
		var out strings.Builder
		printOps(&out, ops[:n], true)
		for _, line := range want {
			if !regexp.MustCompile(line).MatchString(out.String()) {
				t.Errorf("no %q in\n%s", line, out.String())
			}
		}
	}
}

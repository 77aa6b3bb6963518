package main

import (
	"regexp"
	"strings"
	"testing"

	"glyph/backendtest/timing"
)

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

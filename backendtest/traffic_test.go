package backendtest

import (
	"testing"

	"glyph"
)

// Batch normalisation reads x twice, and its gradient everything: what the benchmark
// takes for the bytes that are moved.
func TestTrafficOfBatchNormalisation(t *testing.T) {
	x := glyph.Shape{64, 28, 28, 24}
	one, channels := 4*int64(x.Size()), 4*int64(x[3])
	relu, usual := glyph.Activation{Kind: glyph.ReLU}, glyph.DefaultBatchNorm()
	for _, c := range []struct {
		c    *Case
		want int64 // of channels: an array that is read or written, twice if it is updated
	}{
		{BatchNorm2DCase(x, usual, relu), 3*one + 8*channels},
		{BatchNorm2DInferenceCase(x, usual, relu), 2*one + 4*channels},
		{BatchNorm2DBackwardCase(x, relu, "dx", "dgamma", "dbeta"), 7*one + 5*channels},
		{BatchNorm2DBackwardCase(x, relu, "dgamma"), 3*one + 4*channels},
		{CopyCase(x), 2 * one},
	} {
		if got := c.c.traffic(); got != c.want {
			t.Errorf("%v moves %d bytes, want %d", c.c, got, c.want)
		}
	}
}

//go:build cgo

package gpu

import (
	"math"
	"testing"

	"glyph"
)

// openFused is open for records that are compiled however often they are repeated.
func openFused(t *testing.T) *Backend {
	t.Helper()
	b := open(t)
	b.fuses, b.fuseFrom = true, 2
	return b
}

// equalBits fails unless both are the same numbers.
func equalBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

func TestFusedMLP(t *testing.T) {
	var want [2][]float32
	for i, fuse := range []bool{false, true} {
		b := openFused(t)
		b.fuses = fuse
		tr := mlp(b, 16)
		tr.rule = glyph.NewOptimizer(glyph.AdamW)
		b.Repeat(5, tr.step)
		log, w := tr.result(t)
		if i == 0 {
			want = [2][]float32{log, w}
			continue
		}
		equalBits(t, "log", log, want[0])
		equalBits(t, "weights", w, want[1])
		t.Log(log[:12])
		for _, p := range b.programs {
			t.Log(p.name())
		}
	}
}

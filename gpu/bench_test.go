//go:build cgo

package gpu

import (
	"fmt"
	"testing"

	"glyph"
	"glyph/backendtest/suite"
)

// BenchmarkLayers times the layers of the presets.
func BenchmarkLayers(b *testing.B) {
	suite.Benchmark(b, func(t testing.TB) glyph.Backend { return open(t) })
}

// BenchmarkSGEMM is a square product in each kind of tile.
func BenchmarkSGEMM(b *testing.B) {
	for _, n := range []int{512, 4096} {
		for _, tl := range tiles {
			b.Run(fmt.Sprintf("%d/%dx%d", n, tl.bm, tl.bn), func(b *testing.B) {
				g := open(b)
				if n > 512 && g.Software() {
					b.Skip("on software this takes minutes")
				}
				s := glyph.Shape{n, n}
				y, x, w := glyph.NewTensor(g, s), glyph.NewTensor(g, s), glyph.NewTensor(g, s)
				g.forceTile = tl
				bench(b, g, func() { g.Dense(y, x, w, glyph.Tensor{}, glyph.Activation{}) })
				b.ReportMetric(2*float64(n*n*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

// BenchmarkStep is a whole training step, recorded.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct {
		name  string
		batch int
		make  func(glyph.Backend, int) *trainer
	}{
		{"mlp", 16, mlp}, {"mlp", 128, mlp},
		{"cnn", 128, func(g glyph.Backend, batch int) *trainer { return cnn(g, batch, [3]int{32, 64, 64}) }},
	} {
		b.Run(fmt.Sprintf("%s/%d", c.name, c.batch), func(b *testing.B) {
			g := open(b)
			bench(b, g, c.make(g, c.batch).step)
			b.ReportMetric(float64(c.batch*b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}

// bench times f, repeated, after a first round that compiles.
func bench(b *testing.B, g *Backend, f func()) {
	f()
	if err := g.Sync(); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	g.Repeat(b.N, f)
	if err := g.Sync(); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
}

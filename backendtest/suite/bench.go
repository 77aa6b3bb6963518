package suite

import (
	"strings"
	"testing"

	"glyph"
	"glyph/backendtest"
)

// peaked is a backend on a processor whose peak can be measured between
// benchmarks, in operations a second.
type peaked interface{ MeasurePeak(rounds int) float64 }

// Benchmark times the cases that are layers of the presets, recorded by Repeat
// as in training: arithmetic in GFLOP/s, or memory in MB/s where an operation
// does little else than move it. open makes a new backend; Benchmark closes it.
func Benchmark(b *testing.B, open func(t testing.TB) glyph.Backend) {
	for _, c := range backendtest.Cases() {
		if !c.Layer {
			continue
		}
		b.Run(c.Op+"/"+strings.ReplaceAll(c.Name, " ", "_"), func(b *testing.B) {
			backend := open(b)
			defer func() {
				if err := backend.Close(); err != nil {
					b.Error(err)
				}
			}()
			op := backendtest.Place(backend, c)
			again := func() { op.Again(backend) }
			again() // programs are built, scratch memory has grown
			if err := backend.Sync(); err != nil {
				b.Fatal(err)
			}
			if c.FLOPs == 0 {
				b.SetBytes(op.Bytes())
			}
			b.ReportAllocs()
			b.ResetTimer()
			backend.Repeat(b.N, again)
			if err := backend.Sync(); err != nil {
				b.Fatal(err)
			}
			if c.FLOPs > 0 {
				speed := c.FLOPs * float64(b.N) / b.Elapsed().Seconds()
				b.ReportMetric(speed/1e9, "GFLOP/s")
				if p, ok := backend.(peaked); ok && b.N > 1 {
					if peak := p.MeasurePeak(5); peak > 0 {
						b.ReportMetric(100*speed/peak, "%peak")
					}
				}
			}
		})
	}
}

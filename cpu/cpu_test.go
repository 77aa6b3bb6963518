package cpu_test

import (
	"testing"

	"glyph"
	"glyph/backendtest"
	"glyph/cpu"
)

var _ glyph.Float64 = cpu.Oracle{}

func float32Backend(testing.TB) glyph.Backend { return cpu.New[float32](2) }

func TestFloat32(t *testing.T) { backendtest.Run(t, float32Backend) }

func TestFloat64(t *testing.T) {
	backendtest.Run(t, func(testing.TB) glyph.Backend { return cpu.NewOracle(2) })
}

func BenchmarkFloat32(b *testing.B) { backendtest.Benchmark(b, float32Backend) }

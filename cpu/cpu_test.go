package cpu_test

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"glyph"
	"glyph/backendtest/suite"
	"glyph/cpu"
)

var _ glyph.Float64 = cpu.Oracle{}

func float32Backend(testing.TB) glyph.Backend { return cpu.New[float32](2) }

// eachKernel runs f with every kind of vector kernels, and with none.
func eachKernel(t *testing.T, f func(t *testing.T)) {
	for _, name := range append(cpu.Kernels(), "none") {
		t.Run(name, func(t *testing.T) {
			t.Setenv(cpu.KernelsVariable, name)
			f(t)
		})
	}
}

// kinds are backends with every kind of vector kernels, and with none, of float32 and of
// float64; under -short, with the race detector, not of float64, which has the same code.
func kinds() (list []suite.Kind) {
	for _, name := range append(cpu.Kernels(), "none") {
		with := func(open func() glyph.Backend) func(testing.TB) glyph.Backend {
			return func(t testing.TB) glyph.Backend {
				t.Setenv(cpu.KernelsVariable, name)
				return open()
			}
		}
		list = append(list, suite.Kind{Name: name + ", float32", Open: with(func() glyph.Backend { return cpu.New[float32](2) })})
		if !testing.Short() {
			list = append(list, suite.Kind{Name: name + ", float64", Open: with(func() glyph.Backend { return exact(2) })})
		}
	}
	return list
}

// Backends are held to the specification with all kernels, and so is the oracle.
func TestConformance(t *testing.T) {
	suite.RunEach(t, append(kinds(), suite.Kind{Name: "oracle", Open: func(testing.TB) glyph.Backend { return cpu.NewOracle(2) }})...)
}

// exact is a float64 backend on the kernels, to be read without rounding.
func exact(workers int) cpu.Oracle { return cpu.Oracle{Backend: cpu.New[float64](workers)} }

// The oracle computes on gonum, whatever the build and the processor have.
func TestOracleIsPlain(t *testing.T) {
	if name := cpu.NewOracle(1).Name(); !strings.Contains(name, "gonum") {
		t.Errorf("the oracle is %s", name)
	}
}

// A processor that has vector instructions uses them, in every build.
func TestKernelIsChosen(t *testing.T) {
	t.Setenv(cpu.KernelsVariable, "")
	want := "gonum"
	if names := cpu.Kernels(); len(names) > 0 {
		want = names[0] + " assembly"
	}
	if got := cpu.Kernel(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if why := cpu.Plain(); (why == "") != (want != "gonum") {
		t.Errorf("computes with %s because %q", want, why)
	}
	if os.Getenv("CI") != "" && runtime.GOARCH == "amd64" && want == "gonum" {
		t.Errorf("CI has nothing to test the kernels on: %s", cpu.Plain())
	}
	t.Setenv(cpu.KernelsVariable, "none")
	if got := cpu.Kernel(); got != "gonum" {
		t.Errorf("%s with the kernels off", got)
	}
	if why := cpu.Plain(); len(cpu.Kernels()) > 0 && why != cpu.KernelsVariable+" is none" {
		t.Errorf("plain because %q", why)
	}
	if b := cpu.NewGonum[float32](1); b.Kernel() != "gonum" || b.Arithmetic() != "gonum" {
		t.Errorf("NewGonum computes with %s", b.Kernel())
	}
}

func BenchmarkFloat32(b *testing.B) { suite.Benchmark(b, float32Backend) }

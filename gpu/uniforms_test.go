//go:build cgo

package gpu

import (
	"slices"
	"strings"
	"testing"

	"glyph"
)

// A program that is run again after another one computes with the uniforms of now, and not
// with those of a run before, as zink over a processor has it where uniforms aren't hidden.
// Hidden ones, which other drivers don't need, are uniforms all the same.
func TestProgramThatComesBackHasItsUniforms(t *testing.T) {
	const most = 40
	ones := slices.Repeat([]float32{1}, 4*most)
	for _, hidden := range []bool{false, true} {
		b := open(t)
		if hidden {
			b.device.Renderer = "zink over " + b.device.Renderer
		}
		if hidden && !b.device.Software { // a hardware GPU, whose uniforms never are
			continue
		}
		from, to := glyph.NewTensor(b, glyph.Shape{4}), glyph.NewTensor(b, glyph.Shape{4})
		b.Write(from, ones[:4])
		programs := map[*program]bool{}
		for round, in := range []int{8, 8, 16, 16, most, 8, most} {
			x, w := glyph.NewTensor(b, glyph.Shape{4, in}), glyph.NewTensor(b, glyph.Shape{4, in})
			y := glyph.NewTensor(b, glyph.Shape{4, 4})
			b.Write(x, ones[:4*in])
			b.Write(w, ones[:4*in])
			b.Dense(y, x, w, glyph.Tensor{}, glyph.Activation{})
			programs[b.launch.program] = true
			b.Copy(to, from) // another program
			got := make([]float32, 16)
			if err := b.Read(got, y); err != nil {
				t.Fatal(err)
			}
			if i := slices.IndexFunc(got, func(v float32) bool { return v != float32(in) }); i >= 0 {
				t.Fatalf("hidden %t, run %d: element %d of a product of %d ones is %g", hidden, round, i, in, got[i])
			}
		}
		if len(programs) != 1 {
			t.Errorf("these are %d programs, where the test means one", len(programs))
		}
	}
}

// What is read in fours by one program and element by element by the next, of the same
// buffer, is read rightly by both, and what both write goes to its place. zink takes a
// buffer's texture of one format for that of the other where they are of one length; and
// in Mesa 22.3.6 a range of a buffer for the one that was bound before.
func TestBufferIsReadInFoursAndOneByOne(t *testing.T) {
	b := open(t)
	type product struct {
		y, x, w glyph.Tensor
		want    []float32
	}
	var products []product
	for round, in := range []int{8, 7, 8, 5} {
		p := product{glyph.NewTensor(b, glyph.Shape{4, 4}), glyph.NewTensor(b, glyph.Shape{4, in}), glyph.NewTensor(b, glyph.Shape{4, in}), make([]float32, 16)}
		values := make([]float32, 4*in)
		for i := range values {
			values[i] = float32(i + round)
		}
		for i := range p.want {
			for k := range in {
				p.want[i] += values[i/4*in+k] * values[i%4*in+k]
			}
		}
		b.Write(p.x, values)
		b.Write(p.w, values)
		products = append(products, p)
	}
	for range 2 { // the second time nothing has to be compiled in between
		for _, p := range products {
			b.Dense(p.y, p.x, p.w, glyph.Tensor{}, glyph.Activation{})
		}
		for _, p := range products {
			got := make([]float32, len(p.want))
			if err := b.Read(got, p.y); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, p.want) {
				t.Fatalf("products of %v are %v, want %v", p.x.Shape, got, p.want)
			}
		}
	}
}

// zink is a driver of its own. These are cases that it got wrong, and that Mesa 22.3.6's
// gets right now; the whole suite, for newer ones, takes minutes: make gpu-stacks.
func TestZinkOverLavapipe(t *testing.T) {
	t.Parallel()
	b := open(t)
	if !strings.Contains(b.Device().Version, "Mesa") {
		cannot(t, "this is not Mesa, which has zink")
	}
	out, err := inAnotherProcess(t, "^TestDevices$|^TestProgramThatComesBackHasItsUniforms$|^TestConformance$/^cases$/^DenseBackward$/_relu_dx_dw_db$",
		"GALLIUM_DRIVER=zink", "MESA_LOADER_DRIVER_OVERRIDE=zink")
	if !strings.Contains(out, ": zink ") {
		cannot(t, "there is no zink over lavapipe: the package mesa-vulkan-drivers has lavapipe")
	}
	if err != nil || strings.Contains(out, "no tests to run") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestMixesUniforms(t *testing.T) {
	for _, c := range []struct {
		renderer, setting string
		want              bool
	}{
		{"llvmpipe (LLVM 19.1.7, 256 bits)", "", false},
		{"zink Vulkan 1.4(llvmpipe (LLVM 19.1.7, 256 bits) (MESA_LLVMPIPE))", "", true},
		{"zink Vulkan 1.4(NVIDIA GeForce RTX 4090 (NVK AD102) (MESA_NVK))", "", false},
		{"zink Vulkan 1.4(NVIDIA GeForce RTX 4090 (NVK AD102) (MESA_NVK))", "1", true},
		{"AMD Radeon RX 7900 XTX (radeonsi, navi31, LLVM 19.1.7, DRM 3.61)", "1", false},
	} {
		t.Setenv("ZINK_INLINE_UNIFORMS", c.setting)
		if d := (Device{Renderer: c.renderer, Software: isSoftware(c.renderer)}); d.mixesUniforms() != c.want {
			t.Errorf("%s with ZINK_INLINE_UNIFORMS=%s: %t", c.renderer, c.setting, !c.want)
		}
	}
}

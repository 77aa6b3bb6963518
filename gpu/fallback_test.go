//go:build cgo

package gpu

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/shaders"
)

// A step whose fused programs the driver can't build goes on operation by operation,
// with the same bits and one line that says so, whichever of them it is.
func TestFusedProgramsThatAreRefused(t *testing.T) {
	t.Parallel()
	c := fuseCases()[0]
	var asked []string // of the fused programs
	train := func(fused bool, refuse func(*program) bool) (map[string][]float32, string) {
		t.Helper()
		b := openFused(t)
		var said bytes.Buffer
		b.warnings, b.refuse = &said, refuse
		b.fuses, b.forceTile, b.forceSkinny = fused, tiles[len(tiles)-1], true
		s := newTraining(t, b, c.in, c.graph, c.batch, c.rule)
		for range 2 {
			b.Repeat(4, s.step)
		}
		return s.state(t), said.String()
	}
	want, _ := train(false, func(p *program) bool {
		asked = append(asked, p.kernel.file)
		return false
	})
	plain := slices.Clone(asked)
	fused, said := train(true, func(p *program) bool {
		asked = append(asked, p.kernel.file)
		return false
	})
	sameBits(t, "fused", fused["weights"], want["weights"])
	if said != "" {
		t.Errorf("nothing is refused, and it says %q", said)
	}
	tried := 0
	for i, file := range asked {
		if slices.Contains(plain, file) || slices.Index(asked, file) != i {
			continue
		}
		tried++
		got, said := train(true, func(p *program) bool { return p.kernel.file == file })
		for name := range want {
			sameBits(t, "without "+file+": "+name, got[name], want[name])
		}
		if strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "warning: the driver can't build "+file) {
			t.Errorf("without %s it says %q", file, said)
		}
	}
	if tried < 2 {
		t.Errorf("%v was asked for, and %v without compiling the step", asked, plain)
	}
}

// A program that was refused in a compiled step is built in a plainer variant where an
// operation asks for it by itself.
func TestRefusedInAStepOnly(t *testing.T) {
	t.Parallel()
	b := openFused(t)
	var said bytes.Buffer
	b.warnings, b.forceTile, b.forceSkinny = &said, &tile{16, 16, 4, 4, true, false, 1}, true
	tensor := func(s glyph.Shape) glyph.Tensor {
		x := glyph.NewTensor(b, s)
		v := make([]float32, x.Size())
		for i := range v {
			v[i] = float32(i%7) - 2
		}
		b.Write(x, v)
		return x
	}
	c := fuseCases()[2]
	s := newTraining(t, b, c.in, c.graph, c.batch, c.rule)
	refused := 0
	b.refuse = func(p *program) bool {
		data := p.kernel == denseBackward && slices.Contains(p.defines, shaders.Define{Name: "DATA", Value: 1}) &&
			slices.Contains(p.defines, shaders.Define{Name: "WEIGHTS", Value: 0})
		refused += one(data && refused == 0)
		return data && refused == 1 && said.Len() == 0
	}
	b.Repeat(4, s.step)
	dx, dy, x, w := glyph.NewTensor(b, glyph.Shape{40, 20}), tensor(glyph.Shape{40, 66}), tensor(glyph.Shape{40, 20}), tensor(glyph.Shape{66, 20})
	act := glyph.Activation{Kind: glyph.ReLU}
	b.DenseBackward(dx, glyph.Tensor{}, glyph.Tensor{}, dy, dy, x, w, act)
	got := make([]float32, dx.Size())
	if err := b.Read(got, dx); err != nil {
		t.Fatal(err)
	}
	if refused == 0 || said.Len() == 0 {
		t.Fatal("no step has asked for it")
	}
	for i, v := range got {
		if v != 0 {
			return
		}
		if i == len(got)-1 {
			t.Error("it was not computed")
		}
	}
}

// Products whose programs the driver refuses have the same bits in every plainer variant,
// and the first error where there is none.
func TestPlainerVariants(t *testing.T) {
	t.Parallel()
	b := openWith(t, Options{})
	small, fixed := tiles[3], true
	tensor := func(s glyph.Shape) glyph.Tensor {
		x, v := glyph.NewTensor(b, s), make([]float32, s.Size())
		for i := range v {
			v[i] = float32(i%13)/13 - 0.4
		}
		b.Write(x, v)
		return x
	}
	x, w, bias := tensor(glyph.Shape{2, 6, 5, 8}), tensor(glyph.Shape{16, 3, 3, 8}), tensor(glyph.Shape{16})
	y := glyph.NewTensor(b, glyph.Shape{2, 6, 5, 16})
	b.forceTile, b.forceFixed = small, &fixed
	var want []float32
	for refused := range 4 { // times
		var said bytes.Buffer
		times := 0
		clear(b.programs)
		b.warned, b.warnings = false, &said
		b.refuse = func(*program) bool { times++; return times <= refused }
		b.Conv2D(y, x, w, bias, glyph.Conv{Stride: 1, Pad: 1}, glyph.Activation{Kind: glyph.ReLU})
		got := make([]float32, y.Size())
		if err := b.Read(got, y); err != nil {
			t.Fatal(err)
		}
		if refused == 0 {
			want = got
		}
		sameBits(t, fmt.Sprint("variant ", refused), got, want)
		if strings.Count(said.String(), "\n") != one(refused > 0) || times != refused+1 {
			t.Errorf("variant %d, after %d: %q", refused, times, said.String())
		}
	}
	clear(b.programs)
	b.refuse = func(*program) bool { return true }
	square := glyph.NewTensor(b, glyph.Shape{4, 4})
	b.Dense(glyph.NewTensor(b, glyph.Shape{4, 4}), square, square, glyph.Tensor{}, glyph.Activation{})
	wantError(t, b.Sync(), "dense.comp THREADS=", "does not compile")
	b.err = nil
}

// Variants ask for less and less, and never for more invocations than there may be.
func TestPlainerDefines(t *testing.T) {
	b, err := Open(Options{Dry: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close() //nolint:errcheck // it has nothing
	v := values{tileValues: 1, 1, 1, 1}
	tiles[0].put(&v)
	asks := b.program(dense, v)
	list := plainer(asks.defines, 1024)
	if len(list) < 2 {
		t.Fatalf("%d variants", len(list))
	}
	results := math.MaxInt
	for _, defines := range list {
		of := map[string]int{}
		for _, d := range defines {
			of[d.Name] = d.Value
		}
		if of["THREADS"] > 1024 || of["THREADS"]*of["TM"]*of["TN"] != of["BM"]*of["BN"] || of["TM"]*of["TN"] > results {
			t.Errorf("%v", defines)
		}
		results = of["TM"] * of["TN"]
	}
	if l := plainer(b.program(copyKernel, values{128, 1}).defines, 1024); l != nil {
		t.Errorf("a copy has %v", l)
	}
}

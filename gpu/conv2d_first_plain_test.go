//go:build cgo

package gpu

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/shaders"
)

var plainDefine = shaders.Define{Name: "PLAIN", Value: 1}

// Where the driver refuses the kernels for one channel, plain variants give the same bits,
// forward and backward, whatever the sums are: in one part and in many, of many filters and
// few, added up by many invocations and by few.
func TestFirstConvolutionIsRefused(t *testing.T) {
	t.Parallel()
	b := open(t)
	var said bytes.Buffer
	b.warnings = &said
	r := glyph.NewRand(7, glyph.StreamTest, 3)
	cases := []struct {
		x, w glyph.Shape
		c    glyph.Conv
	}{
		{glyph.Shape{2, 15, 8, 1}, glyph.Shape{68, 2, 2, 1}, glyph.Conv{Stride: 2, Pad: 1}},
		{glyph.Shape{1, 7, 9, 1}, glyph.Shape{8, 3, 1, 1}, glyph.Conv{Stride: 1}},
	}
	var results [2][][]float32
	for i := range results {
		r := *r
		if i == 1 {
			clear(b.programs)
			b.refuse = func(p *program) bool {
				return slices.Contains(p.kernel.defines, "PLAIN") && !slices.Contains(p.variant, plainDefine)
			}
		}
		for _, c := range cases {
			shape, err := c.c.Shape(c.x, c.w)
			if err != nil {
				t.Fatal(err)
			}
			tensor := func(s glyph.Shape) glyph.Tensor {
				x, v := glyph.NewTensor(b, s), make([]float32, s.Size())
				for j := range v {
					v[j] = float32(r.Float64()*2 - 1)
				}
				b.Write(x, v)
				return x
			}
			act := glyph.Activation{Kind: glyph.ReLU}
			x, w, bias, y, dy := tensor(c.x), tensor(c.w), tensor(glyph.Shape{c.w[0]}), tensor(shape), tensor(shape)
			for _, software := range []bool{true, false} {
				b.device.Software = software
				dw, db := glyph.NewTensor(b, c.w), glyph.NewTensor(b, glyph.Shape{c.w[0]})
				b.Conv2D(y, x, w, bias, c.c, act)
				b.Conv2DBackward(glyph.Tensor{}, dw, db, dy, y, x, w, c.c, act)
				for _, x := range [...]glyph.Tensor{y, dw, db} {
					v := make([]float32, x.Size())
					if err := b.Read(v, x); err != nil {
						t.Fatal(err)
					}
					results[i] = append(results[i], v)
				}
			}
		}
	}
	for i, want := range results[0] {
		sameBits(t, fmt.Sprint("result ", i), results[1][i], want)
	}
	if strings.Count(said.String(), "\n") != 1 || !strings.HasPrefix(said.String(), "warning: the driver can't build conv2d_first") {
		t.Errorf("it says %q", said.String())
	}
	for _, p := range b.programs {
		if slices.Contains(p.kernel.defines, "PLAIN") && !slices.Contains(p.variant, plainDefine) {
			t.Errorf("%s is not plain", p.name())
		}
	}
	if !usesKernel(b, conv2dFirst) || !usesKernel(b, conv2dFirstBackward) {
		t.Error("no kernel for one channel was used")
	}
}

// A step whose kernels gather is done operation by operation, with the same bits, where the
// driver refuses them, and in plain kernels where it refuses all for one channel.
func TestGatheringIsRefused(t *testing.T) {
	t.Parallel()
	c := fuseCases()[4]
	train := func(refuse func(*program) bool) (map[string][]float32, string) {
		t.Helper()
		b := openFused(t)
		var said bytes.Buffer
		b.warnings, b.refuse = &said, refuse
		s := newTraining(t, b, c.in, c.graph, c.batch, c.rule)
		if refuse != nil && fusedIn(b, s.step).gathered != 2 {
			t.Error("no kernel gathers")
		}
		b.fuses = refuse != nil
		b.Repeat(4, s.step)
		return s.state(t), said.String()
	}
	want, _ := train(nil)
	for name, refuse := range map[string]func(*program) bool{
		"gathering": func(p *program) bool {
			return slices.Contains(p.defines, shaders.Define{Name: "GATHER", Value: 1})
		},
		"one channel": func(p *program) bool {
			return slices.Contains(p.kernel.defines, "PLAIN") && !slices.Contains(p.variant, plainDefine)
		},
	} {
		got, said := train(refuse)
		for what := range want {
			sameBits(t, name+": "+what, got[what], want[what])
		}
		if strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "warning: the driver can't build conv2d_first") {
			t.Errorf("%s: it says %q", name, said)
		}
	}
}

//go:build cgo

package gpu

import (
	"regexp"
	"slices"
	"testing"

	"glyph"
	"glyph/backendtest"
	"glyph/shaders"
)

// Where operands are bound and uniforms set is written once, as the order of a
// kernel's names: the shader takes each by its name, all of them, and no other.
func TestKernelsAndShadersAgree(t *testing.T) {
	name := regexp.MustCompile(`\b(BINDING|UNIFORM)_(\w+)`)
	files := map[string]bool{}
	for _, k := range kernels {
		files[k.file] = true
		source, err := shaders.Expand(k.file, nil)
		if err != nil {
			t.Fatal(err)
		}
		used := map[string][]string{}
		for _, m := range name.FindAllStringSubmatch(source.Text, -1) {
			if kind, name := m[1], m[2]; !slices.Contains(used[kind], name) && name != "base" && name != "first" {
				used[kind] = append(used[kind], name)
			}
		}
		for kind, given := range map[string][]string{"BINDING": k.operands, "UNIFORM": k.uniforms} {
			for _, name := range used[kind] {
				if !slices.Contains(given, name) {
					t.Errorf("%s uses %s_%s, which it is not given", k.file, kind, name)
				}
			}
			for _, name := range given {
				if !slices.Contains(used[kind], name) {
					t.Errorf("%s is given %s_%s and does not use it", k.file, kind, name)
				}
			}
		}
	}
	for _, file := range shaders.Names() {
		if !files[file] {
			t.Errorf("no kernel is made of %s", file)
		}
	}
}

// A launch that gives too much or too little is a programmer's mistake.
func TestLaunchCounts(t *testing.T) {
	b := open(t)
	x := glyph.NewTensor(b, glyph.Shape{4})
	for name, give := range map[string]func(l *launch){
		"an operand too few":   func(l *launch) { b.out(x); l.uniform(4) },
		"a uniform too few":    func(*launch) { b.out(x); b.in(x) },
		"a uniform too many":   func(l *launch) { b.out(x); b.in(x); l.uniform(4); l.uniform(4) },
		"nothing that it asks": func(*launch) {},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: does not panic", name)
				}
			}()
			give(b.start(b.program(copyKernel, values{128, 1})))
			b.run(1, 0)
		}()
	}
}

// A convolution whose geometry is part of its program and one that is told it
// are both held to the specification, whatever this device would choose.
func TestGeometryFixedAndShared(t *testing.T) {
	t.Parallel() // with the conformance suite: drivers compile on one core
	b := open(t)
	type check func(glyph.Backend, *backendtest.Case) backendtest.Report
	var cases []*backendtest.Case
	var checks []check
	relu := glyph.Activation{Kind: glyph.ReLU}
	for _, g := range []struct {
		x, w glyph.Shape
		c    glyph.Conv
		how  check
	}{
		{glyph.Shape{2, 7, 11, 3}, glyph.Shape{5, 2, 3, 3}, glyph.Conv{Stride: 1, Pad: 1}, backendtest.Check},
		{glyph.Shape{2, 11, 10, 4}, glyph.Shape{8, 3, 2, 4}, glyph.Conv{Stride: 2, Pad: 1}, backendtest.CheckAligned},
	} {
		cases = append(cases, backendtest.Conv2DCase(g.x, g.w, true, g.c, relu),
			backendtest.Conv2DBackwardCase(g.x, g.w, g.c, relu, "dx", "dw", "db"))
		checks = append(checks, g.how, g.how)
	}
	for _, fixed := range []bool{true, false} {
		b.forceFixed = &fixed
		for i, c := range cases {
			for _, f := range checks[i](b, c).Failures {
				t.Errorf("fixed %v: %v: %s", fixed, c, f)
			}
		}
	}
	fixed := map[*kernel][2]int{}
	for key := range b.programs {
		n := fixed[key.kernel]
		n[key.values[convFixed]]++
		fixed[key.kernel] = n
	}
	for _, k := range []*kernel{conv2d, conv2dBackwardData, conv2dBackwardWeights} {
		if n := fixed[k]; n[0] == 0 || n[1] == 0 || n[1] < n[0] {
			t.Errorf("%s: %d programs of any geometry and %d of one", k.file, n[0], n[1])
		}
	}
}

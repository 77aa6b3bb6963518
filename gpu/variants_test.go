//go:build cgo

package gpu

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/backendtest"
	"glyph/shaders"
)

// Every program that a step of a preset has on a GPU compiles and links,
// whatever this device is. Nothing is dispatched: software OpenGL makes machine
// code at the first dispatch, which is nearly all of what a program costs there.
func TestProgramsForHardwareLink(t *testing.T) {
	t.Parallel() // with the conformance suite: drivers compile on one core
	b := open(t)
	b.dry, b.device.Software, b.fuseFrom = true, false, fuseFrom
	askAll(t, b)
	programs := slices.Collect(maps.Values(b.programs))
	b.call(func() { b.compile(programs) })
	if err := b.firstError(); err != nil {
		t.Fatal(err)
	}
	checkVariants(t, programs)
}

// askAll asks a Backend that runs nothing for all programs that there are.
func askAll(t *testing.T, b *Backend) {
	t.Helper()
	networks, err := backendtest.VariantNetworks("")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range networks {
		if err := n.Ask(b, func(string) {}); err != nil {
			t.Fatal(err)
		}
	}
	if err := backendtest.AskOthers(b); err != nil {
		t.Fatal(err)
	}
}

// A dry Backend needs no OpenGL and writes down, as the driver gets them, the programs
// that a Backend on a device asks for.
func TestDry(t *testing.T) {
	b, err := Open(Options{Dry: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	askAll(t, b)
	list, err := b.Programs()
	if err != nil || len(list) != len(b.programs) || len(list) < 150 {
		t.Fatalf("%d programs of %d, %v", len(list), len(b.programs), err)
	}
	texts := map[string]string{}
	for _, p := range list {
		if other := texts[p.Text]; other != "" {
			t.Errorf("%s and %s are the same text", p.Name, other)
		}
		texts[p.Text] = p.Name
		if !strings.HasPrefix(p.Text, shaders.Version+"\n") || strings.Contains(p.Text, "#include") || !strings.HasPrefix(p.Name, p.Kernel+" THREADS=") {
			t.Errorf("%s is not a whole program", p.Name)
		}
	}
	x := glyph.NewTensor(b, glyph.Shape{3})
	v := []float32{1, 2, 3}
	b.Write(x, v)
	if err := b.Read(v, x); err != nil || b.Counts().Dispatches == 0 {
		t.Errorf("read: %v; %+v", err, b.Counts())
	}
}

// checkVariants holds the programs to be those that were meant: of every kernel
// that a step has, and with geometry in the text, with both kinds of load
// and of sum.
func checkVariants(t *testing.T, programs []*program) {
	t.Helper()
	seen := map[*kernel]map[shaders.Define]bool{}
	for _, p := range programs {
		if p.c.name == 0 {
			t.Errorf("%s was not linked", p.name())
		}
		if seen[p.kernel] == nil {
			seen[p.kernel] = map[shaders.Define]bool{}
		}
		for _, d := range p.defines {
			seen[p.kernel][d] = true
		}
	}
	t.Logf("%d programs of %d kernels", len(programs), len(seen))
	for _, k := range kernels {
		if seen[k] == nil && k != copyKernel && k != peakKernel {
			t.Errorf("no step has %s", k.file)
		}
	}
	for _, k := range []*kernel{conv2d, conv2dBackwardData, conv2dBackwardWeights} {
		if seen[k][shaders.Define{Name: "FIXED"}] {
			t.Errorf("%s is told its geometry", k.file)
		}
	}
	for k, defines := range map[*kernel][]string{
		conv2d: {"VEC_C", "VEC_K"}, conv2dBackwardData: {"VEC_C", "VEC_K"}, conv2dBackwardWeights: {"VEC_C", "VEC_K", "SPLIT"},
		dense: {"VEC_IN", "VEC_OUT"}, denseBackward: {"VEC_IN", "VEC_OUT", "DATA", "SPLIT"},
	} {
		for _, name := range defines {
			if !seen[k][shaders.Define{Name: name}] || !seen[k][shaders.Define{Name: name, Value: 1}] {
				t.Errorf("%s has %s in one way only", k.file, name)
			}
		}
	}
}

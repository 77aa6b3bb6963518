package device

import (
	"strings"
	"testing"

	"glyph"
)

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		choice Choice
		kind   string // "" where it may be either
	}{{Choice{Kind: CPU}, CPU}, {Choice{Kind: Auto}, ""}} {
		d, err := c.choice.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if c.kind != "" && d.Kind != c.kind || d.Hardware == "" || d.Title() == "" || d.Arithmetic() == "" {
			t.Errorf("%+v opens %+v", c.choice, d)
		}
		if c.choice.Kind == Auto && ((d.Kind == CPU) != strings.HasPrefix(d.Note, "auto chose the cpu: ") || strings.Contains(d.Note, "gpu: ")) {
			t.Errorf("auto opens %s and says %q", d.Kind, d.Note)
		}
		var _ glyph.Backend = d
	}
	for _, c := range []Choice{{Kind: "tpu"}, {Kind: Auto, Which: "no such GPU"}, {Kind: GPU, Which: "no such GPU"}} {
		if d, err := c.Open(); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v opens %v, %v", c, d.Kind, err)
		}
	}
	exact := OpenOracle()
	defer exact.Close()
	if exact.Kind != CPU64 || !strings.Contains(exact.Title(), "float64") {
		t.Errorf("the oracle is %s, %s", exact.Kind, exact.Title())
	}
}

func TestTrials(t *testing.T) {
	for parallel, want := range map[int]int{3: 3, 1: 1} {
		trials, err := Choice{Kind: CPU}.Trials(parallel)
		if err != nil {
			t.Fatal(err)
		}
		if trials.Parallel != want || trials.Title() != trials.Name+", "+trials.Hardware {
			t.Errorf("%d at once: %+v", parallel, trials)
		}
		for range 2 {
			b, err := trials.Open()
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := trials.Close(); err != nil {
			t.Error(err)
		}
	}
	if trials, err := (Choice{Kind: CPU}).Trials(0); err != nil || trials.Parallel < 1 {
		t.Errorf("%+v, %v", trials, err)
	}
	if _, err := (Choice{Kind: GPU, Which: "no such GPU"}).Trials(1); err == nil {
		t.Error("opened a GPU that there is not")
	}
}

func TestOldZinkIsWarnedOf(t *testing.T) {
	for _, c := range []struct {
		renderer, version string
		warned            bool
	}{
		{"zink (llvmpipe (LLVM 15.0.6, 256 bits))", "4.6 (Core Profile) Mesa 22.3.6", true},
		{"zink Vulkan 1.4(llvmpipe (LLVM 19.1.7, 256 bits) (MESA_LLVMPIPE))", "4.6 (Core Profile) Mesa 25.0.7-2+deb13u1", false},
		{"llvmpipe (LLVM 15.0.6, 256 bits)", "4.5 (Core Profile) Mesa 22.3.6", false},
	} {
		if note := oldZink(c.renderer, c.version); (note != "") != c.warned {
			t.Errorf("%s, %s: %q", c.renderer, c.version, note)
		}
	}
}

package pytorch_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/exchange/pytorch"
	"glyph/models"
)

// A training step, with batch normalisation by the statistics of the batch, has the
// loss, the gradients and the running statistics that PyTorch has in float64.
//
// testdata has PyTorch's numbers; with GLYPH_PYTHON set to a Python that has torch
// they are computed anew, and written with GLYPH_UPDATE=1 besides.
//
// Both compute in float64, in another order of sums. Forward and back a number passes
// some 40 operations, each of which may be off by 8·2⁻⁵³ of the magnitudes it sums.
// Those are some tens of times the result, since sums cancel: 40·8·2⁻⁵³·30 ≈ 1e-12,
// relative to the norm of a tensor.
func TestStep(t *testing.T) {
	const bound = 1e-12
	for name, spec := range map[string]models.Spec{
		"vgg":    {Model: "vgg", Input: []int{5, 6, 2}, Filters: []int{2, 3}, Classes: 3, Dropout: []float64{0}},
		"resnet": {Model: "resnet", Input: []int{6, 5, 1}, Depth: 8, Width: 2, Classes: 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStepTest(t, spec)
			got, want := s.take(t), s.fromPyTorch(t, filepath.Join("testdata", "step-"+name+".json"))
			if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
				t.Fatalf("%q, want %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
			worst := 0.0
			for name, w := range want {
				g := got[name]
				if len(g) != len(w) {
					t.Fatalf("%s has %d numbers, want %d", name, len(g), len(w))
				}
				off := distance(g, w) / norm(w)
				if worst = max(worst, off); !(off <= bound) {
					t.Errorf("%s is off by %.2g of its norm", name, off)
				}
			}
			t.Logf("largest difference %.2g", worst)
		})
	}
}

// stepTest is a network and a batch.
type stepTest struct {
	spec   models.Spec
	b      cpu.Oracle
	net    *models.Network
	x      []float32
	labels []int
	torch  pytorch.Network
}

func newStepTest(t *testing.T, spec models.Spec) *stepTest {
	t.Helper()
	s := &stepTest{spec: spec, b: cpu.NewOracle(1), labels: []int{0, 2, 1, 2, 0, 1}}
	t.Cleanup(func() { s.b.Close() }) //nolint:errcheck // a processor does not fail
	var err error
	if s.net, err = models.New(s.b, spec, len(s.labels)); err != nil {
		t.Fatal(err)
	}
	s.net.Init(1)
	arrays, err := s.net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	r := glyph.NewRand(1, glyph.StreamTest, 9)
	for _, a := range arrays {
		if len(a.Shape) == 1 { // other than their initial values
			for i := range a.Data {
				a.Data[i] = float32(0.5 + r.Float64())
			}
		}
	}
	if err := s.net.SetWeights(arrays); err != nil {
		t.Fatal(err)
	}
	if s.torch, err = pytorch.Export(spec, arrays); err != nil {
		t.Fatal(err)
	}
	s.x = make([]float32, s.net.Input(len(s.labels)).Size())
	for i := range s.x {
		s.x[i] = float32(r.Normal())
	}
	return s
}

// take is Glyph's step, under PyTorch's names.
func (s *stepTest) take(t *testing.T) map[string][]float64 {
	t.Helper()
	n := len(s.labels)
	targets := make([]float32, n*s.net.Classes())
	for i, label := range s.labels {
		targets[i*s.net.Classes()+label] = 1
	}
	target, loss := glyph.NewTensor(s.b, glyph.Shape{n, s.net.Classes()}), glyph.NewTensor(s.b, glyph.Shape{n})
	s.b.Write(target, targets)
	s.b.Write(s.net.Input(n), s.x)
	s.b.SoftmaxCrossEntropy(loss, glyph.Tensor{}, s.net.DLogits(n), s.net.Forward(n, true), target)
	s.net.Backward(n)
	read := func(x glyph.Tensor) []float64 {
		v := make([]float64, x.Size())
		if err := s.b.Read64(v, x); err != nil {
			t.Fatal(err)
		}
		return v
	}
	result := map[string][]float64{"loss": {0}}
	for _, v := range read(loss) {
		result["loss"][0] += v / float64(n)
	}
	gradients := s.net.Gradients()
	for i, p := range s.net.Params() { // in the order of the state_dict
		name := s.torch.Tensors[i].Name
		if at := slices.IndexFunc(gradients, func(g models.NamedTensor) bool { return g.Name == p.Name }); at >= 0 {
			result[name] = read(gradients[at].Tensor)
		} else {
			result[name] = read(p.Tensor)
		}
	}
	return result
}

// fromPyTorch is PyTorch's step: as the file has it, or computed where Python is there.
func (s *stepTest) fromPyTorch(t *testing.T, path string) (result map[string][]float64) {
	t.Helper()
	text, err := os.ReadFile(path)
	if python := os.Getenv("GLYPH_PYTHON"); python != "" {
		text, err = s.run(t, python)
		if err == nil && os.Getenv("GLYPH_UPDATE") == "1" {
			err = os.WriteFile(path, text, 0o666)
		}
	}
	if err == nil {
		err = json.Unmarshal(text, &result)
	}
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func (s *stepTest) run(t *testing.T, python string) ([]byte, error) {
	t.Helper()
	dir := t.TempDir()
	weights := filepath.Join(dir, "net.safetensors")
	if err := pytorch.Save(weights, s.spec, s.torch, map[string]string{"m": "[0]", "s": "[1]"}); err != nil {
		return nil, err
	}
	shape := s.net.Input(len(s.labels)).Shape
	input, err := json.Marshal(map[string]any{"x": s.x, "labels": s.labels, "shape": shape[:shape.Rank()]})
	if err != nil {
		return nil, err
	}
	for name, text := range map[string]string{"net.py": s.torch.Python(weights, s.spec.InputShape(), "m", "s"), "step.json": string(input)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return nil, err
		}
	}
	c := exec.Command(python, "../../bench/exchange/step.py", dir)
	var errors strings.Builder
	c.Stderr = &errors
	out, err := c.Output()
	if err != nil {
		t.Log(errors.String())
	}
	return out, err
}

func distance(a, b []float64) float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return norm(d)
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}

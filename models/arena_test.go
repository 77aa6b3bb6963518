package models_test

import (
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

func TestArena(t *testing.T) {
	for _, spec := range small {
		t.Run(spec.Model, func(t *testing.T) {
			b := oracle(t)
			net := newNet(t, b, spec, 2)
			owner := make([]string, net.W.Size())
			elements, roles := 0, rolesOf(net)
			for _, p := range net.Params() {
				x := p.Tensor
				if x.Buf != net.W.Buf || x.Off%glyph.Align != 0 {
					t.Errorf("%s starts at element %d, or not in W", p.Name, x.Off)
				}
				role := roles[p.Name]
				if decays := role == models.Decays; decays != (x.Off < net.Decaying) || decays != (x.Off+x.Size() <= net.Decaying) {
					t.Errorf("%s is elements %d to %d; those that decay are the first %d", p.Name, x.Off, x.Off+x.Size(), net.Decaying)
				}
				if kept := role == models.Kept; kept != (x.Off >= net.Trained) || kept != (x.Off+x.Size() > net.Trained) {
					t.Errorf("%s is elements %d to %d; those that are trained are the first %d", p.Name, x.Off, x.Off+x.Size(), net.Trained)
				}
				for i := x.Off; i < x.Off+x.Size(); i++ {
					if owner[i] != "" {
						t.Fatalf("element %d belongs to %s and %s", i, owner[i], p.Name)
					}
					owner[i] = p.Name
					if role != models.Kept {
						elements++
					}
				}
			}
			if elements != net.ParamCount() {
				t.Errorf("%d elements in tensors, %d parameters", elements, net.ParamCount())
			}
			if n := spec.ParamCount(); n != elements {
				t.Errorf("the spec has %d parameters, and the network %d", n, elements)
			}
			if first := owner[net.Decaying]; roles[first] != models.Trained {
				t.Errorf("element %d, after what decays, belongs to %q", net.Decaying, first)
			}
			params := slices.DeleteFunc(slices.Clone(net.Params()), func(p models.NamedTensor) bool { return roles[p.Name] == models.Kept })
			for i, g := range net.Gradients() {
				p := params[i]
				if g.Name != p.Name || g.Tensor.Buf != net.G.Buf || g.Tensor.Off != p.Tensor.Off || g.Tensor.Shape != p.Tensor.Shape {
					t.Errorf("gradient %+v does not mirror parameter %+v", g, p)
				}
			}

			// Padding starts as zero and stays so through a step.
			passBoth(b, net, 2)
			for _, arena := range []glyph.Tensor{net.W, net.G} {
				for i, v := range read(t, b, arena) {
					if owner[i] == "" && v != 0 {
						t.Fatalf("padding element %d is %v", i, v)
					}
				}
			}
		})
	}
}

// rolesOf is the role of every tensor of a network.
func rolesOf(net *models.Network) map[string]models.Role {
	roles := map[string]models.Role{}
	for _, s := range net.Stages() {
		for _, p := range s.Params {
			roles[s.Name+"."+p.Name] = p.Role
		}
	}
	return roles
}

// Decay is for weights of layers that multiply: a bias and a normalisation have none.
func TestRoles(t *testing.T) {
	net := newNet(t, oracle(t), models.Spec{Model: "vgg"}, 1)
	for name, role := range rolesOf(net) {
		want := models.Trained
		switch {
		case strings.HasPrefix(name, "conv2d") || name == "dense_1.weight":
			want = models.Decays
		case strings.Contains(name, "running"):
			want = models.Kept
		}
		if role != want {
			t.Errorf("%s has role %d, want %d", name, role, want)
		}
	}
}

// passBoth runs forward and backward on made-up images and targets.
func passBoth(b glyph.Float64, net *models.Network, n int) {
	x := net.Input(n)
	b.Write64(x, normal(x.Size(), 1))
	clock := b.AllocInts(glyph.ClockLen)
	b.WriteInts(clock, []int32{3, 0})
	net.SetClock(clock, 5)
	logits := net.Forward(n, true)
	b.SoftmaxCrossEntropy(glyph.Tensor{}, glyph.Tensor{}, net.DLogits(n), logits, targets(b, logits.Shape))
	net.Backward(n)
}

// targets is a smoothed label for each row.
func targets(b glyph.Float64, shape glyph.Shape) glyph.Tensor {
	t := glyph.NewTensor(b, shape)
	v := make([]float64, shape.Size())
	for i := range v {
		v[i] = 0.1 / float64(shape[1])
		if i%shape[1] == (i/shape[1]*2)%shape[1] {
			v[i] += 0.9
		}
	}
	b.Write64(t, v)
	return t
}

func TestAllocMoments(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	net := newNet(t, b, small[0], 1)
	for _, name := range glyph.OptimizerNames() {
		rule, err := glyph.ParseOptimizer(name)
		if err != nil {
			t.Fatal(err)
		}
		net.AllocMoments(rule)
		needM, needV := rule.Moments()
		for _, c := range []struct {
			name   string
			moment glyph.Tensor
			needed bool
		}{{"M", net.M, needM}, {"V", net.V, needV}} {
			if c.moment.IsZero() == c.needed {
				t.Errorf("%s: %s is %+v", name, c.name, c.moment)
			}
			if c.moment.IsZero() {
				continue
			}
			if c.moment.Shape != net.G.Shape {
				t.Errorf("%s: %s is %v beside G %v", name, c.name, c.moment.Shape, net.G.Shape)
			}
			if v := read(t, b, c.moment); slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
				t.Errorf("%s: %s does not start at zero", name, c.name)
			}
			b.Copy(c.moment, net.W.Head(net.Trained)) // something for the next rule to find
		}
	}
}

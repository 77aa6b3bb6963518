package pytorch

import (
	"fmt"

	"glyph/models"

	"glyph"
)

// Network is a network in PyTorch's terms, which takes normalised images
// (N, C, H, W): an nn.Sequential where the layers are a chain, and otherwise a
// module of its own.
type Network struct {
	Modules []string // the arguments of nn.Sequential, or the attributes: "nn.Conv2d(1, 32, 3, stride=1, padding=1)"
	Names   []string // of the modules: "0", "1" ... or the names of the layers, "conv2d_1"
	// Forward is the body of forward(self, x), a statement a layer, or nil of an
	// nn.Sequential.
	Forward []string
	Tensors []models.NamedArray // its state_dict, in the order of its parameters: "0.weight", "0.bias" ...
}

// Export translates a network. In an nn.Sequential an activation is a module of its
// own, so the modules' numbers differ from those of the stages. Batch normalisation has
// the names of nn.BatchNorm2d, but no num_batches_tracked, which PyTorch needs only if
// momentum is None. Export fails as models.Network.SetWeights does, and for a layer that
// has no module.
func Export(spec models.Spec, arrays []models.NamedArray) (Network, error) {
	stages, err := spec.Plan()
	if err != nil {
		return Network{}, err
	}
	return export(stages, arrays)
}

func export(stages []models.Stage, arrays []models.NamedArray) (Network, error) {
	arrays, err := models.ChannelsFirst(stages, arrays)
	if err != nil {
		return Network{}, err
	}
	var t Network
	chain := isChain(stages)
	for i, s := range stages {
		c, err := torchCode(s)
		if err != nil {
			return Network{}, err
		}
		name := s.Name
		if chain {
			name = fmt.Sprint(len(t.Modules))
		}
		for j, p := range s.Params {
			a := arrays[j]
			t.Tensors = append(t.Tensors, models.NamedArray{Name: name + "." + p.Name, Shape: a.Shape, Data: a.Data})
		}
		arrays = arrays[len(s.Params):]
		if !chain {
			t.statement(c, stages, i)
			continue
		}
		for _, m := range append([]string{c.module}, c.after...) {
			t.Names, t.Modules = append(t.Names, fmt.Sprint(len(t.Modules))), append(t.Modules, m)
		}
	}
	return t, nil
}

// isChain reports whether each layer takes the output of the one before it.
func isChain(stages []models.Stage) bool {
	for i, s := range stages {
		if len(s.Inputs) != 1 || s.Inputs[0] != models.Value(i) {
			return false
		}
	}
	return true
}

// statement appends stage i to a module's attributes and to its forward.
func (t *Network) statement(c code, stages []models.Stage, i int) {
	s := stages[i]
	if c.module != "" {
		t.Names, t.Modules = append(t.Names, s.Name), append(t.Modules, c.module)
	}
	var inputs []any
	for _, v := range s.Inputs {
		name := "x"
		if v > 0 {
			name = stages[v-1].Name
		}
		inputs = append(inputs, name)
	}
	value := fmt.Sprintf(c.call, inputs...)
	if c.module != "" {
		value = "self." + s.Name + "(" + value + ")"
	}
	if c.outer != "" {
		value = fmt.Sprintf(c.outer, value)
	}
	if i == len(stages)-1 {
		t.Forward = append(t.Forward, "return "+value)
		return
	}
	t.Forward = append(t.Forward, s.Name+" = "+value)
}

// code is a layer in Python.
type code struct {
	module string   // makes its module, the one with the parameters; "" if it has none
	after  []string // the modules after it in an nn.Sequential, such as an activation
	call   string   // the format of what the module takes, or of the result if there is none: "%s", "%s + %s"
	outer  string   // the format of what is made of the result in an expression, as after does; "" for nothing
}

func torchCode(s models.Stage) (code, error) {
	switch l := s.Layer.(type) {
	case models.Dense:
		return code{module: fmt.Sprintf("nn.Linear(%d, %d)", s.In[0], l.Units), call: "%s"}.activated(s, l.Activation)
	case models.Conv2D:
		bias := ""
		if l.NoBias {
			bias = ", bias=False"
		}
		module := fmt.Sprintf("nn.Conv2d(%d, %d, %d, stride=%d, padding=%d%s)", s.In[2], l.Filters, l.Kernel, l.Conv.Stride, l.Conv.Pad, bias)
		return code{module: module, call: "%s"}.activated(s, l.Activation)
	case models.BatchNorm2D:
		constants := ""
		if def := glyph.DefaultBatchNorm(); l.Norm != def {
			constants = fmt.Sprintf(", eps=%v, momentum=%v", l.Norm.Eps, l.Norm.Momentum)
		}
		return code{module: fmt.Sprintf("nn.BatchNorm2d(%d%s)", s.In[2], constants), call: "%s"}.activated(s, l.Activation)
	case models.Add:
		return code{call: "%s + %s"}.activated(s, l.Activation)
	case models.MaxPool2D:
		return code{module: fmt.Sprintf("nn.MaxPool2d(%d, stride=%d)", l.Pool.Size, l.Pool.Stride), call: "%s"}, nil
	case models.AvgPool2D:
		return code{module: fmt.Sprintf("nn.AvgPool2d(%d, stride=%d)", l.Pool.Size, l.Pool.Stride), call: "%s"}, nil
	case models.GlobalPool2D:
		module := "nn.AdaptiveAvgPool2d(1)"
		if l.Pool == glyph.Maximum {
			module = "nn.AdaptiveMaxPool2d(1)"
		}
		return code{module: module, after: []string{"nn.Flatten()"}, call: "%s", outer: "%s.flatten(1)"}, nil
	case models.Flatten:
		return code{module: "nn.Flatten()", call: "%s"}, nil
	case models.Dropout:
		return code{module: fmt.Sprintf("nn.Dropout(%v)", l.Rate), call: "%s"}, nil
	}
	return code{}, fmt.Errorf("%s: there is no PyTorch module for a layer of the kind %s yet", s.Name, s.Layer.Kind())
}

// activated is the code with an activation after it.
func (c code) activated(s models.Stage, act glyph.Activation) (code, error) {
	switch act.Kind {
	case glyph.None:
	case glyph.ReLU:
		c.after, c.outer = []string{"nn.ReLU()"}, "torch.relu(%s)"
	case glyph.LeakyReLU:
		c.after, c.outer = []string{fmt.Sprintf("nn.LeakyReLU(%v)", act.Slope)}, fmt.Sprintf("nn.functional.leaky_relu(%%s, %v)", act.Slope)
	case glyph.Sigmoid:
		c.after, c.outer = []string{"nn.Sigmoid()"}, "torch.sigmoid(%s)"
	case glyph.Tanh:
		c.after, c.outer = []string{"nn.Tanh()"}, "torch.tanh(%s)"
	default:
		return code{}, fmt.Errorf("%s: there is no PyTorch module for the activation %v yet", s.Name, act)
	}
	return c, nil
}

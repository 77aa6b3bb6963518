package pytorch

import (
	"fmt"

	"glyph/models"

	"glyph"
)

// Network is a network in PyTorch's terms: an nn.Sequential that takes
// normalised images (N, C, H, W).
type Network struct {
	Modules []string            // the arguments of nn.Sequential: "nn.Conv2d(1, 32, 3, stride=1, padding=1)"
	Tensors []models.NamedArray // its state_dict: "0.weight", "0.bias" ...
}

// Export translates a network. An activation is a module of its own there, so
// numbers differ from those of the stages. It fails as models.Network.SetWeights
// does, and for a layer that has no module.
func Export(spec models.Spec, arrays []models.NamedArray) (Network, error) {
	stages, err := spec.Plan()
	if err != nil {
		return Network{}, err
	}
	arrays, err = models.ChannelsFirst(stages, arrays)
	if err != nil {
		return Network{}, err
	}
	var t Network
	for _, s := range stages {
		modules, err := torchModules(s)
		if err != nil {
			return Network{}, err
		}
		for i, p := range s.Params {
			a := arrays[i]
			t.Tensors = append(t.Tensors, models.NamedArray{Name: fmt.Sprintf("%d.%s", len(t.Modules), p.Name), Shape: a.Shape, Data: a.Data})
		}
		arrays = arrays[len(s.Params):]
		t.Modules = append(t.Modules, modules...)
	}
	return t, nil
}

// torchModules is a stage in PyTorch: the module with its parameters first.
func torchModules(s models.Stage) ([]string, error) {
	act := glyph.Activation{}
	var module string
	switch l := s.Layer.(type) {
	case models.Dense:
		module, act = fmt.Sprintf("nn.Linear(%d, %d)", s.In[0], l.Units), l.Activation
	case models.Conv2D:
		module = fmt.Sprintf("nn.Conv2d(%d, %d, %d, stride=%d, padding=%d)", s.In[2], l.Filters, l.Kernel, l.Conv.Stride, l.Conv.Pad)
		act = l.Activation
	case models.MaxPool2D:
		module = fmt.Sprintf("nn.MaxPool2d(%d, stride=%d)", l.Pool.Size, l.Pool.Stride)
	case models.Flatten:
		module = "nn.Flatten()"
	case models.Dropout:
		module = fmt.Sprintf("nn.Dropout(%v)", l.Rate)
	default:
		return nil, fmt.Errorf("%s: there is no PyTorch module for a layer of the kind %s yet", s.Name, s.Layer.Kind())
	}
	switch act.Kind {
	case glyph.None:
		return []string{module}, nil
	case glyph.ReLU:
		return []string{module, "nn.ReLU()"}, nil
	case glyph.LeakyReLU:
		return []string{module, fmt.Sprintf("nn.LeakyReLU(%v)", act.Slope)}, nil
	case glyph.Sigmoid:
		return []string{module, "nn.Sigmoid()"}, nil
	case glyph.Tanh:
		return []string{module, "nn.Tanh()"}, nil
	}
	return nil, fmt.Errorf("%s: there is no PyTorch module for the activation %v yet", s.Name, act)
}

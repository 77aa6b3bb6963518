package pytorch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glyph/internal/message"
	"glyph/models"
)

// module is the parameters of one PyTorch module, with the state of an nn.BatchNorm2d.
// A missing array has no name.
type module struct {
	name           string
	weight, bias   models.NamedArray
	mean, variance models.NamedArray
}

// norm reports whether the module has running statistics.
func (m *module) norm() bool { return m.mean.Name != "" }

// counter is the last part of the name of the tensor in which nn.BatchNorm2d counts
// batches. It has no effect unless momentum is None, which a file doesn't tell.
const counter = "num_batches_tracked"

// groupModules puts the tensors of a module together, in the order of the tensors.
func groupModules(tensors []models.NamedArray) ([]module, error) {
	at := map[string]int{}
	var modules []module
	for _, t := range tensors {
		name, last := "", t.Name
		if dot := strings.LastIndexByte(t.Name, '.'); dot >= 0 {
			name, last = t.Name[:dot], t.Name[dot+1:]
		}
		if last == counter {
			continue
		}
		i, ok := at[name]
		if !ok {
			i = len(modules)
			at[name] = i
			modules = append(modules, module{name: name})
		}
		to := &modules[i].weight
		switch last {
		case "weight":
		case "bias":
			to = &modules[i].bias
		case "running_mean":
			to = &modules[i].mean
		case "running_var":
			to = &modules[i].variance
		default:
			return nil, fmt.Errorf("tensor %s is not a weight, a bias or a running statistic: only convolutions, linear layers and batch normalisations are imported", message.Clip(t.Name))
		}
		if to.Name != "" {
			return nil, fmt.Errorf("tensor %s appears twice", message.Clip(t.Name))
		}
		*to = t
	}
	for i := range modules {
		if err := modules[i].complete(); err != nil {
			return nil, err
		}
	}
	return modules, nil
}

// complete reports what a module lacks. A batch normalisation without affine
// parameters gets a weight of ones.
func (m *module) complete() error {
	switch {
	case m.mean.Name != "" && m.variance.Name == "":
		return fmt.Errorf("tensor %s is a running mean without a running variance", message.Clip(m.mean.Name))
	case m.variance.Name != "" && m.mean.Name == "":
		return fmt.Errorf("tensor %s is a running variance without a running mean", message.Clip(m.variance.Name))
	case m.weight.Name == "" && m.norm():
		m.weight = models.NamedArray{Name: m.mean.Name, Shape: m.mean.Shape, Data: slices.Repeat([]float32{1}, len(m.mean.Data))}
	case m.weight.Name == "":
		return fmt.Errorf("tensor %s is a bias without a weight", message.Clip(m.bias.Name))
	}
	if i := slices.IndexFunc(m.variance.Data, func(v float32) bool { return v < 0 }); i >= 0 {
		return fmt.Errorf("tensor %s has the negative variance %v at [%d]: the file is damaged", message.Clip(m.variance.Name), m.variance.Data[i], i)
	}
	return nil
}

// byNumber compares names of which the first difference is a number, by its
// value: l2 comes before l10, and 3.weight before 12.weight. It is 0 where the
// names do not tell.
func byNumber(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		switch {
		case x > 0 && y > 0:
			if c := compareDigits(a[:x], b[:y]); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
		case a[0] != b[0]:
			return 0
		default:
			a, b = a[1:], b[1:]
		}
	}
	return 0
}

// compareDigits compares decimal numbers of any length.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// digits is how many digits a name begins with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

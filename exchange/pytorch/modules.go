package pytorch

import (
	"cmp"
	"fmt"
	"strings"

	"glyph/internal/message"
	"glyph/models"
)

// module is the parameters of one PyTorch module.
type module struct {
	name         string
	weight, bias models.NamedArray
}

// groupModules puts weights and biases of a name together, in the order of the
// tensors.
func groupModules(tensors []models.NamedArray) ([]module, error) {
	at := map[string]int{}
	var modules []module
	for _, t := range tensors {
		name, last := "", t.Name
		if dot := strings.LastIndexByte(t.Name, '.'); dot >= 0 {
			name, last = t.Name[:dot], t.Name[dot+1:]
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
		default:
			return nil, fmt.Errorf("tensor %s is not a weight or a bias: only convolutions and linear layers are imported", message.Clip(t.Name))
		}
		if to.Name != "" {
			return nil, fmt.Errorf("tensor %s appears twice", message.Clip(t.Name))
		}
		*to = t
	}
	for _, m := range modules {
		if m.weight.Name == "" {
			return nil, fmt.Errorf("tensor %s is a bias without a weight", message.Clip(m.bias.Name))
		}
	}
	return modules, nil
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

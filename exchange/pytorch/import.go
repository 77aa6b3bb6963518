package pytorch

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"glyph/exchange/safetensors"
	"glyph/internal/message"
	"glyph/models"
)

// Load reads a safetensors file of a network trained in PyTorch, as
// safetensors.torch.save_file writes it. spec is what Save kept of the
// network, or the zero Spec for a file of other software.
func Load(path string) (spec models.Spec, w safetensors.File, err error) {
	fail := func(err error) (models.Spec, safetensors.File, error) {
		return models.Spec{}, safetensors.File{}, fmt.Errorf("weights file %s: %w", path, err)
	}
	if w, err = safetensors.Open(path); err != nil {
		return spec, w, err
	}
	if _, native := w.Metadata[safetensors.SpecKey]; native {
		return fail(errors.New("has Glyph's own layout already: use it as it is"))
	}
	if text, ok := w.Metadata[safetensors.PyTorchKey]; ok {
		if spec, err = models.ParseSpec(text); err != nil {
			return fail(err)
		}
	}
	return spec, w, nil
}

// Import is the parameters of the network that spec describes from the
// tensors of a PyTorch module: "0.weight" or "features.conv1.bias", (K, C, R, S)
// and (Out, C·H·W). Modules are told apart by their shapes; those of one shape
// come in the order of their names, with numbers by their value. A bias that is
// not there is zero. Its error says what does not fit, in one line.
func Import(spec models.Spec, tensors []models.NamedArray) ([]models.NamedArray, error) {
	stages, err := spec.Plan()
	if err != nil {
		return nil, err
	}
	modules, err := groupModules(tensors)
	if err != nil {
		return nil, err
	}
	stages = slices.DeleteFunc(slices.Clone(stages), func(s models.Stage) bool {
		_, flatten := s.Layer.(models.Flatten) // which says how the next weight is laid out
		return len(s.Params) == 0 && !flatten
	})
	shapes := models.ChannelsFirstShapes(stages)
	var arrays []models.NamedArray
	param := 0
	for _, s := range stages {
		if len(s.Params) == 0 {
			continue
		}
		if len(modules) == 0 {
			return nil, fmt.Errorf("there is no tensor left for %s: this is another network", s.Name)
		}
		if len(s.Params) != 2 {
			return nil, fmt.Errorf("%s: a layer of the kind %s can't be imported yet", s.Name, s.Layer.Kind())
		}
		bias := s.Params[1]
		want := shapes[param]
		at := slices.IndexFunc(modules, func(m module) bool { return slices.Equal(m.weight.Shape, want) })
		if at < 0 {
			return nil, fmt.Errorf("no tensor has the shape %v of %s.weight; tensor %s has %v: this is another network",
				want, s.Name, message.Clip(modules[0].weight.Name), modules[0].weight.Shape)
		}
		m := modules[at]
		modules = slices.Delete(modules, at, at+1)
		if m.bias.Name == "" {
			m.bias = models.NamedArray{Shape: []int{bias.Shape[0]}, Data: make([]float32, bias.Shape[0])}
		}
		arrays = append(arrays, m.weight, m.bias)
		param += len(s.Params)
	}
	if len(modules) > 0 {
		return nil, fmt.Errorf("tensor %s has no place: this is another network", message.Clip(modules[0].weight.Name))
	}
	return models.ChannelsLast(stages, arrays)
}

// module is the parameters of one PyTorch module.
type module struct {
	name         string
	weight, bias models.NamedArray
}

// groupModules puts weights and biases of a name together, in natural order.
func groupModules(tensors []models.NamedArray) ([]module, error) {
	byName := map[string]*module{}
	var modules []*module
	for _, t := range tensors {
		name, last := "", t.Name
		if dot := strings.LastIndexByte(t.Name, '.'); dot >= 0 {
			name, last = t.Name[:dot], t.Name[dot+1:]
		}
		m := byName[name]
		if m == nil {
			m = &module{name: name}
			byName[name] = m
			modules = append(modules, m)
		}
		to := &m.weight
		switch last {
		case "weight":
		case "bias":
			to = &m.bias
		default:
			return nil, fmt.Errorf("tensor %s is no weight or bias of a convolution or linear layer", message.Clip(t.Name))
		}
		if to.Name != "" {
			return nil, fmt.Errorf("tensor %s is there twice", message.Clip(t.Name))
		}
		*to = t
	}
	sorted := make([]module, len(modules))
	for i, m := range modules {
		if m.weight.Name == "" {
			return nil, fmt.Errorf("tensor %s is a bias without a weight", message.Clip(m.bias.Name))
		}
		sorted[i] = *m
	}
	slices.SortStableFunc(sorted, func(a, b module) int { return natural(a.name, b.name) })
	return sorted, nil
}

// natural compares names with the numbers in them by value: conv9 before conv10.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, errM := strconv.ParseUint(a[:x], 10, 64)
			n, errN := strconv.ParseUint(b[:y], 10, 64)
			if errM == nil && errN == nil && m != n {
				return cmp.Compare(m, n)
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(a, b)
}

// digits is how many digits a name begins with.
func digits(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

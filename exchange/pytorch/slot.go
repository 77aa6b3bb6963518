package pytorch

import (
	"fmt"
	"slices"

	"glyph/internal/message"
	"glyph/models"
)

// slot is a layer that takes a module.
type slot struct {
	layer  string
	shape  []int    // of the weight in PyTorch's layout
	params []string // what it takes of the module, in the order of its parameters

	// For a convolution without a bias: the layer whose running mean takes over the
	// module's bias, or "".
	after string
	// For a batch normalisation: the slot of such a convolution before it, or -1.
	before int
}

func slotsOf(stages []models.Stage) ([]slot, error) {
	shapes := models.ChannelsFirstShapes(stages)
	readers := make([]int, len(stages)+1)
	for _, s := range stages {
		for _, v := range s.Inputs {
			readers[v]++
		}
	}
	var slots []slot
	at := make([]int, len(stages)+1) // the slot of the stage whose output a value is
	for i, s := range stages {
		if len(s.Params) == 0 {
			continue
		}
		next := slot{layer: s.Name, shape: shapes[0], before: -1}
		shapes = shapes[len(s.Params):]
		for _, p := range s.Params {
			switch p.Name {
			case "weight", "bias", "running_mean", "running_var":
				next.params = append(next.params, p.Name)
			default:
				return nil, fmt.Errorf("%s: a layer of the kind %s can't be imported yet", s.Name, s.Layer.Kind())
			}
		}
		if v := s.Inputs[0]; v > 0 && next.norm() && readers[v] == 1 && withoutBias(stages[v-1]) {
			next.before, slots[at[v]].after = at[v], s.Name
		}
		at[i+1] = len(slots)
		slots = append(slots, next)
	}
	return slots, nil
}

// withoutBias reports whether a stage is a convolution to which a bias could be
// added.
func withoutBias(s models.Stage) bool {
	c, ok := s.Layer.(models.Conv2D)
	return ok && c.NoBias && c.Activation.Kind == 0
}

func (s slot) norm() bool { return slices.Contains(s.params, "running_mean") }

func (s slot) takesBias() bool { return slices.Contains(s.params, "bias") }

// fits reports whether the slot takes a module, by its weight and kind.
func (s slot) fits(m module) bool {
	return m.norm() == s.norm() && slices.Equal(m.weight.Shape, s.shape)
}

// checkBias reports a bias that has no place in the network.
func (s slot) checkBias(m module) error {
	switch {
	case m.bias.Name == "" || s.takesBias():
		return nil
	case s.after == "":
		return fmt.Errorf("tensor %s is a bias, and %s of this network has none", message.Clip(m.bias.Name), s.layer)
	case !slices.Equal(m.bias.Shape, s.shape[:1]):
		return fmt.Errorf("tensor %s is %v, and a bias of %s would be %v", message.Clip(m.bias.Name), m.bias.Shape, s.layer, s.shape[:1])
	}
	return nil
}

// arrays is the parameters of slot i, given the module of each slot.
func (s slot) arrays(taken []module, i int) (list []models.NamedArray, err error) {
	m := taken[i]
	for _, name := range s.params {
		a := m.weight
		switch name {
		case "bias":
			if a = m.bias; a.Name == "" {
				a = models.NamedArray{Name: m.name, Shape: s.shape[:1], Data: make([]float32, s.shape[0])}
			}
		case "running_mean":
			if a = m.mean; s.before >= 0 && taken[s.before].bias.Name != "" {
				if a, err = less(a, taken[s.before].bias); err != nil {
					return nil, err
				}
			}
		case "running_var":
			a = m.variance
		}
		list = append(list, a)
	}
	return list, nil
}

// less turns the running mean of x + bias into that of x.
func less(mean, bias models.NamedArray) (models.NamedArray, error) {
	if len(mean.Data) != len(bias.Data) {
		return mean, nil // which its shape reports
	}
	mean.Data = slices.Clone(mean.Data)
	for i, b := range bias.Data {
		mean.Data[i] -= b
	}
	return mean, finite(mean)
}

// assignment is what the slot takes from the module.
func (s slot) assignment(m module) Assignment {
	a := Assignment{Layer: s.layer, Shape: s.shape, Modules: []string{m.name}, Bias: m.bias.Name != ""}
	switch {
	case a.Bias && !s.takesBias() && s.after != "":
		a.Note = "its bias goes into the running mean of " + s.after
	case a.Bias && m.norm() && m.weight.Name == m.mean.Name:
		a.Note = "no weight in the file: ones"
	case !a.Bias && s.takesBias() && m.weight.Name == m.mean.Name:
		a.Note = "no weight and bias in the file: ones and zeros"
	case !a.Bias && s.takesBias():
		a.Note = "no bias in the file: zeros"
	}
	return a
}

package pytorch

import (
	"fmt"
	"math"
	"slices"

	"glyph/internal/message"
	"glyph/models"
)

// Import converts the tensors of a PyTorch module, such as "0.weight" or
// "features.conv1.bias", (K, C, R, S) and (Out, C·H·W), to the parameters of the network
// that spec describes, and says which module each layer took. A missing bias is zero,
// and a missing weight of a batch normalisation one. If a convolution has no bias here
// because a batch normalisation follows, a bias in the file is subtracted from the
// running mean, which makes the same network. num_batches_tracked is ignored.
//
// Modules are matched by their shapes and by whether they have running statistics,
// and those of the same shape by the numbers in their names: l2 comes before l10. If
// that is ambiguous the error is an *OrderError, and order resolves it: names of
// modules from input to output. It has to name all or none of the modules of one
// shape, and may name others. Any other error says in one line what does not fit. A
// number that is not finite is an error too.
func Import(spec models.Spec, tensors []models.NamedArray, order []string) ([]models.NamedArray, []Assignment, error) {
	stages, err := spec.Plan()
	if err != nil {
		return nil, nil, err
	}
	modules, err := groupModules(tensors)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range tensors {
		if err := finite(t); err != nil {
			return nil, nil, err
		}
	}
	slots, err := slotsOf(stages)
	if err != nil {
		return nil, nil, err
	}
	taken, err := assign(slots, modules, order)
	if err != nil {
		return nil, nil, err
	}
	for i, s := range slots {
		if err := s.checkBias(taken[i]); err != nil {
			return nil, nil, err
		}
	}
	var arrays []models.NamedArray
	var assigned []Assignment
	for i, s := range slots {
		more, err := s.arrays(taken, i)
		if err != nil {
			return nil, nil, err
		}
		arrays, assigned = append(arrays, more...), append(assigned, s.assignment(taken[i]))
	}
	arrays, err = models.ChannelsLast(stages, arrays)
	return arrays, assigned, err
}

// finite names the first number of a tensor that is not finite.
func finite(t models.NamedArray) error {
	bad := func(v float32) bool { return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) }
	first := slices.IndexFunc(t.Data, bad)
	if first < 0 {
		return nil
	}
	count := 0
	for _, v := range t.Data[first:] {
		if bad(v) {
			count++
		}
	}
	index, rest := make([]int, len(t.Shape)), first
	for d := len(t.Shape) - 1; d >= 0; d-- {
		index[d], rest = rest%t.Shape[d], rest/t.Shape[d]
	}
	return fmt.Errorf("tensor %s has %s that is not finite, the first at %v (%v): the training diverged, or the file is damaged",
		message.Clip(t.Name), message.Count(count, "number"), index, t.Data[first])
}

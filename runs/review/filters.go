package review

import (
	"fmt"
	"slices"

	"glyph/models"
	"glyph/runs"
	"glyph/runs/plots"
)

// maxFilters is how many filters are drawn.
const maxFilters = 96

// filters is the weights of the first layer that has any, one image each: of a
// convolution (K, R, S, C) its windows and of a dense layer (Out, H·W·C) its
// pixels, over the first channel. The text says which layer it is.
func filters(w *runs.Weights) (list []plots.Filter, about string, err error) {
	stages, err := w.Spec.Plan()
	if err != nil {
		return nil, "", err
	}
	for _, st := range stages {
		if len(st.Params) == 0 {
			continue
		}
		height, width, c := st.In[0], st.In[1], st.In[2]
		if st.In.Rank() == 1 { // flattened
			in := w.Spec.InputShape()
			height, width, c = in[0], in[1], in[2]
		}
		if shape := st.Params[0].Shape; shape.Rank() == 4 {
			height, width, c = shape[1], shape[2], shape[3]
		}
		at := slices.IndexFunc(w.Tensors, func(a models.NamedArray) bool { return a.Name == st.Name+"."+st.Params[0].Name })
		all := w.Tensors[at]
		total := all.Shape[0]
		for k := range min(total, maxFilters) {
			f := plots.Filter{H: height, W: width, Weights: make([]float32, height*width)}
			for i := range f.Weights {
				f.Weights[i] = all.Data[(k*height*width+i)*c]
			}
			list = append(list, f)
		}
		about = fmt.Sprintf("%s: %s, %d×%d weights each", st.Name, st.Layer, height, width)
		if total > len(list) {
			about += fmt.Sprintf(", the first %d of %d", len(list), total)
		}
		return list, about, nil
	}
	return nil, "", nil
}

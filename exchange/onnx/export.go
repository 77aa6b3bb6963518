package onnx

import (
	"fmt"

	"glyph/models"
)

// Names of the graph's inputs and outputs.
const (
	InputName         = "image"
	LogitsName        = "logits"
	ProbabilitiesName = "probabilities"
)

// Export is the network that spec describes, with these weights and this
// normalisation x = (pixel - mean)·scale: one element each, or one a pixel
// in the order (H, W, C). Dropout is left out, as in evaluation. Convolution
// weights become (K, C, R, S), and the first dense layer after a flatten takes
// its columns in the order (C, H, W), so that the graph has no transposition.
// Batch normalisation is folded into the convolution before it where possible; see
// models.Fold. It fails if the weights don't fit spec, or a layer has no ONNX operator.
func Export(spec models.Spec, arrays []models.NamedArray, mean, scale []float32) (Model, error) {
	spec = spec.WithDefaults()
	stages, err := spec.Plan()
	if err != nil {
		return Model{}, err
	}
	text, err := spec.JSON()
	if err != nil {
		return Model{}, err
	}
	g, err := graphOf(stages, arrays, mean, scale)
	if err != nil {
		return Model{}, err
	}
	g.Name = spec.Model
	return Model{
		IRVersion: IRVersion, Opset: Opset, Producer: "glyph",
		Doc:      spec.String(),
		Metadata: []Entry{{"glyph.spec", text}},
		Graph:    g,
	}, nil
}

// graphOf is Export for the layers of a network.
func graphOf(stages []models.Stage, arrays []models.NamedArray, mean, scale []float32) (Graph, error) {
	stages, arrays, err := models.Fold(stages, arrays)
	if err != nil {
		return Graph{}, err
	}
	arrays, err = models.ChannelsFirst(stages, arrays)
	if err != nil {
		return Graph{}, err
	}
	in := stages[0].In
	if len(mean) != len(scale) || (len(mean) != 1 && len(mean) != in.Size()) {
		return Graph{}, fmt.Errorf("%d means and %d scales for images of %d pixels", len(mean), len(scale), in.Size())
	}
	b := builder{}
	b.graph.Inputs = []Value{{InputName, []Dim{{Name: "N"}, {Size: int64(in[2])}, {Size: int64(in[0])}, {Size: int64(in[1])}},
		"pixel values, 0 black to 255 white, ink white"}}
	values := []string{b.normalise(in, mean, scale)} // the name of each models.Value
	for i, s := range stages {
		out := s.Name
		if i == len(stages)-1 {
			out = LogitsName
		}
		var inputs []string
		for _, v := range s.Inputs {
			inputs = append(inputs, values[v])
		}
		if out, err = b.layer(s, inputs, arrays[:len(s.Params)], out); err != nil {
			return Graph{}, err
		}
		values = append(values, out)
		arrays = arrays[len(s.Params):]
	}
	b.node("softmax", "Softmax", []string{LogitsName}, ProbabilitiesName, Attribute{Name: "axis", Type: Int, I: 1})
	out := []Dim{{Name: "N"}, {Size: int64(stages[len(stages)-1].Out[0])}}
	b.graph.Outputs = []Value{{LogitsName, out, ""}, {ProbabilitiesName, out, "softmax of the logits"}}
	return b.graph, nil
}

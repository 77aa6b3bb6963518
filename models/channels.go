package models

import (
	"fmt"
	"slices"

	"glyph/internal/message"

	"glyph"
)

// ChannelsFirst is the parameters of a network of these stages in the layout of
// PyTorch and ONNX, whose images are (N, C, H, W):
//
//	conv2d weight   (K, R, S, C) -> (K, C, R, S)
//	dense weight    (Out, H·W·C) -> (Out, C·H·W), the first after a flatten layer
//
// Everything else stays. Arrays come back in the order of the stages under the
// names they have here. It fails as Network.SetWeights does, and for a network that
// adds a flattened image to another vector, or ends in one: no parameters make up for the
// image's other order there.
func ChannelsFirst(stages []Stage, arrays []NamedArray) ([]NamedArray, error) {
	matched, err := match(layOut(stages).tensors(glyph.Tensor{}, stages), arrays)
	if err != nil {
		return nil, err
	}
	list, err := blocks(stages)
	if err != nil {
		return nil, err
	}
	for i, b := range list {
		matched[i].Shape = slices.Clone(matched[i].Shape)
		if b.foreign != nil {
			matched[i].Shape = b.foreign
		}
		matched[i].Data = Transposed(matched[i].Data, b.pixels, b.channels)
	}
	return matched, nil
}

// ChannelsLast is the inverse of ChannelsFirst. arrays are in the order of the
// stages, a weight before its bias, and their names do not matter; the error
// names the first whose shape does not fit.
func ChannelsLast(stages []Stage, arrays []NamedArray) ([]NamedArray, error) {
	params := layOut(stages).tensors(glyph.Tensor{}, stages)
	if len(arrays) != len(params) {
		return nil, fmt.Errorf("there are %d tensors; this network has %d", len(arrays), len(params))
	}
	list, err := blocks(stages)
	if err != nil {
		return nil, err
	}
	native := make([]NamedArray, len(params))
	for i, b := range list {
		shape := params[i].Tensor.Shape
		own := slices.Clone(shape[:shape.Rank()])
		want := own
		if b.foreign != nil {
			want = b.foreign
		}
		if a := arrays[i]; !slices.Equal(a.Shape, want) || len(a.Data) != shape.Size() {
			return nil, fmt.Errorf("tensor %s is %v, and %s of this network takes %v", message.Clip(a.Name), a.Shape, params[i].Name, want)
		}
		native[i] = NamedArray{params[i].Name, own, Transposed(arrays[i].Data, b.channels, b.pixels)}
	}
	return native, nil
}

// ChannelsFirstShapes is the shapes of the parameters, in the order of the
// stages, in the layout of PyTorch and ONNX.
func ChannelsFirstShapes(stages []Stage) [][]int {
	var shapes [][]int
	for _, s := range stages {
		for _, p := range s.Params {
			shape := foreign(p.Shape)
			if shape == nil {
				shape = slices.Clone(p.Shape[:p.Shape.Rank()])
			}
			shapes = append(shapes, shape)
		}
	}
	return shapes
}

// block is how a parameter is laid out here: as matrices with a row per pixel and a
// column per channel. The other layout has each of them transposed.
type block struct {
	pixels, channels int
	foreign          []int // the shape in the other layout, or nil for the same
}

// foreign is the shape of a convolution's weight in the other layout, and nil for other
// parameters.
func foreign(p glyph.Shape) []int {
	if p.Rank() != 4 {
		return nil
	}
	return []int{p[0], p[3], p[1], p[2]}
}

// blocks is a block for every parameter, in the order of the stages. It fails if the
// other layout would change the order of a sum or of the output.
func blocks(stages []Stage) (list []block, err error) {
	flat := make([]glyph.Shape, len(stages)+1) // the image that each value is, made a vector; or zero
	for i, s := range stages {
		from := flat[s.Inputs[0]]
		for _, v := range s.Inputs {
			if flat[v] != from {
				return nil, fmt.Errorf("%s adds a flattened image to another vector, whose numbers are not in the order of channels first", s.Name)
			}
		}
		for _, p := range s.Params {
			b := block{1, 1, foreign(p.Shape)}
			switch {
			case b.foreign != nil:
				b.pixels, b.channels = p.Shape[1]*p.Shape[2], p.Shape[3]
			case p.Shape.Rank() == 2 && from.Rank() > 0:
				b.pixels, b.channels = from[0]*from[1], from[2]
			}
			list = append(list, b)
		}
		if _, ok := s.Layer.(Flatten); ok && s.In.Rank() == 3 && s.In[0]*s.In[1] > 1 && s.In[2] > 1 {
			flat[i+1] = s.In
		} else if len(s.Params) == 0 && s.Out == s.In {
			flat[i+1] = from
		}
	}
	if flat[len(stages)].Rank() > 0 {
		return nil, fmt.Errorf("the output is %s, a flattened image, which channels first would put in another order", stages[len(stages)-1].Name)
	}
	return list, nil
}

// Transposed returns data, a sequence of row-major matrices, with each matrix
// transposed.
func Transposed(data []float32, rows, columns int) []float32 {
	out := make([]float32, len(data))
	for at := 0; at < len(data); at += rows * columns {
		from, to := data[at:][:rows*columns], out[at:][:rows*columns]
		for r := range rows {
			for c := range columns {
				to[c*rows+r] = from[r*columns+c]
			}
		}
	}
	return out
}

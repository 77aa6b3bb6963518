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
// names they have here. It fails as Network.SetWeights does.
func ChannelsFirst(stages []Stage, arrays []NamedArray) ([]NamedArray, error) {
	matched, err := match(layOut(stages).tensors(glyph.Tensor{}, stages), arrays)
	if err != nil {
		return nil, err
	}
	for i, b := range blocks(stages) {
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
	native := make([]NamedArray, len(params))
	for i, b := range blocks(stages) {
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
	bs := blocks(stages)
	for i, p := range layOut(stages).tensors(glyph.Tensor{}, stages) {
		shape := bs[i].foreign
		if shape == nil {
			shape = slices.Clone(p.Tensor.Shape[:p.Tensor.Shape.Rank()])
		}
		shapes = append(shapes, shape)
	}
	return shapes
}

// block is how a parameter is laid out here: as matrices with a row per pixel and a
// column per channel. The other layout has each of them transposed.
type block struct {
	pixels, channels int
	foreign          []int // the shape in the other layout, or nil for the same
}

// blocks is a block for every parameter, in the order of the stages.
func blocks(stages []Stage) (list []block) {
	flat := make([]glyph.Shape, len(stages)+1) // the image that each value is, made a vector; or zero
	for i, s := range stages {
		from := flat[s.Inputs[0]]
		for _, p := range s.Params {
			b := block{1, 1, nil}
			switch {
			case p.Shape.Rank() == 4:
				b = block{p.Shape[1] * p.Shape[2], p.Shape[3], []int{p.Shape[0], p.Shape[3], p.Shape[1], p.Shape[2]}}
			case p.Shape.Rank() == 2 && from.Size() == s.In.Size() && from.Rank() > 0:
				b = block{from[0] * from[1], from[2], nil}
			}
			list = append(list, b)
		}
		if _, ok := s.Layer.(Flatten); ok && s.In.Rank() == 3 {
			flat[i+1] = s.In
		} else if len(s.Params) == 0 && s.Out == s.In {
			flat[i+1] = from
		}
	}
	return list
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

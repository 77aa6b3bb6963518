package onnx_test

import (
	"fmt"
	"math"
	"slices"

	"glyph/exchange/onnx"
)

// array is a tensor of the reference interpreter.
type array struct {
	dims []int
	data []float64
}

func newArray(dims ...int) array {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return array{dims, make([]float64, n)}
}

// evaluate computes a graph by the definitions of ONNX's operators
// (https://onnx.ai/onnx/operators), in float64 and in plain loops. It shares
// nothing with the backends: its images are (N, C, H, W).
func evaluate(g onnx.Graph, image array) (map[string]array, error) {
	values := map[string]array{g.Inputs[0].Name: image}
	for _, t := range g.Initializers {
		a := array{data: make([]float64, len(t.Data))}
		for _, d := range t.Dims {
			a.dims = append(a.dims, int(d))
		}
		for i, v := range t.Data {
			a.data[i] = float64(v)
		}
		values[t.Name] = a
	}
	for _, n := range g.Nodes {
		var in []array
		for _, name := range n.Inputs {
			a, ok := values[name]
			if !ok {
				return nil, fmt.Errorf("%s: no value %q yet", n.Name, name)
			}
			in = append(in, a)
		}
		out, err := apply(n, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name, err)
		}
		if _, twice := values[n.Outputs[0]]; twice {
			return nil, fmt.Errorf("%s: %q is there already", n.Name, n.Outputs[0])
		}
		values[n.Outputs[0]] = out
	}
	return values, nil
}

func apply(n onnx.Node, in []array) (array, error) {
	each := func(f func(float64) float64) (array, error) {
		out := newArray(in[0].dims...)
		for i, v := range in[0].data {
			out.data[i] = f(v)
		}
		return out, nil
	}
	switch n.Op {
	case "Sub":
		return broadcast(in[0], in[1], func(a, b float64) float64 { return a - b }), nil
	case "Mul":
		return broadcast(in[0], in[1], func(a, b float64) float64 { return a * b }), nil
	case "Relu":
		return each(func(v float64) float64 { return max(v, 0) })
	case "LeakyRelu":
		alpha := float64(n.Attribute("alpha").F)
		return each(func(v float64) float64 {
			if v < 0 {
				return alpha * v
			}
			return v
		})
	case "Sigmoid":
		return each(func(v float64) float64 { return 1 / (1 + math.Exp(-v)) })
	case "Tanh":
		return each(math.Tanh)
	case "Flatten":
		rows := 1
		for _, d := range in[0].dims[:n.Attribute("axis").I] {
			rows *= d
		}
		return array{[]int{rows, len(in[0].data) / rows}, in[0].data}, nil
	case "Gemm":
		return gemm(n, in[0], in[1], in[2])
	case "Conv":
		bias := newArray(in[1].dims[0]) // may be left out
		if len(in) > 2 {
			bias = in[2]
		}
		return conv(n, in[0], in[1], bias), nil
	case "Add":
		if !slices.Equal(in[0].dims, in[1].dims) {
			return array{}, fmt.Errorf("%v + %v", in[0].dims, in[1].dims)
		}
		return broadcast(in[0], in[1], func(a, b float64) float64 { return a + b }), nil
	case "BatchNormalization":
		return normalised(n, in), nil
	case "MaxPool", "AveragePool":
		size, stride := n.Attribute("kernel_shape").Ints, n.Attribute("strides").Ints
		return pool(in[0], n.Op == "MaxPool", [2]int{int(size[0]), int(size[1])}, [2]int{int(stride[0]), int(stride[1])}), nil
	case "GlobalMaxPool", "GlobalAveragePool":
		return pool(in[0], n.Op == "GlobalMaxPool", [2]int(in[0].dims[2:]), [2]int{1, 1}), nil
	case "Softmax":
		return softmax(n, in[0]), nil
	}
	return array{}, fmt.Errorf("no operator %s", n.Op)
}

// broadcast aligns dimensions at the end, as numpy does; b is the smaller.
func broadcast(a, b array, f func(a, b float64) float64) array {
	out := newArray(a.dims...)
	for i := range out.data {
		rest, j, step := i, 0, 1
		for d := 1; d <= len(a.dims); d++ {
			at := rest % a.dims[len(a.dims)-d]
			rest /= a.dims[len(a.dims)-d]
			if d <= len(b.dims) {
				if size := b.dims[len(b.dims)-d]; size > 1 {
					j += at * step
					step *= size
				}
			}
		}
		out.data[i] = f(a.data[i], b.data[j])
	}
	return out
}

func gemm(n onnx.Node, a, b, c array) (array, error) {
	if n.Attribute("transB").I != 1 || n.Attribute("transA").I != 0 || a.dims[1] != b.dims[1] || len(c.data) != b.dims[0] {
		return array{}, fmt.Errorf("%v · %vᵀ + %v", a.dims, b.dims, c.dims)
	}
	out := newArray(a.dims[0], b.dims[0])
	for i := range a.dims[0] {
		for j := range b.dims[0] {
			sum := c.data[j]
			for k := range a.dims[1] {
				sum += a.data[i*a.dims[1]+k] * b.data[j*a.dims[1]+k]
			}
			out.data[i*b.dims[0]+j] = sum
		}
	}
	return out, nil
}

// conv has x (N, C, H, W) and w (K, C, R, S).
func conv(n onnx.Node, x, w, bias array) array {
	stride, pad := n.Attribute("strides").Ints, n.Attribute("pads").Ints
	c, h, wide := x.dims[1], x.dims[2], x.dims[3]
	k, r, s := w.dims[0], w.dims[2], w.dims[3]
	p := (h+int(pad[0]+pad[2])-r)/int(stride[0]) + 1
	q := (wide+int(pad[1]+pad[3])-s)/int(stride[1]) + 1
	out := newArray(x.dims[0], k, p, q)
	at := 0
	for i := range x.dims[0] {
		for f := range k {
			for y := range p {
				for z := range q {
					sum := bias.data[f]
					for ch := range c {
						for dy := range r {
							for dx := range s {
								row, col := y*int(stride[0])-int(pad[0])+dy, z*int(stride[1])-int(pad[1])+dx
								if row >= 0 && row < h && col >= 0 && col < wide {
									sum += x.data[((i*c+ch)*h+row)*wide+col] * w.data[((f*c+ch)*r+dy)*s+dx]
								}
							}
						}
					}
					out.data[at] = sum
					at++
				}
			}
		}
	}
	return out
}

// normalised is (x - mean)/√(var + epsilon)·scale + bias, channel by channel.
func normalised(n onnx.Node, in []array) array {
	x, scale, bias, mean, variance := in[0], in[1].data, in[2].data, in[3].data, in[4].data
	epsilon := float64(n.Attribute("epsilon").F)
	out := newArray(x.dims...)
	pixels := x.dims[2] * x.dims[3]
	for i, v := range x.data {
		c := i / pixels % x.dims[1]
		out.data[i] = (v-mean[c])/math.Sqrt(variance[c]+epsilon)*scale[c] + bias[c]
	}
	return out
}

// pool is the greatest or the mean of each window.
func pool(x array, greatest bool, size, stride [2]int) array {
	h, w := x.dims[2], x.dims[3]
	p, q := (h-size[0])/stride[0]+1, (w-size[1])/stride[1]+1
	out := newArray(x.dims[0], x.dims[1], p, q)
	at := 0
	for plane := range x.dims[0] * x.dims[1] {
		for y := range p {
			for z := range q {
				most, sum := math.Inf(-1), 0.0
				for dy := range size[0] {
					for dx := range size[1] {
						v := x.data[(plane*h+y*stride[0]+dy)*w+z*stride[1]+dx]
						most, sum = max(most, v), sum+v
					}
				}
				if out.data[at] = most; !greatest {
					out.data[at] = sum / float64(size[0]*size[1])
				}
				at++
			}
		}
	}
	return out
}

func softmax(n onnx.Node, x array) array {
	out := newArray(x.dims...)
	if n.Attribute("axis").I != 1 || len(x.dims) != 2 {
		panic("softmax of the wrong axis")
	}
	for row := range slices.Chunk(out.data, x.dims[1]) {
		copy(row, x.data[:x.dims[1]])
		x.data = x.data[x.dims[1]:]
		most, sum := slices.Max(row), 0.0
		for i := range row {
			row[i] = math.Exp(row[i] - most)
			sum += row[i]
		}
		for i := range row {
			row[i] /= sum
		}
	}
	return out
}

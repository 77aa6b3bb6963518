package models

import (
	"fmt"
	"slices"

	"glyph/internal/message"

	"glyph"
)

// NamedArray is a tensor on the host, in row-major order. A shape without
// dimensions is a single number.
type NamedArray struct {
	Name  string
	Shape []int
	Data  []float32
}

// CheckWeights reports whether arrays are the parameters of a network of these
// stages, as Network.SetWeights does for a network that was built.
func CheckWeights(stages []Stage, arrays []NamedArray) error {
	_, err := match(layOut(stages).tensors(glyph.Tensor{}, stages), arrays)
	return err
}

// ReadWeights reads all parameters, in the order of Params.
func (net *Network) ReadWeights() ([]NamedArray, error) {
	host := make([]float32, net.W.Size())
	if err := net.b.Read(host, net.W); err != nil {
		return nil, err
	}
	arrays := make([]NamedArray, len(net.params))
	for i, p := range net.params {
		off, n := p.Tensor.Off-net.W.Off, p.Tensor.Size()
		arrays[i] = NamedArray{p.Name, slices.Clone(p.Tensor.Shape[:p.Tensor.Shape.Rank()]), host[off : off+n : off+n]}
	}
	return arrays, nil
}

// SetWeights sets all parameters. It changes nothing if a tensor is missing,
// superfluous, or of the wrong shape; the error names the first such tensor.
func (net *Network) SetWeights(arrays []NamedArray) error {
	host, err := net.Arena(arrays)
	if err != nil {
		return err
	}
	net.b.Write(net.W, host)
	return nil
}

// Arena is the parameters laid out as in W, with the padding between them. It fails
// as SetWeights does.
func (net *Network) Arena(arrays []NamedArray) ([]float32, error) {
	matched, err := match(net.params, arrays)
	if err != nil {
		return nil, err
	}
	host := make([]float32, net.W.Size())
	for i, p := range net.params {
		copy(host[p.Tensor.Off-net.W.Off:], matched[i].Data)
	}
	return host, nil
}

// match finds the array of each parameter.
func match(params []NamedTensor, arrays []NamedArray) ([]NamedArray, error) {
	byName := make(map[string]NamedArray, len(arrays))
	for _, a := range arrays {
		if _, twice := byName[a.Name]; twice {
			return nil, fmt.Errorf("tensor %s is there twice", message.Clip(a.Name))
		}
		byName[a.Name] = a
	}
	matched := make([]NamedArray, len(params))
	for i, p := range params {
		a, ok := byName[p.Name]
		if !ok {
			return nil, fmt.Errorf("there is no tensor %s: these are the weights of another network", p.Name)
		}
		want := p.Tensor.Shape[:p.Tensor.Shape.Rank()]
		if !slices.Equal(a.Shape, want) || len(a.Data) != p.Tensor.Size() {
			return nil, fmt.Errorf("tensor %s is %v and not %v: these are the weights of another network", p.Name, a.Shape, want)
		}
		matched[i] = a
		delete(byName, p.Name)
	}
	for _, a := range arrays {
		if _, left := byName[a.Name]; left {
			return nil, fmt.Errorf("tensor %s belongs to no layer: these are the weights of another network", message.Clip(a.Name))
		}
	}
	return matched, nil
}

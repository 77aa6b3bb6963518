package models

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"glyph/internal/atomicfile"
	"glyph/internal/message"

	"glyph"
)

// Entries of a weights file's metadata that belong to this package.
const (
	formatKey = "glyph.format"
	specKey   = "glyph.spec"
	format    = "1"
)

// Save writes the network's parameters and its Spec to a safetensors file, in
// the layout of package glyph, with more metadata of the caller's. Either the
// whole file is there afterwards or what was there before, and the error says
// why in one line.
func Save(path string, net *Sequential, metadata map[string]string) error {
	spec, err := net.Spec.JSON()
	if err == nil && net.Spec.Model == "" {
		err = errors.New("the network was not built from a spec")
	}
	weights := Weights{Metadata: map[string]string{formatKey: format, specKey: spec}}
	for key, value := range metadata {
		if _, taken := weights.Metadata[key]; taken {
			err = fmt.Errorf("the metadata %s can't be set", key)
		}
		weights.Metadata[key] = value
	}
	if err == nil {
		weights.Tensors, err = net.ReadWeights()
	}
	if err == nil {
		err = atomicfile.Write(path, func(w io.Writer) error {
			buffered := bufio.NewWriterSize(w, 1<<20)
			if err := WriteSafetensors(buffered, weights); err != nil {
				return err
			}
			return buffered.Flush()
		})
	}
	if err != nil {
		return fmt.Errorf("%s not saved: %w", path, message.Cause(err))
	}
	return nil
}

// Load reads a weights file that Save wrote: the network's description and all
// else. The tensors fit the description; Sequential.SetWeights takes them.
func Load(path string) (Spec, Weights, error) {
	spec, weights, err := load(path)
	if err != nil {
		return Spec{}, Weights{}, fmt.Errorf("weights file %s: %w", path, message.Cause(err))
	}
	return spec, weights, nil
}

func load(path string) (Spec, Weights, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil {
		return Spec{}, Weights{}, err
	}
	if !info.Mode().IsRegular() {
		return Spec{}, Weights{}, errors.New("is no regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return Spec{}, Weights{}, err
	}
	defer f.Close()
	weights, err := ReadSafetensors(bufio.NewReaderSize(f, 1<<20), info.Size())
	if err != nil {
		return Spec{}, Weights{}, err
	}
	text, ok := weights.Metadata[specKey]
	if _, torch := weights.Metadata[pytorchKey]; torch && !ok {
		return Spec{}, Weights{}, errors.New("has PyTorch's names and layouts: glyph import makes a run of it")
	}
	if !ok {
		return Spec{}, Weights{}, errors.New("there is no description of a network in it: not written by glyph")
	}
	if v := weights.Metadata[formatKey]; v != format {
		return Spec{}, Weights{}, fmt.Errorf("has the format %q; this version reads %q", v, format)
	}
	spec, err := ParseSpec(text)
	if err != nil {
		return Spec{}, Weights{}, err
	}
	stages, err := spec.plan()
	if err != nil {
		return Spec{}, Weights{}, err
	}
	_, err = match(layOut(stages).tensors(glyph.Tensor{}, stages), weights.Tensors)
	return spec, weights, err
}

// ReadWeights reads all parameters, in the order of Params.
func (net *Sequential) ReadWeights() ([]NamedArray, error) {
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

// SetWeights sets all parameters. It changes nothing where a tensor is missing,
// too many, or of another shape; the error names the first.
func (net *Sequential) SetWeights(arrays []NamedArray) error {
	matched, err := match(net.params, arrays)
	if err != nil {
		return err
	}
	host := make([]float32, net.W.Size())
	for i, p := range net.params {
		copy(host[p.Tensor.Off-net.W.Off:], matched[i].Data)
	}
	net.b.Write(net.W, host)
	return nil
}

// match finds the array of each parameter.
func match(params []NamedTensor, arrays []NamedArray) ([]NamedArray, error) {
	byName := make(map[string]NamedArray, len(arrays))
	for _, a := range arrays {
		if _, twice := byName[a.Name]; twice {
			return nil, fmt.Errorf("tensor %s is there twice", clip(a.Name))
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
			return nil, fmt.Errorf("tensor %s has no place: these are the weights of another network", clip(a.Name))
		}
	}
	return matched, nil
}

package safetensors

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"glyph/internal/atomicfile"
	"glyph/internal/filetype"
	"glyph/internal/message"
	"glyph/models"
)

// Entries of a file's metadata: the network whose parameters the tensors are, in
// Glyph's own names and layouts or in PyTorch's.
const (
	SpecKey    = "glyph.spec"
	PyTorchKey = "glyph.pytorch"

	formatKey = "glyph.format"
	format    = "1"
)

// Save writes the network's parameters and its Spec to a safetensors file, in
// the layout of package glyph, with additional metadata. The file is replaced
// whole or not at all; the error says why in one line.
func Save(path string, net *models.Network, metadata map[string]string) error {
	spec, err := net.Spec.JSON()
	if err == nil && net.Spec.Model == "" {
		err = errors.New("the network was not built from a spec")
	}
	weights := File{Metadata: map[string]string{formatKey: format, SpecKey: spec}}
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
			if err := Write(buffered, weights); err != nil {
				return err
			}
			return buffered.Flush()
		})
	}
	if err != nil {
		return fmt.Errorf("%s not saved: %w", message.Quote(path), message.Cause(err))
	}
	return nil
}

// Load reads a weights file that Save wrote: the network's description and
// everything else. The tensors fit the description; Network.SetWeights accepts them.
func Load(path string) (models.Spec, File, error) {
	spec, weights, err := load(path)
	if err != nil {
		return models.Spec{}, File{}, fmt.Errorf("weights file %s: %w", message.Quote(path), message.Cause(err))
	}
	return spec, weights, nil
}

// Open reads any safetensors file. Its error names the file.
func Open(path string) (File, error) {
	file, err := open(path)
	if err != nil {
		return File{}, fmt.Errorf("weights file %s: %w", message.Quote(path), message.Cause(err))
	}
	return file, nil
}

func open(path string) (File, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil {
		return File{}, err
	}
	if !info.Mode().IsRegular() {
		return File{}, errors.New("is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	first, _ := r.Peek(filetype.Peek) //nolint:errcheck // Read meets it again
	file, err := Read(r, info.Size())
	if what := filetype.Describe(first); err != nil && what != "" && what != filetype.Safetensors {
		return File{}, errors.New(filetype.Mismatch(filetype.Safetensors, first))
	}
	return file, err
}

func load(path string) (models.Spec, File, error) {
	weights, err := open(path)
	if err != nil {
		return models.Spec{}, File{}, err
	}
	text, ok := weights.Metadata[SpecKey]
	if _, torch := weights.Metadata[PyTorchKey]; torch && !ok {
		return models.Spec{}, File{}, errors.New("has PyTorch's names and layouts; glyph import makes a run of it")
	}
	if !ok {
		return models.Spec{}, File{}, errors.New("does not say which network it belongs to, so it was not written by glyph train; glyph import makes a run of it")
	}
	if v := weights.Metadata[formatKey]; v != format {
		return models.Spec{}, File{}, fmt.Errorf("has the format %q; this version reads %q", v, format)
	}
	spec, err := models.ParseSpec(text)
	if err != nil {
		return models.Spec{}, File{}, err
	}
	stages, err := spec.Plan()
	if err != nil {
		return models.Spec{}, File{}, err
	}
	return spec, weights, models.CheckWeights(stages, weights.Tensors)
}

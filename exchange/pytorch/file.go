package pytorch

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"glyph/exchange/safetensors"
	"glyph/internal/atomicfile"
	"glyph/internal/filetype"
	"glyph/internal/message"
	"glyph/models"
)

// ErrPickle is the error of Load for a checkpoint that torch.save wrote. FromPickle
// has the program that makes a safetensors file of it.
var ErrPickle = errors.New("is a PyTorch checkpoint written by torch.save, and not a safetensors file")

// Save writes a network with PyTorch's names and layouts to a safetensors
// file that Load reads back, with additional metadata. The file is written whole
// or not at all.
func Save(path string, spec models.Spec, t Network, metadata map[string]string) error {
	text, err := spec.JSON()
	if err != nil {
		return err
	}
	w := safetensors.File{Metadata: map[string]string{safetensors.PyTorchKey: text, "format": "pt"}, Tensors: t.Tensors}
	for key, value := range metadata {
		w.Metadata[key] = value
	}
	err = atomicfile.Write(path, func(to io.Writer) error {
		buffered := bufio.NewWriterSize(to, 1<<20)
		if err := safetensors.Write(buffered, w); err != nil {
			return err
		}
		return buffered.Flush()
	})
	if err != nil {
		return fmt.Errorf("%s not saved: %w", message.Quote(path), message.Cause(err))
	}
	return nil
}

// Load reads a safetensors file of a network trained in PyTorch, as
// safetensors.torch.save_file writes it. spec is what Save kept of the network,
// or the zero Spec for a file of other software.
func Load(path string) (spec models.Spec, file safetensors.File, err error) {
	fail := func(err error) (models.Spec, safetensors.File, error) {
		return models.Spec{}, safetensors.File{}, fmt.Errorf("weights file %s: %w", message.Quote(path), err)
	}
	if file, err = safetensors.Open(path); err != nil {
		if filetype.OfFile(path) == filetype.PyTorch {
			return fail(ErrPickle)
		}
		return models.Spec{}, safetensors.File{}, err
	}
	for name := range file.Converted { // what is passed over is not converted
		if strings.HasSuffix(name, "."+counter) {
			delete(file.Converted, name)
		}
	}
	if _, native := file.Metadata[safetensors.SpecKey]; native {
		return fail(errors.New("has Glyph's own names and layouts, so there is nothing to import: glyph eval reads it as it is"))
	}
	if text, ok := file.Metadata[safetensors.PyTorchKey]; ok {
		if spec, err = models.ParseSpec(text); err != nil {
			return fail(err)
		}
	}
	return spec, file, nil
}

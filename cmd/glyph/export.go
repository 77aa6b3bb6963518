package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"glyph/exchange/onnx"
	"glyph/exchange/pytorch"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/runs"
)

func newExport() *cobra.Command {
	var onnxFile, torchFile string
	cmd := &cobra.Command{
		Use:   "export RUN",
		Short: "Write a trained network for other software: ONNX or PyTorch",
		Long: `Write the network of a run, or of a weights file, for other software.

--onnx writes an ONNX graph (opset 13, IR version 7). Its input image is
N×1×28×28 float32 with pixel values from 0 to 255, ink white; the graph includes
the normalisation. Its outputs are logits and probabilities, N×10.

--pytorch writes a safetensors file with PyTorch's names and layouts, and
prints a Python program that builds the network and loads the file.`,
		Example: `  glyph export runs/cnn --onnx cnn.onnx
  glyph export runs/cnn --pytorch cnn.safetensors > cnn.py`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if onnxFile == "" && torchFile == "" {
				return errors.New("nothing to write: give --onnx FILE or --pytorch FILE")
			}
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if onnxFile != "" {
				if err := exportONNX(cmd, s, onnxFile); err != nil {
					return err
				}
			}
			if torchFile != "" {
				return exportPyTorch(cmd, s, torchFile)
			}
			return nil
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&onnxFile, "onnx", "", "write an ONNX graph to this `file`")
	cmd.Flags().StringVar(&torchFile, "pytorch", "", "write a safetensors `file` with PyTorch's names and layouts")
	return cmd
}

func exportONNX(cmd *cobra.Command, s *runs.Weights, path string) error {
	m, err := onnx.Export(s.Spec, s.Tensors, s.Mean, s.Scale)
	if err != nil {
		return fmt.Errorf("--onnx %s: %w", message.Quote(path), err)
	}
	for _, key := range slices.Sorted(maps.Keys(given(s))) {
		m.Metadata = append(m.Metadata, onnx.Entry{Key: key, Value: s.Entries[key]})
	}
	if err := atomicfile.WriteFile(path, onnx.Marshal(m)); err != nil {
		return err
	}
	in := s.Spec.WithDefaults().Input
	// To standard error: with --pytorch, standard output is a program.
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote    %s: %s; input %s N×%d×%d×%d (pixels 0 to 255), outputs %s and %s N×%d; opset %d, IR version %d\n",
		message.Quote(path), s.Spec, onnx.InputName, in[2], in[0], in[1], onnx.LogitsName, onnx.ProbabilitiesName, s.Spec.WithDefaults().Classes, onnx.Opset, onnx.IRVersion)
	return nil
}

func exportPyTorch(cmd *cobra.Command, s *runs.Weights, path string) error {
	t, err := pytorch.Export(s.Spec, s.Tensors)
	if err != nil {
		return fmt.Errorf("--pytorch %s: %w", message.Quote(path), err)
	}
	if err := pytorch.Save(path, s.Spec, t, given(s)); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote    %s: %s; this program loads it:\n", message.Quote(path), s.Spec)
	_, err = fmt.Fprint(cmd.OutOrStdout(), t.Python(path, s.Spec.InputShape(), runs.MeanKey, runs.ScaleKey))
	return err
}

// given is the metadata that glyph train wrote besides that of package safetensors.
func given(s *runs.Weights) map[string]string {
	given := map[string]string{}
	for _, key := range runs.MetadataKeys() {
		if v, ok := s.Entries[key]; ok {
			given[key] = v
		}
	}
	return given
}

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/exchange/onnx"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/convert"
)

func newExport() *cobra.Command {
	var onnxFile, torchFile, card string
	cmd := &cobra.Command{
		Use:   "export RUN",
		Short: "Write a trained network for other software: ONNX or PyTorch",
		Long: `Write the network of a run, or of a weights file, for other software.

--onnx writes an ONNX graph (opset 13, IR version 7). Its input image is
N×1×28×28 float32 with pixel values from 0 to 255, ink white; the graph includes
the normalisation. Its outputs are logits and probabilities, N×10. Its metadata has
the names of the classes by label, under "classes".

--pytorch writes a safetensors file with PyTorch's names and layouts, and
prints a Python program that builds the network and loads the file.

--card writes a model card: a README.md with results, settings and the fields that
Hugging Face reads. The licence in it is yours to choose. No path of this machine is
in any of these files.`,
		Example: `  glyph export runs/cnn --onnx cnn.onnx
  glyph export runs/cnn --pytorch cnn.safetensors > cnn.py
  glyph export runs/cnn --onnx cnn.onnx --card card.md`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := notEmpty(cmd.Flags(), "onnx", "pytorch", "card"); err != nil {
				return err
			}
			if onnxFile == "" && torchFile == "" && card == "" {
				return errors.New("nothing to write: give --onnx FILE, --pytorch FILE or --card FILE")
			}
			if err := different(onnxFile, torchFile, card); err != nil {
				return err
			}
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if card != "" { // first, since it may refuse
				if err := writeCard(cmd, s, card, onnxFile); err != nil {
					return err
				}
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
	cmd.Flags().StringVar(&card, "card", "", "write a model card to this `file`, such as README.md, which must not be there yet")
	flags.TakesRuns(cmd, 1)
	return cmd
}

// writeCard writes a model card. It does not replace a file, which may have been edited, if
// only to choose a licence.
func writeCard(cmd *cobra.Command, w *runs.Weights, path, onnxFile string) error {
	c, err := convert.NewCard(w, onnxFile)
	if err != nil {
		return fmt.Errorf("--card %s: %w", message.Quote(path), err)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("--card %s is there already; remove it, or choose another name", message.Quote(path))
	}
	if err := atomicfile.WriteFile(path, c.Text()); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote    %s: a model card; choose a licence in its second line\n", message.Quote(path))
	return nil
}

func exportONNX(cmd *cobra.Command, w *runs.Weights, path string) error {
	graph, err := convert.ONNX(w)
	if err != nil {
		return fmt.Errorf("--onnx %s: %w", message.Quote(path), err)
	}
	if err := atomicfile.WriteFile(path, graph); err != nil {
		return err
	}
	in := w.Spec.WithDefaults().Input
	// To standard error: with --pytorch, standard output is a program.
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote    %s: %s; input %s N×%d×%d×%d (pixels 0 to 255), outputs %s and %s N×%d; opset %d, IR version %d\n",
		message.Quote(path), w.Spec, onnx.InputName, in[2], in[0], in[1], onnx.LogitsName, onnx.ProbabilitiesName, w.Spec.WithDefaults().Classes, onnx.Opset, onnx.IRVersion)
	return nil
}

func exportPyTorch(cmd *cobra.Command, w *runs.Weights, path string) error {
	program, err := convert.WritePyTorch(path, w)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote    %s: %s; this program loads it:\n", message.Quote(path), w.Spec)
	_, err = fmt.Fprint(cmd.OutOrStdout(), program)
	return err
}

// different reports two outputs that are one file: the second would replace the first.
func different(files ...string) error {
	for i, a := range files {
		for _, b := range files[:i] {
			if a != "" && b != "" && filepath.Clean(a) == filepath.Clean(b) {
				return fmt.Errorf("%s would be written twice; give each of --onnx, --pytorch and --card a file of its own", message.Quote(a))
			}
		}
	}
	return nil
}

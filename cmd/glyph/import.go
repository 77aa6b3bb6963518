package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
)

// importFlags are the flags of glyph import.
type importFlags struct {
	net       netFlags
	out, data string
	mean, std float64
}

func newImport() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE.safetensors",
		Short: "Make a run of weights that were trained in PyTorch",
		Long: `Take the weights of a network that was trained in PyTorch and saved with
safetensors.torch.save_file, and make a run of them, to be evaluated or compared
like any other. --model and its settings say which network it is; a file of
glyph export --pytorch says so itself. Tensors are told apart by their shapes,
and those of one shape by the order of their names.

--mean and --std are those of transforms.Normalize, for pixels from 0 to 1. The
default is none: transforms.ToTensor alone.`,
		Example: `  glyph import mlp.safetensors --model mlp --hidden 256 --mean 0.1904 --std 0.3475 --out runs/torch`,
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.out, "out", "", "make the run in this `DIR`")
	f.net.add(flags)
	flags.Float64Var(&f.mean, "mean", 0, "mean of the pixels, from 0 to 1, that was subtracted")
	flags.Float64Var(&f.std, "std", 1, "standard deviation of the pixels, from 0 to 1, that was divided by")
	flags.StringVar(&f.data, "data", kmnist.Auto, "what the run is evaluated on: auto, kmnist, synthetic, or a `directory`")
	return cmd
}

func (f *importFlags) run(cmd *cobra.Command, path string) error {
	switch {
	case f.out == "":
		return errors.New("--out DIR is missing: say where the run goes")
	case math.IsNaN(f.mean) || math.IsInf(f.mean, 0):
		return fmt.Errorf("--mean must be a number, not %v", f.mean)
	case !(f.std > 0) || math.IsInf(f.std, 0):
		return fmt.Errorf("--std must be a positive number, not %v", f.std)
	}
	spec, weights, err := pytorch.Load(path)
	if err != nil {
		return err
	}
	if spec.Model == "" || f.describes(cmd) {
		if !cmd.Flags().Changed("model") {
			return fmt.Errorf("weights file %s: does not say which network it is; give --model and its settings", path)
		}
		if spec, err = f.net.spec(); err != nil {
			return err
		}
	}
	arrays, err := pytorch.Import(spec, weights.Tensors)
	if err != nil {
		return fmt.Errorf("weights file %s: %w (%s)", path, err, spec)
	}
	metadata, how := f.metadata(cmd, weights.Metadata)
	if metadata[runs.DataKey], err = f.source(cmd, weights.Metadata); err != nil {
		return err
	}
	if _, err := runs.ParseMetadata(metadata); err != nil {
		return fmt.Errorf("weights file %s: %w", path, err)
	}
	return f.save(cmd, spec, arrays, metadata, how)
}

// describes tells whether the command line says what the network is.
func (f *importFlags) describes(cmd *cobra.Command) bool {
	for _, name := range []string{"model", "hidden", "filters", "units", "activation", "dropout"} {
		if cmd.Flags().Changed(name) {
			return true
		}
	}
	return false
}

// metadata is the normalisation and what else the run keeps, and where the
// normalisation comes from.
func (f *importFlags) metadata(cmd *cobra.Command, given map[string]string) (map[string]string, string) {
	m := maps.Clone(given)
	if m == nil {
		m = map[string]string{}
	}
	asked := cmd.Flags().Changed("mean") || cmd.Flags().Changed("std")
	for key := range m {
		if key != runs.SeedKey && key != runs.DataKey && key != runs.ClassesKey && (asked || key != runs.MeanKey && key != runs.ScaleKey) {
			delete(m, key)
		}
	}
	if m[runs.MeanKey] != "" && m[runs.ScaleKey] != "" {
		return m, "standardised as the file says"
	}
	// (pixel/255 - mean)/std = (pixel - 255·mean)·(1/(255·std))
	n := runs.Metadata{Mean: []float32{float32(255 * f.mean)}, Scale: []float32{float32(1 / (255 * f.std))}}.Map()
	m[runs.MeanKey], m[runs.ScaleKey] = n[runs.MeanKey], n[runs.ScaleKey]
	if !asked {
		return m, "divided by 255 and no more, as transforms.ToTensor does; --mean and --std are for transforms.Normalize"
	}
	return m, fmt.Sprintf("from 0 to 1, less %v, divided by %v", f.mean, f.std)
}

// source is the data that the run is evaluated on, by the name that opens it
// from any directory.
func (f *importFlags) source(cmd *cobra.Command, given map[string]string) (string, error) {
	if name := given[runs.DataKey]; name != "" && !cmd.Flags().Changed("data") {
		return name, nil
	}
	switch f.data {
	case kmnist.Auto, kmnist.Official, kmnist.Drawn:
		return f.data, nil
	}
	return filepath.Abs(f.data)
}

func (f *importFlags) save(cmd *cobra.Command, spec models.Spec, arrays []models.NamedArray, metadata map[string]string, how string) error {
	dev := openCPU("")
	defer dev.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(dev, spec, 1)
	if err != nil {
		return err
	}
	if err := net.SetWeights(arrays); err != nil {
		return err
	}
	if err := writable(f.out); err != nil {
		return err
	}
	for _, name := range []string{runs.ConfigFile, runs.LastFile, runs.BestFile, runs.SummaryFile} {
		if _, err := os.Stat(filepath.Join(f.out, name)); err == nil {
			return fmt.Errorf("--out %s holds a run already; choose another directory, or remove it", f.out)
		}
	}
	if err := safetensors.Save(filepath.Join(f.out, runs.LastFile), net, metadata); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "model    %s, %s parameters\n", spec, message.Thousands(net.ParamCount()))
	fmt.Fprintf(out, "pixels   %s\n", how)
	fmt.Fprintf(out, "saved    %s; evaluate it with: glyph eval %s\n", f.out, f.out)
	return nil
}

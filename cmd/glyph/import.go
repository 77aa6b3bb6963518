package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/convert"
	"glyph/settings"
)

// leastStd is far below that of any images: with less, pixels divided by it leave
// the range of a float32.
const leastStd = 1e-6

// importFlags are the flags of glyph import.
type importFlags struct {
	net       flags.Network
	out, data string
	classes   string
	mean, std float64
	order     []string
}

func newImport() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE.safetensors",
		Short: "Make a run from weights that were trained in PyTorch",
		Long: `Take the weights of a network that was trained in PyTorch and saved with
safetensors.torch.save_file, and make a run from them, to be evaluated or compared
like any other. --model and its settings say which network it is; a file written
by glyph export --pytorch says so itself.

Layers are matched by the shapes of their weights, and those of the same shape by
the numbers in their names: fc2 comes before fc10. Where that is ambiguous,
--order says which layer of the file comes first.

--mean and --std are those of transforms.Normalize, for pixels from 0 to 1. The
default is none: transforms.ToTensor alone, which divides pixels by 255.

Weights in float16, bfloat16 or float64 are converted to float32. A file written
by torch.save has to become safetensors first; the error shows how.`,
		Example: `  glyph import mlp.safetensors --model mlp --hidden 256 --mean 0.1904 --std 0.3475 --out runs/torch
  glyph import net.safetensors --model mlp --hidden 64,64,64 --order first,second,third,last --out runs/torch`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.out, "out", "", "create the run in this `DIR`")
	f.net.Add(flags)
	flags.StringSliceVar(&f.order, "order", nil, "`names` of the file's layers from input to output, where their shapes and numbers don't decide it")
	flags.Float64Var(&f.mean, "mean", 0, "mean of the pixels, from 0 to 1, that was subtracted")
	flags.Float64Var(&f.std, "std", 1, "standard deviation of the pixels, from 0 to 1, that was divided by")
	flags.StringVar(&f.classes, "classes", "", "`file` with the name of a class on each line (default: KMNIST's, or those of --data)")
	flags.StringVar(&f.data, "data", kmnist.Auto, "what the run is evaluated on: auto, kmnist, synthetic, or a `directory`")
	return cmd
}

func (f *importFlags) run(cmd *cobra.Command, path string) error {
	switch {
	case f.out == "":
		return errors.New("--out DIR is missing: it says where the run goes")
	case !(f.mean >= 0 && f.mean <= 1):
		return fmt.Errorf("--mean must be from 0 to 1, as the pixels are, not %v", f.mean)
	case !(f.std >= leastStd && f.std <= 1):
		return fmt.Errorf("--std must be from %v to 1, as the pixels are, not %v", leastStd, f.std)
	}
	spec, weights, err := pytorch.Load(path)
	if errors.Is(err, pytorch.ErrPickle) {
		return &explained{fmt.Errorf("%w; the Python below makes one", err), pytorch.FromPickle(path)}
	}
	if err != nil {
		return err
	}
	described := spec.Model != ""
	if spec, err = f.network(cmd, spec); err != nil {
		return fmt.Errorf("weights file %s: %w", message.Quote(path), err)
	}
	names, err := f.names(&spec, described && !cmd.Flags().Changed("model"))
	if err != nil {
		return err
	}
	as := convert.Import{Spec: spec, Order: f.order, Classes: names}
	if cmd.Flags().Changed("mean") || cmd.Flags().Changed("std") {
		as.Normalize = &convert.Normalize{Mean: f.mean, Std: f.std}
	}
	if weights.Metadata[runs.DataKey] == "" || cmd.Flags().Changed("data") {
		if as.Data, err = f.source(); err != nil {
			return err
		}
	}
	imported, err := as.FromPyTorch(weights)
	var unknown *pytorch.OrderError
	switch {
	case errors.As(err, &unknown):
		return &explained{fmt.Errorf("weights file %s: %w", message.Quote(path), err), pytorch.Table(unknown.Layers) + "\n" + orderHint(unknown.Open())}
	case err != nil:
		return fmt.Errorf("weights file %s: %w (%s)", message.Quote(path), err, spec)
	}
	dir, err := runs.Create(f.out)
	if err != nil {
		return flags.OutError(f.out, err)
	}
	defer dir.Close()
	if err := imported.Write(dir); err != nil {
		return err
	}
	f.report(cmd.OutOrStdout(), imported, weights, as.Normalize)
	return nil
}

// network is the spec of the flags, or the file's own if none of them is given.
func (f *importFlags) network(cmd *cobra.Command, file models.Spec) (models.Spec, error) {
	given := ""
	for _, s := range settings.Of(settings.Network) { // model is the first
		if cmd.Flags().Changed(s.Name) {
			given = s.Name
			break
		}
	}
	switch {
	case given == "model":
		return f.net.Spec()
	case given == "" && file.Model != "":
		return file, nil
	case file.Model != "":
		return file, fmt.Errorf("says that it is %s; leave out --%s, or give --model and all its settings", file, given)
	}
	return file, errors.New("does not say which network it is; give --model and its settings")
}

// names is the classes of --classes, if it is given. There are as many classes as
// names, unless the file says how many its network has.
func (f *importFlags) names(spec *models.Spec, described bool) ([]kmnist.Class, error) {
	if f.classes == "" {
		return nil, nil
	}
	names, err := kmnist.ReadClasses(f.classes)
	if err != nil {
		return nil, fmt.Errorf("--classes: %w", err)
	}
	if n := spec.WithDefaults().Classes; described && n != len(names) {
		return nil, fmt.Errorf("--classes %s has %s, and the network has %d classes", message.Quote(f.classes), message.Count(len(names), "name"), n)
	}
	spec.Classes = len(names)
	return names, spec.Validate()
}

// orderHint says how to give the order of the modules.
func orderHint(names []string) string {
	if len(names) > 2 {
		return "Give the names from input to output with --order, for example --order " + message.Shell(strings.Join(names, ",")) + "\n"
	}
	return fmt.Sprintf("Say which comes first: --order %s or --order %s\n",
		message.Shell(names[0]+","+names[1]), message.Shell(names[1]+","+names[0]))
}

// source is the data that the run is evaluated on, by the name that opens it
// from any directory.
func (f *importFlags) source() (string, error) {
	switch f.data {
	case kmnist.Auto, kmnist.Official, kmnist.Drawn:
		return f.data, nil
	}
	return filepath.Abs(f.data)
}

// report says what was imported: every layer with its source, so that a mismatch
// is visible, and everything that differs between the run and the file.
func (f *importFlags) report(out io.Writer, imported *convert.Imported, file safetensors.File, normalize *convert.Normalize) {
	terminal.Say(out, "model    %s, %s parameters", imported.Spec, message.Thousands(imported.Spec.ParamCount()))
	label := "layers"
	for line := range strings.Lines(pytorch.Table(imported.Layers)) {
		fmt.Fprintf(out, "%-8s %s", label, line)
		label = ""
	}
	label = "numbers"
	for _, line := range file.Conversions() {
		fmt.Fprintf(out, "%-8s %s\n", label, line)
		label = ""
	}
	how := "only divided by 255, as transforms.ToTensor does; --mean and --std are for transforms.Normalize"
	switch {
	case imported.NormalisedByFile:
		how = "normalised as the file specifies"
	case normalize != nil:
		how = fmt.Sprintf("from 0 to 1, minus %v, divided by %v", f.mean, f.std)
	}
	fmt.Fprintf(out, "pixels   %s\n", how)
	fmt.Fprintf(out, "saved    %s; evaluate it with: %s\n", message.Quote(f.out), message.Shell("glyph", "eval", message.Operand(f.out)))
}

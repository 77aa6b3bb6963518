package flags

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/cmd/glyph/internal/usage"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/settings"
)

// Train is the flags of glyph train, which are the keys of its --config.
type Train struct {
	Set     settings.Training
	Network Network
	Data    Data
	Augment Augmentation
	Backend Backend
	Recipe  string        // the name of a recipe; see settings.Recipes
	Weights string        // a run or a weights file to start from
	Out     string        // the run's directory
	Resume  string        // the directory of a run to resume
	Save    time.Duration // between checkpoints inside an epoch
	Report  bool
	JSON    bool

	more bool // --epochs beside --resume
}

// Add adds all of them but --config.
func (f *Train) Add(fs *pflag.FlagSet) {
	usage.Headed(fs, "Where to start", func() {
		f.addRecipe(fs)
		fs.StringVar(&f.Weights, "weights", "", "start from the weights, network and normalisation of `RUN`, or of a weights file")
	})
	f.AddSettings(fs, func(settings.Setting) bool { return true })
	usage.Headed(fs, "Where to compute", func() { f.Backend.Add(fs, "auto") })
	usage.Headed(fs, "How long", func() { Bind(fs, &f.Set, settings.Of(settings.Course)) })
	usage.Headed(fs, "The run", func() {
		fs.StringVar(&f.Out, "out", "", "keep the run in `DIR`; none keeps nothing (default runs/TIME-MODEL)")
		fs.StringVar(&f.Resume, "resume", "", "resume the run in `DIR`, as if it had never stopped; with --epochs N a finished run continues, up to N epochs in all, with the learning rates of a schedule over N epochs")
		fs.DurationVar(&f.Save, "checkpoint", 5*time.Minute, "interval between checkpoints within an epoch; one is saved after each epoch in any case; 0 saves none within epochs")
		fs.BoolVar(&f.Report, "report", true, "write report.html and TensorBoard's pictures at the end")
		fs.BoolVar(&f.Backend.Window, "window", false, "show the training in a window, drawn by the GPU that trains: filters, outputs and gradients of an image, curves, histograms; H there lists its keys")
		fs.BoolVar(&f.JSON, "json", false, "print one JSON object, and everything else to standard error")
	})
}

// AddSettings adds the flags of those settings that wanted accepts: of the network, the
// data, the augmentation and the optimisation.
func (f *Train) AddSettings(fs *pflag.FlagSet, wanted func(settings.Setting) bool) {
	f.Set = settings.Default()
	f.Network.Set, f.Data.Set, f.Augment.Set = &f.Set, &f.Set, &f.Set
	some := func(g settings.Group) []settings.Setting {
		return slices.DeleteFunc(settings.Of(g), func(s settings.Setting) bool { return !wanted(s) })
	}
	usage.Headed(fs, "Network", func() { f.Network.Add(fs) })
	usage.Headed(fs, "Data", func() {
		f.Data.Add(fs)
		Bind(fs, &f.Set, some(settings.Data))
	})
	usage.Headed(fs, "Augmentation", func() { f.Augment.Add(fs) })
	usage.Headed(fs, "Optimisation", func() { Bind(fs, &f.Set, some(settings.Optimisation)) })
}

// Settings is what the flags set, checked.
func (f *Train) Settings() (settings.Training, error) {
	set := f.Set
	set.Augment = f.Augment.Value()
	_, err := set.Options()
	switch {
	case err != nil:
		return set, Named(err)
	case set.Patience > 0 && set.Validation == 0:
		return set, errors.New("--patience needs --validation: early stopping watches the validation set, never the test set")
	case f.Save < 0:
		return set, fmt.Errorf("--checkpoint must be 0 or more, not %v", f.Save)
	}
	return set, nil
}

// Read reads the settings of --config, or of the run of --resume: a run resumes with
// its own settings and in its own directory. Only its epochs can be others.
func (f *Train) Read(cmd *cobra.Command) error {
	if !cmd.Flags().Changed("resume") {
		if err := ReadConfig(cmd); err != nil {
			return err
		}
		var err error
		if f.Weights, err = FindRun(f.Weights); err != nil {
			return fmt.Errorf("--weights: %w", err)
		}
		return f.applyRecipe(cmd.Flags())
	}
	if f.Resume == "" {
		return errors.New("--resume is empty: which run?")
	}
	var err error
	if f.Resume, err = FindRun(f.Resume); err != nil {
		return fmt.Errorf("--resume: %w", err)
	}
	config := filepath.Join(f.Resume, runs.ConfigFile)
	var others []string
	f.more = cmd.Flags().Changed("epochs")
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if !slices.Contains([]string{"resume", "epochs", "json", "report", "window"}, flag.Name) {
			others = append(others, "--"+flag.Name)
		}
	})
	if others != nil {
		return fmt.Errorf("--resume uses the run's own settings: leave out %s, or start a new training with --config %s", strings.Join(others, ", "), config)
	}
	if _, err := os.Stat(config); err != nil {
		return fmt.Errorf("--resume %s: there is no run in it, or %s can't be read: %v", f.Resume, runs.ConfigFile, message.Cause(err))
	}
	values, err := runs.ReadOwnConfig(f.Resume)
	if err == nil {
		err = setFlags(cmd, values, notInConfig, nil)
	}
	if err != nil {
		return fmt.Errorf("--resume %s: %s: %w", f.Resume, runs.ConfigFile, err)
	}
	f.Out = f.Resume
	return ownFiles(cmd, config)
}

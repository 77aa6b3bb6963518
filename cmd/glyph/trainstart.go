package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/tensorboard"
)

// start is the network to start from, or nil. Its spec is taken where the flags
// describe no other.
func (f *trainFlags) start(spec *models.Spec) (*runs.Weights, error) {
	if f.weights == "" {
		return nil, nil
	}
	s, err := runs.OpenWeights(f.weights)
	if err != nil {
		return nil, fmt.Errorf("--weights: %w", err)
	}
	if !f.net.describes() {
		from := s.Spec
		if f.net.flags.Changed("dropout") {
			from.Dropout = f.net.dropout
		}
		from.L2 = f.net.l2
		if *spec = from.WithDefaults(); spec.Validate() != nil {
			return nil, spec.Validate()
		}
	}
	return s, nil
}

// ownFile is the path of a file that a config names, such as the weights to start
// from: a run's config names the copy in the run by its name alone, so that the run
// can be moved, and those of older versions by the place where the run was then.
func ownFile(path, name string, cmd *cobra.Command) string {
	config, _ := cmd.Flags().GetString("config")
	if config == "" || filepath.Base(path) != name {
		return path
	}
	own := filepath.Join(filepath.Dir(config), name)
	if path != name {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	if _, err := os.Stat(own); err != nil {
		return path
	}
	return own
}

// complete makes the report of a finished run that was killed before.
func (j *job) complete() (err error) {
	if !j.f.report {
		return resumeError(j.dir.Path, runs.ErrFinished)
	}
	if j.dev, err = j.f.backend.open(); err != nil {
		return err
	}
	defer j.dev.Close() //nolint:errcheck // reading has told of device errors
	w, err := runs.OpenWeights(j.dir.Path)
	if err != nil {
		return err
	}
	board, err := tensorboard.Create(j.dir.Path, 0)
	if err != nil {
		return err
	}
	if err := j.report(w.Data, board); err != nil {
		return errors.Join(err, board.Close())
	}
	return board.Close()
}

// report makes the report of the run.
func (j *job) report(data string, board *tensorboard.Writer) error {
	w, err := runs.OpenWeights(j.dir.Path)
	if err != nil {
		return err
	}
	path, err := writeReport(j.cmd.Context(), j.dev, w, data, board)
	if err != nil {
		return fmt.Errorf("the run is saved, its report is not: %w; %s", err, message.Shell("glyph", "train", "--resume", j.dir.Path)+" makes it")
	}
	fmt.Fprintf(j.out, "report   %s\n", message.Quote(path))
	return nil
}

// readResume makes --resume DIR the --config and the --out of that run.
func (f *trainFlags) readResume(cmd *cobra.Command) error {
	if f.resume == "" {
		return nil
	}
	var others []string
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Name != "resume" && flag.Name != "json" && flag.Name != "report" {
			others = append(others, "--"+flag.Name)
		}
	})
	if others != nil {
		return fmt.Errorf("--resume goes on with the run's own settings: leave out %s, or train anew with --config %s", list(others), filepath.Join(f.resume, runs.ConfigFile))
	}
	config := filepath.Join(f.resume, runs.ConfigFile)
	if _, err := os.Stat(config); err != nil {
		return fmt.Errorf("--resume %s: there is no run in it, or %s can't be read: %v", f.resume, runs.ConfigFile, message.Cause(err))
	}
	f.out = f.resume
	return cmd.Flags().Set("config", config)
}

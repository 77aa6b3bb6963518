package main

import (
	"encoding/json"
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
			from.Dropout = f.set.Dropout
		}
		from.L2 = f.set.L2
		if *spec = from.WithDefaults(); spec.Validate() != nil {
			return nil, flagged(spec.Validate())
		}
	}
	return s, nil
}

// ownFiles finds the files that a config names, such as the weights to start
// from, where they are now: a run's config names the copy in the run by its name
// alone, so that the run can be moved, and those of older versions by the place
// where the run was then.
func ownFiles(cmd *cobra.Command, config string) error {
	for flag, name := range map[string]string{"weights": runs.StartFile, "classes": runs.ClassesFile} {
		f := cmd.Flags().Lookup(flag)
		if f == nil || !fromConfig(f) || filepath.Base(f.Value.String()) != name {
			continue
		}
		if _, err := os.Stat(f.Value.String()); err == nil && f.Value.String() != name {
			continue
		}
		own := filepath.Join(filepath.Dir(config), name)
		if _, err := os.Stat(own); err != nil {
			continue // said when it is opened
		}
		if err := f.Value.Set(own); err != nil {
			return err
		}
	}
	return nil
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
	if err := errors.Join(j.report(w.Data, board), board.Close()); err != nil || !j.f.json {
		return err
	}
	s, err := w.Summary()
	if err != nil {
		return err
	}
	return json.NewEncoder(j.cmd.OutOrStdout()).Encode(s)
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

// readSettings reads the settings of --config, or those of the run of --resume:
// a run resumes with its own settings, in its own directory, and nothing else.
func (f *trainFlags) readSettings(cmd *cobra.Command) error {
	if !cmd.Flags().Changed("resume") {
		return readConfig(cmd)
	}
	if f.resume == "" {
		return errors.New("--resume is empty: which run?")
	}
	config := filepath.Join(f.resume, runs.ConfigFile)
	var others []string
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Name != "resume" && flag.Name != "json" && flag.Name != "report" {
			others = append(others, "--"+flag.Name)
		}
	})
	if others != nil {
		return fmt.Errorf("--resume resumes with the run's own settings: leave out %s, or train anew with --config %s", list(others), config)
	}
	if _, err := os.Stat(config); err != nil {
		return fmt.Errorf("--resume %s: there is no run in it, or %s can't be read: %v", f.resume, runs.ConfigFile, message.Cause(err))
	}
	values, err := runs.ReadConfig(config)
	if err == nil {
		err = setFlags(cmd, values, notInConfig, nil)
	}
	if err != nil {
		return fmt.Errorf("--resume %s: %s: %w", f.resume, runs.ConfigFile, err)
	}
	f.out = f.resume
	return ownFiles(cmd, config)
}

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
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

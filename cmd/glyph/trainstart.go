package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"glyph"

	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/tensorboard"
)

// startWeights is the network to start from, or nil. Its spec is taken where the flags
// describe no other.
func startWeights(f *flags.Train, spec *models.Spec) (*runs.Weights, error) {
	if f.Weights == "" {
		return nil, nil
	}
	s, err := runs.OpenWeights(f.Weights)
	if err != nil {
		return nil, fmt.Errorf("--weights: %w", err)
	}
	if !f.Network.Describes() {
		from := s.Spec
		if f.Network.Changed("dropout") {
			from.Dropout = f.Set.Dropout
		}
		from.L2 = f.Set.L2
		if *spec = from.WithDefaults(); spec.Validate() != nil {
			return nil, flags.Named(spec.Validate())
		}
	}
	return s, nil
}

// complete makes the report of a finished run that was killed before.
func (j *job) complete() (err error) {
	if !j.f.Report {
		return resumeError(j.dir.Path, runs.ErrFinished)
	}
	dev, err := j.f.Backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // reading has reported device errors
	w, err := runs.OpenWeights(j.dir.Path)
	if err != nil {
		return err
	}
	board, err := tensorboard.Create(j.dir.Path, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(j.report(dev, w.Data, board), board.Close()); err != nil || !j.f.JSON {
		return err
	}
	s, err := w.Summary()
	if err != nil {
		return err
	}
	return json.NewEncoder(j.cmd.OutOrStdout()).Encode(s)
}

// report makes the report of the run.
func (j *job) report(b glyph.Backend, data string, board *tensorboard.Writer) error {
	w, err := runs.OpenWeights(j.dir.Path)
	if err != nil {
		return err
	}
	path, err := writeReport(j.cmd.Context(), b, w, data, board)
	if err != nil {
		return fmt.Errorf("the run is saved, but its report is not: %w; %s", err, message.Shell("glyph", "train", "--resume", j.dir.Path)+" makes it")
	}
	fmt.Fprintf(j.out, "report   %s\n", message.Quote(path))
	return nil
}

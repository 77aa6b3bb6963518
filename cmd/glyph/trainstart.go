package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"glyph"

	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/tensorboard"
)

// complete makes the report of a finished run that was killed before.
func (j *job) complete() (err error) {
	if !j.f.Report {
		return flags.ResumeError(j.dir.Path, runs.ErrFinished)
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

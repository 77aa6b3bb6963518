package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"glyph/cmd/glyph/internal/flags"
	"glyph/device"
	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
	"glyph/train"
)

// sayUnevaluated says how to resume a training that a second Ctrl-C ended.
func (j *job) sayUnevaluated() {
	if j.run == nil {
		fmt.Fprintln(j.out, "stopped without an evaluation; nothing was kept")
		return
	}
	fmt.Fprintf(j.out, "stopped without an evaluation; resume with: %s\n", message.Shell("glyph", "train", "--resume", j.f.Out))
}

func announce(out io.Writer, dev device.Device, data loaded, spec models.Spec, net *models.Sequential, opt train.Options) {
	if dev.Note != "" {
		fmt.Fprintln(out, dev.Note)
	}
	fmt.Fprintf(out, "data     %s\n", data.line())
	if len(data.files) > 0 {
		fmt.Fprintf(out, "files    %s\n", fileNames(data.files))
	}
	printNotes(out, data.notes)
	if !opt.Augment.IsZero() {
		fmt.Fprintf(out, "augment  %v\n", opt.Augment)
	}
	fmt.Fprintf(out, "model    %s, %s parameters\n", spec.Model, message.Thousands(net.ParamCount()))
	fmt.Fprintf(out, "backend  %s\n", dev.Title())
}

// finish reports, saves and prints the JSON.
func (j *job) finish(s runs.Summary) error {
	if s.Stopped != train.RanToEnd {
		fmt.Fprintf(j.out, "stopped in epoch %d of %d: %s\n", s.Epochs, j.opt.Epochs, s.Stopped.Sentence(j.opt))
	}
	if s.BestEpoch != s.Epochs {
		fmt.Fprintf(j.out, "kept     the weights of epoch %d of %d, which had the lowest validation loss\n", s.BestEpoch, s.Epochs)
	}
	fmt.Fprintf(j.out, "test     loss %.4f, accuracy %.2f %% of %s images; trained in %s, %s images/s\n",
		s.TestLoss, 100*s.TestAccuracy, message.Thousands(s.TestImages), message.Duration(time.Duration(s.Seconds*float64(time.Second))), message.Thousands(int(s.ImagesPerSecond)))
	if j.run != nil {
		if err := j.keep(&s); err != nil {
			return err
		}
	}
	if j.f.JSON {
		return json.NewEncoder(j.cmd.OutOrStdout()).Encode(s)
	}
	return nil
}

// keep saves the outcome of the training, and makes the report.
func (j *job) keep(s *runs.Summary) error {
	reports := j.f.Report && s.Stopped != train.Interrupted
	if reports {
		s.Report = runs.ReportFile // which --resume completes, should this be killed before
	}
	if err := j.run.Finish(s); err != nil {
		return err
	}
	next := "evaluate it with: " + message.Shell("glyph", "eval", j.f.Out)
	if s.Stopped == train.Interrupted {
		next = "resume it with: " + message.Shell("glyph", "train", "--resume", j.f.Out)
	}
	fmt.Fprintf(j.out, "saved    %s; %s\n", message.Quote(j.f.Out), next)
	if !reports {
		return nil
	}
	return j.report(j.data.name, j.run.Board())
}

// writeConfig keeps the flags of a new run, and the weights it starts from.
func (j *job) writeConfig() error {
	resolved := map[string]string{"data": j.data.name, "data-hash": j.data.hash, "backend": j.dev.Kind}
	if j.f.Data.Classes != "" {
		if err := j.run.SaveClasses(); err != nil {
			return err
		}
		resolved["classes"] = runs.ClassesFile // beside the config, wherever that goes
	}
	if j.start != nil {
		if err := j.run.SaveStart(); err != nil {
			return err
		}
		resolved["weights"] = runs.StartFile // beside the config, wherever that goes
		for _, name := range flags.Describing() {
			if !j.cmd.Flags().Changed(name) {
				resolved[name] = ""
			}
		}
	}
	text, err := flags.Config(j.cmd.Flags(), resolved)
	if err != nil {
		return err
	}
	return j.dir.WriteConfig(text)
}

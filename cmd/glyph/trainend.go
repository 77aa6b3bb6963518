package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"glyph/device"
	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
	"glyph/train"
)

// sayUnevaluated tells where a training stands that a second Ctrl-C has ended.
func (j *job) sayUnevaluated() {
	if j.run == nil {
		fmt.Fprintln(j.out, "stopped without an evaluation; nothing was kept")
		return
	}
	fmt.Fprintf(j.out, "stopped without an evaluation; resume with: %s\n", message.Shell("glyph", "train", "--resume", j.f.out))
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
	if j.f.json {
		return json.NewEncoder(j.cmd.OutOrStdout()).Encode(s)
	}
	return nil
}

// keep keeps what the training came to, and makes the report.
func (j *job) keep(s *runs.Summary) error {
	reports := j.f.report && s.Stopped != train.Interrupted
	if reports {
		s.Report = runs.ReportFile // which --resume completes, should this be killed before
	}
	if err := j.run.Finish(s); err != nil {
		return err
	}
	next := "evaluate it with: " + message.Shell("glyph", "eval", j.f.out)
	if s.Stopped == train.Interrupted {
		next = "resume it with: " + message.Shell("glyph", "train", "--resume", j.f.out)
	}
	fmt.Fprintf(j.out, "saved    %s; %s\n", message.Quote(j.f.out), next)
	if !reports {
		return nil
	}
	return j.report(j.data.name, j.run.Board())
}

package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/settings"
	"glyph/train"
)

// sayUnevaluated says how to resume a training that a second Ctrl-C ended.
func (j *job) sayUnevaluated() {
	if j.dir == nil {
		fmt.Fprintln(j.out, "stopped without an evaluation; nothing was kept")
		return
	}
	fmt.Fprintf(j.out, "stopped without an evaluation; resume with: %s\n", message.Shell("glyph", "train", "--resume", j.f.Out))
}

// announce says what is trained, on what and where.
func (j *job) announce() {
	if j.Device.Note != "" {
		terminal.Say(j.out, "%s", j.Device.Note)
	}
	held := ""
	if n := j.Images.Validation.Len(); n > 0 {
		held = fmt.Sprintf(", %s held out for validation", message.Thousands(n))
	}
	terminal.Say(j.out, "data     %s: %s%s, %s, %s", j.Data.Source, message.Count(j.Images.Train.Len(), "training image"), held,
		message.Count(j.Images.Test.Len(), "test image"), message.Count(len(j.Classes), "class"))
	if len(j.Data.Files) > 0 {
		terminal.Say(j.out, "files    %s", message.Files(j.Data.Files))
	}
	if names := classList(j.Classes); names != "" {
		terminal.Say(j.out, "classes  %s", names)
	}
	if held == "" {
		terminal.Say(j.out, "%s", j.noneHeldOut())
	}
	printNotes(j.out, j.Data.Notes)
	if !j.Imbalance.IsZero() {
		advice := "training on them favours other classes; add images, or check that all four files belong together"
		if j.Settings.Images > 0 {
			advice = "the files are probably sorted by class; leave out --limit, or shuffle images and labels together"
		}
		terminal.Say(j.out, "warning: %s: %s", j.Imbalance.Sentence(j.Images.Train.Len(), j.Data.Classes), advice)
	}
	if !j.Options.Augment.IsZero() {
		terminal.Say(j.out, "augment  %v", j.Options.Augment)
	}
	if j.Options.Average > 0 {
		terminal.Say(j.out, "average  of the weights over the steps, with a decay of %v", j.Options.Average)
	}
	terminal.Say(j.out, "model    %s, %s parameters", j.Spec.Model, message.Thousands(j.Net.ParamCount()))
	terminal.Say(j.out, "backend  %s", j.Device.Title())
}

// noneHeldOut says that there is no validation set, and why where nobody asked for none.
func (j *job) noneHeldOut() string {
	if j.ValidationByDefault {
		return fmt.Sprintf("note     no validation set: a tenth of the images would be fewer than one for each of %s; --validation N holds N out", message.Count(len(j.Classes), "class"))
	}
	return "note     no validation set: the accuracy of an epoch is that of images it trained on; --validation 0.1 holds a tenth out"
}

// finish reports, saves and prints the JSON.
func (j *job) finish(s *runs.Summary) error {
	if s.Stopped != train.RanToEnd {
		fmt.Fprintf(j.out, "stopped in epoch %d of %d: %s\n", s.Epochs, j.Options.Epochs, s.Stopped.Sentence(j.Options))
	}
	if s.BestEpoch != s.Epochs {
		terminal.Say(j.out, "kept     the weights of epoch %d of %d, which had the lowest validation loss", s.BestEpoch, s.Epochs)
	}
	terminal.Say(j.out, "test     loss %.4f, accuracy %.2f %%%s of %s images; trained in %s, %s images/s",
		s.TestLoss, 100*s.TestAccuracy, balanced(s.Confusion), message.Thousands(s.TestImages), message.Duration(time.Duration(s.Seconds*float64(time.Second))), message.Thousands(int(s.ImagesPerSecond)))
	if j.dir != nil {
		if err := j.keep(s); err != nil {
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
	if err := j.Keep(s, reports); err != nil { // --resume completes a report, should this be killed before
		return err
	}
	next := "evaluate it with: " + message.Shell("glyph", "eval", message.Operand(j.f.Out))
	if s.Stopped == train.Interrupted {
		next = "resume it with: " + message.Shell("glyph", "train", "--resume", j.f.Out)
	}
	fmt.Fprintf(j.out, "saved    %s; %s\n", message.Quote(j.f.Out), next)
	if !reports {
		return nil
	}
	return j.report(j.Device, j.Data.Name, j.Board())
}

// config is the flags, as the config of a new run.
func (j *job) config(kept map[string]string) ([]byte, error) {
	if j.ValidationByDefault {
		kept["validation"] = strconv.FormatFloat(j.Settings.Validation, 'g', -1, 64)
	}
	if j.task.Start != nil {
		for _, name := range settings.Architecture() {
			if !j.cmd.Flags().Changed(name) {
				kept[name] = "" // the weights bring it along
			}
		}
	}
	return flags.Config(j.cmd.Flags(), kept)
}

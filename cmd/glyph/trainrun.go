package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/interrupt"
	"glyph/cmd/glyph/internal/progress"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/training"
	"glyph/train"
)

// job is a training started from the command line.
type job struct {
	*training.Training

	f    *flags.Train
	cmd  *cobra.Command
	out  io.Writer     // for text
	task training.Task // without its data
	dir  *runs.Dir     // nil with --out none
}

func runTraining(cmd *cobra.Command, f *flags.Train) error {
	j := &job{f: f, cmd: cmd, out: cmd.OutOrStdout()}
	if f.JSON {
		j.out = cmd.ErrOrStderr() // standard output is for the JSON
	}
	if err := j.check(); err != nil {
		return err
	}
	var err error
	if j.dir, err = f.TakeRun(j.task.Settings.Model); err != nil {
		return err
	}
	if j.dir != nil {
		defer j.dir.Close()
		if j.dir.Unreported {
			return j.complete()
		}
	}
	if err := j.open(); err != nil {
		return err
	}
	dev, err := f.Backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // training has reported device errors
	if err := j.Build(dev); err != nil {
		return flags.Named(err)
	}
	j.announce()
	if err := j.record(); err != nil {
		return err
	}
	defer j.Close()
	s, err := j.train()
	if err != nil {
		return err
	}
	if err := j.finish(s); err != nil {
		return err
	}
	if s.Stopped == train.Interrupted {
		return errInterrupted
	}
	return nil
}

// check reads the flags and the config. Everything that a user can get wrong is
// found before anything is started.
func (j *job) check() (err error) {
	f := j.f
	if err := f.Read(j.cmd); err != nil {
		return err
	}
	if err := f.Backend.Check(); err != nil {
		return err
	}
	if j.task, err = f.Task(); err != nil {
		return err
	}
	flags.SayInert(j.cmd, &f.Set)
	if f.Out == flags.NoRun {
		return nil
	}
	return flags.Recordable(j.cmd.Flags())
}

// fitted opens the data of flags, and fits a task to it.
func fitted(ctx context.Context, f *flags.Train, task training.Task) (*training.Training, error) {
	pictures, err := flags.Pictures(f.Data.Size)
	if err != nil {
		return nil, err
	}
	if task.Start != nil && f.Data.Size == "" { // their network says what it takes
		pictures = task.Start.Pictures()
	}
	if task.Data, err = openData(ctx, f.Data.Name, f.Data.Classes, pictures); err != nil {
		return nil, err
	}
	if f.Data.Size != "" && !task.Data.Pictures {
		return nil, fmt.Errorf("--size is for a folder of pictures, and %s has images of a size of its own; leave it out", task.Data.Source)
	}
	t, err := training.New(task)
	var other *training.OtherDataError
	var images *training.ImagesError
	switch {
	case errors.As(err, &other):
		return nil, fmt.Errorf("--data: %w; restore it, or choose data with --data", err)
	case errors.As(err, &images):
		images.Err = flags.Named(images.Err)
		return nil, fmt.Errorf("%w; --model linear or mlp takes any size", err)
	}
	return t, flags.Named(err)
}

// open opens the data.
func (j *job) open() (err error) {
	j.task.Config = j.config
	if j.Training, err = fitted(j.cmd.Context(), j.f, j.task); err != nil {
		return err
	}
	if err := j.cmd.Context().Err(); err != nil {
		return fmt.Errorf("%w before training began; nothing was saved", err)
	}
	return nil
}

// record opens the files of the run, and says what it resumes.
func (j *job) record() error {
	if j.dir == nil {
		return nil
	}
	from, err := j.dir.From, j.Record(j.dir)
	switch {
	case err != nil && from != nil:
		return flags.ResumeError(j.dir.Path, err)
	case err != nil || from == nil:
		return err
	}
	if err := j.dir.Damaged; err != nil {
		fmt.Fprintf(j.out, "warning: %v; resuming from the newest good one\n", err)
	}
	if err := j.dir.Lost; err != nil {
		fmt.Fprintf(j.out, "warning: %v; the curves lack what is gone\n", err)
	}
	if from.Arithmetic != j.Device.Arithmetic() {
		fmt.Fprintf(j.out, "warning: the run began on %s and resumes on %s, which rounds differently\n", from.Device, j.Device.Title())
	}
	terminal.Say(j.out, "resumed  %s, %s", message.Quote(j.f.Out), from.State.Where(j.Options.Epochs))
	if s := j.Options.Schedule; j.dir.Extended && s.Kind != train.Constant {
		terminal.Say(j.out, "note     the learning rates to come are those of the schedule %v over %d epochs; so far they were those of a schedule over %d", s, j.Options.Epochs, from.State.Epoch)
	}
	return nil
}

// train trains, shows the progress, and evaluates.
func (j *job) train() (*runs.Summary, error) {
	ctx, cancel := context.WithCancel(j.cmd.Context())
	defer cancel()
	abort, press := interrupt.InTwoSteps(j.cmd.Context())
	view := progress.Training{
		Title: fmt.Sprintf("%s on %s", j.Spec.Model, j.Device.Title()), Images: j.Images.Train.Len(), Out: j.out, Err: j.cmd.ErrOrStderr(),
		Stop: cancel, Press: press, Stopped: ctx, Abort: abort,
	}.Show()
	defer view.Close()
	j.Abort, j.Watch = abort, view.Follow
	said, err := j.show()
	if err != nil {
		return nil, err
	}
	s, err := j.Train(ctx)
	view.Close()
	said()
	if errors.Is(err, context.Canceled) && abort.Err() != nil {
		j.sayUnevaluated()
		return nil, errInterrupted
	}
	return s, err
}

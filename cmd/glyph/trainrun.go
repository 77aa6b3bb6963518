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
	"glyph/device"
	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
	"glyph/train"
)

// job is a training started from the command line.
type job struct {
	f     *flags.Train
	cmd   *cobra.Command
	out   io.Writer // for text
	spec  models.Spec
	opt   train.Options
	start *runs.Weights // to begin from, or nil
	data  loaded
	dev   device.Device
	net   *models.Sequential

	dir *runs.Dir      // nil with --out none,
	run *runs.Recorder // and this
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
	if j.dir, err = takeRun(f, j.spec.Model); err != nil {
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
	defer j.dev.Close() //nolint:errcheck // training has told of device errors
	announce(j.out, j.dev, j.data, j.spec, j.net, j.opt)
	if err := j.record(); err != nil {
		return err
	}
	if j.run != nil {
		defer j.run.Close()
	}
	result, err := j.train()
	if err != nil {
		return err
	}
	if err := j.finish(summarise(j.dev, j.data, j.spec, j.net, j.opt, result)); err != nil {
		return err
	}
	if result.Stopped == train.Interrupted {
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
	if j.opt, err = f.Options(); err != nil {
		return err
	}
	if j.spec, err = f.Network.Spec(); err != nil {
		return err
	}
	if j.start, err = startWeights(f, &j.spec); err != nil {
		return err
	}
	if err := f.Data.Check(); err != nil {
		return err
	}
	if err := f.Backend.Check(); err != nil {
		return err
	}
	flags.SayInert(j.cmd, &f.Set)
	if f.Out == noRun {
		return nil
	}
	return flags.Recordable(j.cmd.Flags())
}

// open opens the data and the device, and builds the network.
func (j *job) open() (err error) {
	if j.data, err = openTraining(j.cmd.Context(), &j.f.Data, j.f.Set.Seed); err != nil {
		return err
	}
	if _, _, err := j.opt.Steps(j.data.Train.Len()); err != nil {
		return flags.Named(err)
	}
	if err := j.cmd.Context().Err(); err != nil {
		return fmt.Errorf("%w before training began; nothing was saved", err)
	}
	if j.spec, err = fit(j.f, j.spec, j.start, &j.data); err != nil {
		return err
	}
	if j.dev, err = j.f.Backend.Open(); err != nil {
		return err
	}
	if j.net, err = models.New(j.dev, j.spec, j.opt.Batch); err != nil {
		return errors.Join(err, j.dev.Close())
	}
	j.net.Init(j.f.Set.Seed)
	if j.start != nil {
		if err := j.net.SetWeights(j.start.Tensors); err != nil {
			return errors.Join(fmt.Errorf("--weights %s: %w", message.Quote(j.f.Weights), err), j.dev.Close())
		}
		j.data.Mean, j.data.Scale = j.start.Mean, j.start.Scale
	}
	return nil
}

// record opens the files of the run, and says what it resumes.
func (j *job) record() (err error) {
	if j.dir == nil {
		return nil
	}
	j.run, err = j.dir.Record(runs.About{
		Net: j.net, Data: j.data.Data, Metadata: j.data.metadata(j.opt.Seed), Options: j.opt,
		Device: j.dev.Title(), Arithmetic: j.dev.Arithmetic(), Every: j.f.Save,
	})
	from := j.dir.From
	if err != nil && from != nil {
		return resumeError(j.dir.Path, err)
	}
	if err != nil {
		return err
	}
	if from == nil {
		return j.writeConfig()
	}
	if err := j.dir.Damaged; err != nil {
		fmt.Fprintf(j.out, "warning: %v; resuming from the newest good one\n", err)
	}
	if from.Arithmetic != j.dev.Arithmetic() {
		fmt.Fprintf(j.out, "warning: the run began on %s and resumes on %s, which rounds differently\n", from.Device, j.dev.Title())
	}
	fmt.Fprintf(j.out, "resumed  %s, %s\n", message.Quote(j.f.Out), from.State.Where(j.opt.Epochs))
	return nil
}

// train trains, shows the progress, and evaluates.
func (j *job) train() (train.Result, error) {
	ctx, cancel := context.WithCancel(j.cmd.Context())
	defer cancel()
	abort, press := interrupt.InTwoSteps(j.cmd.Context())
	t := train.Training{Backend: j.dev, Net: j.net, Data: j.data.Data, Options: j.opt, Abort: abort}
	if j.run != nil {
		if j.dir.From != nil {
			t.From = j.dir.From.State
		}
		t.Callbacks, t.Saving = j.run.Watch(t.Callbacks), j.run.Saving()
	}
	view := progress.Training{
		Title: fmt.Sprintf("%s on %s", j.spec.Model, j.dev.Title()), Images: j.data.Train.Len(), Out: j.out, Err: j.cmd.ErrOrStderr(),
		Stop: cancel, Press: press, Stopped: ctx, Abort: abort,
	}.Show()
	defer view.Close()
	view.Follow(&t)
	result, err := train.Resume(ctx, t)
	view.Close()
	var broken *train.NotFinite
	switch {
	case errors.Is(err, context.Canceled) && abort.Err() != nil:
		j.sayUnevaluated()
		err = errInterrupted
	case errors.As(err, &broken) && j.run != nil:
		err = errors.Join(err, j.run.Fail(err))
	}
	return result, err
}

package training

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"glyph/device"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/tensorboard"
	"glyph/train"
)

// Training is a task that is ready to be trained.
type Training struct {
	Task

	Spec      models.Spec    // of the network, for the images and classes there are
	Options   train.Options  // of the settings
	Images    train.Data     // what is trained on, held out and tested, normalised
	Classes   []kmnist.Class // by label
	Imbalance kmnist.Imbalance

	Device device.Device   // since Build
	Net    *models.Network // since Build

	// Abort, once it is done, ends evaluations too; see [train.Training]. Watch, where
	// it is not nil, adds to what the training tells, before it begins.
	Abort context.Context
	Watch func(*train.Training)

	hash     string         // of all the data
	dir      *runs.Dir      // nil without Record,
	recorder *runs.Recorder // and this
}

// Build makes the network on a device, with its initial weights or those of
// Start. The device stays the caller's to close.
func (t *Training) Build(dev device.Device) (err error) {
	t.Device = dev
	if t.Net, err = models.New(dev, t.Spec, t.Options.Batch); err != nil {
		return err
	}
	t.Net.Init(t.Options.Seed)
	if t.Start == nil {
		return nil
	}
	if err := t.Net.SetWeights(t.Start.Tensors); err != nil {
		return &models.SettingError{Setting: "weights", Problem: fmt.Sprintf("%s: %v", message.Quote(cmp.Or(t.Start.Dir, t.Start.Path)), err)}
	}
	return nil
}

// Record writes the training into a directory, and resumes what the directory
// holds. The caller closes the training, and then the directory. The error is that
// of [runs.Dir.Record], or a file's.
func (t *Training) Record(dir *runs.Dir) (err error) {
	t.recorder, err = dir.Record(runs.About{
		Net: t.Net, Data: t.Images, Options: t.Options, Every: t.Every,
		Metadata: runs.Metadata{Data: t.Data.Name, Mean: t.Images.Mean, Scale: t.Images.Scale, Seed: t.Options.Seed, Classes: t.Classes},
		Device:   t.Device.Title(), Arithmetic: t.Device.Arithmetic(),
	})
	if err != nil {
		return err
	}
	if t.dir = dir; dir.From != nil {
		return nil
	}
	if err := t.writeConfig(); err != nil {
		t.Close()
		return err
	}
	return nil
}

// Close ends the run's files. What could not be written has been told before.
func (t *Training) Close() {
	if t.recorder != nil {
		t.recorder.Close()
		t.recorder = nil
	}
}

// Board is the run's TensorBoard, for pictures; nil without Record.
func (t *Training) Board() *tensorboard.Writer {
	if t.recorder == nil {
		return nil
	}
	return t.recorder.Board()
}

// Train trains, from the run's checkpoint if there is one, and evaluates. Once ctx
// is done it finishes its step, evaluates and saves a checkpoint; the summary says
// that it was interrupted. The error of a loss that is not finite is a
// *train.NotFinite, which the run keeps: it can't be resumed.
func (t *Training) Train(ctx context.Context) (*runs.Summary, error) {
	r := train.Training{Backend: t.Device, Net: t.Net, Data: t.Images, Options: t.Options, Abort: t.Abort}
	if t.recorder != nil {
		if t.dir.From != nil {
			r.From = t.dir.From.State
		}
		r.Callbacks, r.Saving = t.recorder.Watch(r.Callbacks), t.recorder.Saving()
	}
	if t.Watch != nil {
		t.Watch(&r)
	}
	result, err := train.Resume(ctx, r)
	var broken *train.NotFinite
	if errors.As(err, &broken) && t.recorder != nil {
		err = errors.Join(err, t.recorder.Fail(err))
	}
	if err != nil {
		return nil, err
	}
	return t.summary(result), nil
}

// Keep keeps what the training came to in the run. With report the summary promises
// a page, which review.WritePage makes next.
func (t *Training) Keep(s *runs.Summary, report bool) error {
	if report {
		s.Report = runs.ReportFile
	}
	return t.recorder.Finish(s)
}

package runs

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"time"

	"glyph/train"
)

// Watch adds the writing of metrics, TensorBoard and the best weights to a
// training's callbacks.
func (r *Recorder) Watch(say train.Callbacks) train.Callbacks {
	progress, epoch := say.Progress, say.Epoch
	say.SampleEvery, say.Sample = max(r.steps/linesPerEpoch, 1), r.sample
	say.Progress = func(p train.Progress) {
		r.log.Flush()
		if progress != nil {
			progress(p)
		}
	}
	say.Epoch = func(e train.Epoch) {
		if e.Images == r.about.Data.Train.Len() { // an epoch cut short will be repeated
			r.epoch(e)
		}
		if epoch != nil {
			epoch(e)
		}
	}
	return say
}

// Saving saves checkpoints after each epoch and every so often within.
func (r *Recorder) Saving() train.Saving {
	return train.Saving{
		Due: func(epochEnds bool) bool {
			return epochEnds || r.about.Every > 0 && time.Since(r.saved) > r.about.Every
		},
		Save: r.save,
	}
}

// sample writes the line of a step.
func (r *Recorder) sample(s train.Sample) {
	o := r.about.Options
	m := Metric{
		Step: s.Step + 1, Loss: s.Loss, Accuracy: s.Accuracy, LR: o.Schedule.Rate(o.LR, s.Step, o.Epochs, r.steps),
		GradientNorm: r.gradientNorm(), ImagesPerSecond: s.ImagesPerSecond,
	}
	r.log.Add(m)
	step := int64(m.Step)
	r.board.Scalar("loss/step", step, m.Loss)
	r.board.Scalar("accuracy/step", step, m.Accuracy)
	r.board.Scalar("gradient norm/step", step, m.GradientNorm)
	r.board.Scalar("lr", step, float64(m.LR))
}

// gradientNorm is that of the last step; 0, which is not written, if it is too large
// for a float32.
func (r *Recorder) gradientNorm() float64 {
	norm, err := r.about.Net.GradientNorm()
	r.failed = cmp.Or(r.failed, err)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return 0
	}
	return norm
}

// epoch writes the line of an epoch, and the weights where they are the best.
func (r *Recorder) epoch(e train.Epoch) {
	m := Metric{
		Step: e.Epoch * r.steps, Epoch: e.Epoch, Loss: e.TrainLoss, Accuracy: e.TrainAccuracy, LR: e.LR,
		GradientNorm: r.gradientNorm(), ImagesPerSecond: e.ImagesPerSecond,
	}
	var err error
	if v := e.Validation; v != nil {
		m.ValidationLoss, m.ValidationAccuracy = &v.Loss, &v.Accuracy
		if v.Loss < r.best {
			r.best = v.Loss
			err = r.weights(BestFile)
		}
	}
	r.log.Add(m)
	r.failed = cmp.Or(r.failed, err, r.show(m))
}

// show writes an epoch for TensorBoard: its figures, and the distribution of the
// weights.
func (r *Recorder) show(m Metric) error {
	step := int64(m.Step)
	r.board.Scalar("loss/train", step, m.Loss)
	r.board.Scalar("accuracy/train", step, m.Accuracy)
	r.board.Scalar("gradient norm", step, m.GradientNorm)
	r.board.Scalar("images per second", step, m.ImagesPerSecond)
	if m.ValidationLoss != nil {
		r.board.Scalar("loss/validation", step, *m.ValidationLoss)
		r.board.Scalar("accuracy/validation", step, *m.ValidationAccuracy)
	}
	arrays, err := r.about.Net.ReadWeights()
	if err != nil {
		return err
	}
	for _, a := range arrays {
		r.board.Histogram("weights/"+a.Name, step, a.Data)
	}
	return r.board.Flush()
}

// save writes a checkpoint, and at the end of an epoch or of the training its
// weights.
func (r *Recorder) save(s *train.State) error {
	size, err := r.log.Sync()
	if err = cmp.Or(r.failed, err); err != nil {
		return err
	}
	if s.Stopped == train.Interrupted || s.Steps == 0 && s.Epoch > 0 {
		if err := r.weights(LastFile); err != nil {
			return err
		}
	}
	err = WriteCheckpoint(r.dir.Path, Checkpoint{
		State: s, Data: r.hash, Device: r.about.Device, Arithmetic: r.about.Arithmetic, Metrics: size, Config: string(r.dir.config),
	})
	r.saved = time.Now()
	return err
}

// hashData is the SHA-256 of what is trained on and held out, with its
// normalisation: what a run knows its data by, whatever it is called.
func hashData(d train.Data) string {
	h := sha256.New()
	for _, s := range []train.Set{d.Train, d.Validation} {
		binary.Write(h, binary.LittleEndian, uint64(s.Len())) //nolint:errcheck // a hash never fails
		h.Write(s.Images)
		h.Write(s.Labels)
	}
	binary.Write(h, binary.LittleEndian, d.Mean)  //nolint:errcheck // as above
	binary.Write(h, binary.LittleEndian, d.Scale) //nolint:errcheck // as above
	return hex.EncodeToString(h.Sum(nil))
}

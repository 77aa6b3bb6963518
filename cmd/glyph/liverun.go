package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"glyph/exchange/safetensors"
	"glyph/internal/atomicfile"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/tensorboard"
	"glyph/train"
)

// noRun is the --out that writes nothing.
const noRun = "none"

// linesPerEpoch is about how many lines of an epoch's steps metrics.jsonl gets.
const linesPerEpoch = 10

// liveRun is the directory of a training that is written.
type liveRun struct {
	dir        string
	net        *models.Sequential
	data       loaded
	opt        train.Options
	hash       string // of the data
	device     string
	arithmetic string
	every      time.Duration // between checkpoints inside an epoch
	from       *runs.Checkpoint
	metrics    *runs.MetricsLog
	board      *tensorboard.Writer
	release    func()

	steps    int // of an epoch
	saved    time.Time
	bestLoss float64
	failure  error
}

// fail keeps why the training can't go on.
func (r *liveRun) fail(why error) error {
	_, err := r.metrics.Sync()
	return errors.Join(atomicfile.WriteFile(filepath.Join(r.dir, runs.FailureFile), []byte(why.Error()+"\n")), err)
}

// begin opens the run's files for a training with that network.
func (r *liveRun) begin(net *models.Sequential, data loaded, opt train.Options, device, arithmetic string) (note string, err error) {
	r.net, r.data, r.opt, r.device, r.arithmetic, r.hash = net, data, opt, device, arithmetic, dataHash(data)
	r.steps = (data.Train.Len() + opt.Batch - 1) / opt.Batch
	r.saved = time.Now()
	// A run that failed before its first checkpoint makes room.
	if err := os.Remove(filepath.Join(r.dir, runs.FailureFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	size := int64(0)
	if r.from != nil {
		if r.from.Data != r.hash {
			return "", fmt.Errorf("--resume %s: the data is not what the run began with; restore it, or train anew with --config", r.dir)
		}
		if r.from.Arithmetic != arithmetic {
			note = fmt.Sprintf("warning: the run began on %s and resumes on %s, which rounds differently", r.from.Device, device)
		}
		size = r.from.Metrics
		// What the run came to when it was interrupted: it goes on.
		if err := os.Remove(filepath.Join(r.dir, runs.SummaryFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		for _, e := range r.from.State.Epochs {
			if e.Validation != nil {
				r.bestLoss = min(r.bestLoss, e.Validation.Loss)
			}
		}
	}
	if r.metrics, err = runs.OpenMetrics(r.dir, size); err != nil {
		return "", err
	}
	first := 0
	if s := r.state(); s != nil {
		first = s.Epoch*r.steps + s.Steps + 1
	}
	r.board, err = tensorboard.Create(r.dir, int64(first))
	return note, err
}

// close lets go of the directory.
func (r *liveRun) close() {
	if r.metrics != nil {
		r.metrics.Close() //nolint:errcheck // end has told, or another error has
	}
	if r.board != nil {
		r.board.Close() //nolint:errcheck // as above
	}
	r.release()
	if r.metrics == nil { // nothing was begun: leave nothing, if it was made for this
		runs.Abandon(r.dir)
	}
}

// state is what the training goes on from, or nil.
func (r *liveRun) state() *train.State {
	if r.from == nil {
		return nil
	}
	return r.from.State
}

// watch adds the writing of the run's files to what a training tells.
func (r *liveRun) watch(say train.Callbacks) (train.Callbacks, train.Saving) {
	progress, epoch := say.Progress, say.Epoch
	say.SampleEvery, say.Sample = max(r.steps/linesPerEpoch, 1), r.sample
	say.Progress = func(p train.Progress) {
		r.metrics.Flush()
		if progress != nil {
			progress(p)
		}
	}
	say.Epoch = func(e train.Epoch) {
		if e.Images == r.data.Train.Len() { // an epoch cut short will be taken again
			r.epoch(e)
		}
		if epoch != nil {
			epoch(e)
		}
	}
	return say, train.Saving{
		Due:  func(epochEnds bool) bool { return epochEnds || r.every > 0 && time.Since(r.saved) > r.every },
		Save: r.save,
	}
}

// sample writes the line of a step.
func (r *liveRun) sample(s train.Sample) {
	m := runs.Metric{
		Step: s.Step + 1, Loss: s.Loss, Accuracy: s.Accuracy, LR: r.opt.Schedule.Rate(r.opt.LR, s.Step, r.opt.Epochs, r.steps),
		GradientNorm: r.gradientNorm(), ImagesPerSecond: s.ImagesPerSecond,
	}
	r.metrics.Add(m)
	step := int64(m.Step)
	r.board.Scalar("loss/step", step, m.Loss)
	r.board.Scalar("accuracy/step", step, m.Accuracy)
	r.board.Scalar("gradient norm/step", step, m.GradientNorm)
	r.board.Scalar("lr", step, float64(m.LR))
}

// gradientNorm is that of the last step; 0, which is written nowhere, where it
// is too large for a float32.
func (r *liveRun) gradientNorm() float64 {
	norm, err := r.net.GradientNorm()
	r.failure = errors.Join(r.failure, err)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return 0
	}
	return norm
}

// epoch writes the line of an epoch, and the weights where they are the best.
func (r *liveRun) epoch(e train.Epoch) {
	m := runs.Metric{
		Step: e.Epoch * r.steps, Epoch: e.Epoch, Loss: e.TrainLoss, Accuracy: e.TrainAccuracy, LR: e.LR,
		GradientNorm: r.gradientNorm(), ImagesPerSecond: e.ImagesPerSecond,
	}
	var err error
	if v := e.Validation; v != nil {
		m.ValidationLoss, m.ValidationAccuracy = &v.Loss, &v.Accuracy
		if v.Loss < r.bestLoss {
			r.bestLoss = v.Loss
			err = r.weights(runs.BestFile)
		}
	}
	r.metrics.Add(m)
	r.failure = errors.Join(r.failure, err, r.show(m))
}

// show tells TensorBoard of an epoch: its figures, and how the weights lie.
func (r *liveRun) show(m runs.Metric) error {
	step := int64(m.Step)
	r.board.Scalar("loss/train", step, m.Loss)
	r.board.Scalar("accuracy/train", step, m.Accuracy)
	r.board.Scalar("gradient norm", step, m.GradientNorm)
	r.board.Scalar("images per second", step, m.ImagesPerSecond)
	if m.ValidationLoss != nil {
		r.board.Scalar("loss/holdout", step, *m.ValidationLoss)
		r.board.Scalar("accuracy/holdout", step, *m.ValidationAccuracy)
	}
	arrays, err := r.net.ReadWeights()
	if err != nil {
		return err
	}
	for _, a := range arrays {
		r.board.Histogram("weights/"+a.Name, step, a.Data)
	}
	return r.board.Flush()
}

func (r *liveRun) weights(file string) error {
	return safetensors.Save(filepath.Join(r.dir, file), r.net, r.data.metadata(r.opt.Seed).Map())
}

// save writes a checkpoint, and at the end of an epoch its weights.
func (r *liveRun) save(s *train.State) error {
	size, err := r.metrics.Sync()
	if err = errors.Join(r.failure, err); err != nil {
		return err
	}
	if s.Stopped == train.Interrupted || s.Steps == 0 && s.Epoch > 0 {
		if err := r.weights(runs.LastFile); err != nil {
			return err
		}
	}
	err = runs.WriteCheckpoint(r.dir, runs.Checkpoint{State: s, Data: r.hash, Device: r.device, Arithmetic: r.arithmetic, Metrics: size})
	r.saved = time.Now()
	return err
}

// end writes what the training came to.
func (r *liveRun) end(s *runs.Summary) error {
	s.Weights = runs.LastFile
	if s.BestEpoch != s.Epochs {
		s.Weights = runs.BestFile
	} else if r.data.Validation.Len() == 0 {
		if err := r.weights(runs.BestFile); err != nil {
			return err
		}
	}
	return errors.Join(runs.WriteSummary(r.dir, s), r.finishMetrics())
}

func (r *liveRun) finishMetrics() error {
	_, err := r.metrics.Sync()
	return err
}

// dataHash is the SHA-256 of what is trained on and held out.
func dataHash(d loaded) string {
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

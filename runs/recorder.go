package runs

import (
	"errors"
	"math"
	"path/filepath"
	"time"

	"glyph/exchange/safetensors"
	"glyph/internal/atomicfile"
	"glyph/models"
	"glyph/runs/tensorboard"
	"glyph/train"
)

// linesPerEpoch is about how many lines of an epoch's steps metrics.jsonl gets.
const linesPerEpoch = 10

// ErrOtherData is the error of a run that is resumed on other data than it began
// with.
var ErrOtherData = errors.New("the data is not the data that the run began with")

// Recorder writes the files of a training while it runs.
type Recorder struct {
	dir    *Dir
	about  About
	hash   string // of the data
	log    *MetricsLog
	board  *tensorboard.Writer
	steps  int // of an epoch
	saved  time.Time
	best   float64 // validation loss
	failed error   // the first that failed: once a disk is full, all that follows does
}

// About is the training that is recorded.
type About struct {
	Net        *models.Network
	Data       train.Data
	Metadata   Metadata // of its weights
	Options    train.Options
	Device     string        // what computes, for display
	Arithmetic string        // what decides how its results round
	Every      time.Duration // between checkpoints inside an epoch; 0 for none
}

// Record opens the directory's files for a training, which resumes from d.From.
// It fails with ErrOtherData, or where a file can't be written.
func (d *Dir) Record(about About) (*Recorder, error) {
	r := &Recorder{dir: d, about: about, hash: hashData(about.Data), best: math.Inf(1), saved: time.Now()}
	r.steps = (about.Data.Train.Len() + about.Options.Batch - 1) / about.Options.Batch
	size, first := int64(0), 0
	if from := d.From; from != nil {
		if from.Data != r.hash {
			return nil, ErrOtherData
		}
		if err := d.keepBest(about); err != nil {
			return nil, err
		}
		if err := d.begin(about.Data.Validation.Len() > 0); err != nil {
			return nil, err
		}
		size, first = from.Metrics, from.State.Epoch*r.steps+from.State.Steps+1
		for _, e := range from.State.Epochs {
			if e.Validation != nil {
				r.best = min(r.best, e.Validation.Loss)
			}
		}
	}
	if d.From == nil {
		if err := makeRoom(d.Path); err != nil {
			return nil, err
		}
	}
	d.begun = true
	var err error
	if r.log, err = OpenMetrics(d.Path, size); err != nil {
		return nil, err
	}
	d.Lost = r.log.Lost()
	if r.board, err = tensorboard.Create(d.Path, int64(first)); err != nil {
		return nil, errors.Join(err, r.log.Close())
	}
	return r, nil
}

// keepBest completes the state of an older version, which kept the best weights
// of a training without early stopping in their file alone.
func (d *Dir) keepBest(about About) error {
	s := d.From.State
	if !about.Options.KeepBest || s.Best != nil || s.Epoch == 0 {
		return nil
	}
	w, err := openWeights(filepath.Join(d.Path, BestFile), d.Path)
	if err != nil {
		return err
	}
	if s.Best, err = about.Net.Arena(w.Tensors); err != nil {
		return err
	}
	for i, e := range s.Epochs {
		if v := e.Validation; v != nil && (i == 0 || v.Loss < s.BestLoss) {
			s.BestLoss, s.BestEpoch = v.Loss, e.Epoch
		}
	}
	return nil
}

// Close closes the files; the directory stays locked. Write errors have been
// reported before.
func (r *Recorder) Close() {
	r.log.Close()   //nolint:errcheck // see above
	r.board.Close() //nolint:errcheck // see above
}

// Board is the run's TensorBoard, for pictures.
func (r *Recorder) Board() *tensorboard.Writer { return r.board }

// SaveStart keeps the weights that the network has, from which a training begins
// that does not draw its own.
func (r *Recorder) SaveStart() error { return r.weights(StartFile) }

// SaveClasses keeps the names of the classes, a line each, where they came from a
// file that may not be there when the training is resumed.
func (r *Recorder) SaveClasses() error {
	var text []byte
	for _, c := range r.about.Metadata.Classes {
		line, err := c.MarshalText()
		if err != nil {
			return err
		}
		text = append(append(text, line...), '\n')
	}
	return atomicfile.WriteFile(filepath.Join(r.dir.Path, ClassesFile), text)
}

// Fail records why the training can't continue.
func (r *Recorder) Fail(why error) error {
	_, err := r.log.Sync()
	return errors.Join(atomicfile.WriteFile(filepath.Join(r.dir.Path, FailureFile), []byte(why.Error()+"\n")), err)
}

// Finish saves the results of the training, and which weights they belong to.
func (r *Recorder) Finish(s *Summary) error {
	s.Weights = LastFile
	if s.BestEpoch != s.Epochs {
		s.Weights = BestFile
	} else if r.about.Data.Validation.Len() == 0 {
		if err := r.weights(BestFile); err != nil {
			return err
		}
	}
	_, err := r.log.Sync()
	return errors.Join(WriteSummary(r.dir.Path, s), err)
}

func (r *Recorder) weights(file string) error {
	return safetensors.Save(filepath.Join(r.dir.Path, file), r.about.Net, r.about.Metadata.Map())
}

package board

import (
	"math"
	"strconv"
	"time"

	"glyph/runs"
)

// Row is a run's row of the table. The results belong to the weights of epoch BestEpoch;
// a result that is not known is nil.
type Row struct {
	Name    string     `json:"name"`
	State   runs.State `json:"state"`
	Failure string     `json:"failure,omitempty"` // why it failed

	Epoch     int     `json:"epoch"`
	Epochs    int     `json:"epochs"`
	BestEpoch int     `json:"best_epoch"`
	Part      float64 `json:"part,omitempty"` // of the epoch in progress
	Left      float64 `json:"left,omitempty"` // seconds of training

	TestAccuracy       *float64 `json:"test_accuracy"`
	TestLoss           *float64 `json:"test_loss"`
	ValidationAccuracy *float64 `json:"validation_accuracy"`
	ValidationLoss     *float64 `json:"validation_loss"`
	TrainLoss          *float64 `json:"train_loss"`
	TrainAccuracy      *float64 `json:"train_accuracy"`
	ImagesPerSecond    *float64 `json:"images_per_second"`
	Seconds            *float64 `json:"seconds"`
	Parameters         int      `json:"parameters,omitempty"`

	Device  string            `json:"device,omitempty"`
	Started time.Time         `json:"started"`
	Config  map[string]string `json:"config"`
	Weights bool              `json:"weights"` // there are some
	Report  bool              `json:"report"`
	Mark
	Version int `json:"version"` // of the last change
}

// rowOf is the row of a run, without its marks.
func rowOf(p *runs.Progress, s *runs.Summary) Row {
	r := Row{
		Name: p.Name, State: p.State, Failure: p.Failure,
		Epoch: p.Epoch, Epochs: p.Epochs, BestEpoch: p.BestEpoch,
		TestAccuracy: p.TestAccuracy, ValidationAccuracy: p.ValidationAccuracy, ValidationLoss: p.ValidationLoss,
		ImagesPerSecond: known(p.ImagesPerSecond), Device: p.Device, Started: p.Started,
		Config: p.Settled(),
	}
	if p.State == runs.Running {
		r.Part, r.Left = p.Part, p.Left.Seconds()
	}
	if n := len(p.Lines); n > 0 {
		r.TrainLoss, r.TrainAccuracy = &p.Lines[n-1].Loss, &p.Lines[n-1].Accuracy
	}
	if r.Config["model"] == "" && p.Model != "" { // imported
		r.Config["model"] = p.Model
	}
	if s != nil {
		r.Parameters, r.Seconds = s.Parameters, known(s.Seconds)
		if s.TestImages > 0 {
			r.TestLoss = &s.TestLoss
		}
	}
	return r
}

func known(v float64) *float64 {
	if v == 0 {
		return nil
	}
	return &v
}

// Curves are the metrics of a run, with an element for each epoch. NaN stands for what
// is not known.
type Curves struct {
	Epoch              series `json:"epoch"`
	Step               series `json:"step"`
	Seconds            series `json:"seconds"` // of training since it began
	TrainLoss          series `json:"train_loss"`
	TrainAccuracy      series `json:"train_accuracy"`
	ValidationLoss     series `json:"validation_loss"`
	ValidationAccuracy series `json:"validation_accuracy"`
	ImagesPerSecond    series `json:"images_per_second"`
	LR                 series `json:"lr"`
	GradientNorm       series `json:"gradient_norm"`
}

// curvesOf takes the curves from a run's lines. A line does not say when it was
// written: the time is that of its images at its speed.
func curvesOf(lines []runs.Metric, s *runs.Summary, batch int) *Curves {
	c, seconds, last := &Curves{}, 0.0, 0
	for i, m := range lines {
		images := float64((m.Step - last) * batch)
		if s != nil && i < len(s.History) && s.History[i].Epoch == m.Epoch {
			images = float64(s.History[i].Images)
		}
		if seconds += images / m.ImagesPerSecond; m.ImagesPerSecond <= 0 {
			seconds = math.NaN()
		}
		last = m.Step
		c.add(m, seconds)
	}
	return c
}

// add appends a line.
func (c *Curves) add(m runs.Metric, seconds float64) {
	c.Epoch = append(c.Epoch, float64(m.Epoch))
	c.Step = append(c.Step, float64(m.Step))
	c.Seconds = append(c.Seconds, seconds)
	c.TrainLoss = append(c.TrainLoss, m.Loss)
	c.TrainAccuracy = append(c.TrainAccuracy, m.Accuracy)
	c.ValidationLoss = append(c.ValidationLoss, value(m.ValidationLoss))
	c.ValidationAccuracy = append(c.ValidationAccuracy, value(m.ValidationAccuracy))
	c.ImagesPerSecond = append(c.ImagesPerSecond, positive(m.ImagesPerSecond))
	c.LR = append(c.LR, float64(m.LR))
	c.GradientNorm = append(c.GradientNorm, positive(m.GradientNorm))
}

func value(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func positive(v float64) float64 {
	if v <= 0 {
		return math.NaN()
	}
	return v
}

// series is numbers for the browser: six digits are more than a screen shows.
type series []float64

// MarshalJSON is a list in which null is what is not known.
func (s series) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 10*len(s)+2)
	b = append(b, '[')
	for i, v := range s {
		if i > 0 {
			b = append(b, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			b = append(b, "null"...)
			continue
		}
		if v == math.Trunc(v) && math.Abs(v) < 1e15 { // steps
			b = strconv.AppendInt(b, int64(v), 10)
			continue
		}
		b = strconv.AppendFloat(b, v, 'g', 6, 64)
	}
	return append(b, ']'), nil
}

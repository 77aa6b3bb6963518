package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"glyph/internal/message"
	"glyph/models"
	"glyph/settings"
	"glyph/study/space"
)

// MaxTrials is the largest number of trials of a sweep.
const MaxTrials = 100_000

// SweepSpec describes a sweep. As JSON it is part of what a results directory
// records.
type SweepSpec struct {
	space.Space
	Halving *Halving `json:"halving,omitempty"`
}

// Sweep holds the trials of a sweep on some data: every point of a space with every
// seed, trained on the images outside the seed's validation set, and ranked by the
// accuracy on that set. The test set takes no part.
type Sweep struct {
	SweepSpec
	Data   Data
	Points []settings.Training // each once, with the first seed
	Seeds  []uint64
	Same   int // combinations that were left out, since they train as others do

	rungs  []rung
	trials [][][]Trial // by rung, point and seed
}

// NewSweep finds the trials of a sweep. Settings that the space does not set are at
// their defaults. Combinations that train alike, such as two momenta of a rule that
// has none, are one point. The error is a [PointError] if the settings of a point are
// wrong.
func NewSweep(spec SweepSpec, data Data) (*Sweep, error) {
	s := &Sweep{SweepSpec: spec, Data: data}
	var err error
	if s.Seeds, err = spec.Seeds(); err != nil {
		return nil, err
	}
	base := settings.Default()
	base.Seed = s.Seeds[0]
	all, err := spec.Points(base)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	model, _ := spec.Axis("model")
	for _, p := range all {
		if model.Varies() {
			p = ownSettings(p)
		}
		if err := valid(p); err != nil {
			return nil, &PointError{s.Label(p), err}
		}
		p.Recipe = p.Recipe.Complete()
		if id := s.trial(p, p.Epochs, 0).ID(); !seen[id] {
			seen[id] = true
			s.Points = append(s.Points, p)
		}
	}
	s.Same = len(all) - len(s.Points)
	if n := len(s.Points) * len(s.Seeds); n > MaxTrials {
		return nil, fmt.Errorf("%s are too many; a sweep has at most %s", message.Count(n, "trial"), message.Thousands(MaxTrials))
	}
	if s.rungs, err = spec.Halving.rungs(s); err != nil {
		return nil, err
	}
	for _, r := range s.rungs {
		level := make([][]Trial, len(s.Points))
		for i, p := range s.Points {
			for _, seed := range s.Seeds {
				t := s.trial(p, cmp.Or(r.epochs, p.Epochs), seed)
				t.id = t.ID()
				level[i] = append(level[i], t)
			}
		}
		s.trials = append(s.trials, level)
	}
	return s, nil
}

// ownSettings leaves out settings that the model of a point does not have, such as the
// filters of an MLP, if several models are compared.
func ownSettings(p settings.Training) settings.Training {
	usual := settings.Default()
	for _, s := range settings.Of(settings.Network) {
		if s.Acts != nil && !s.Acts(p.Recipe) {
			reflect.ValueOf(s.At(&p)).Elem().Set(reflect.ValueOf(s.At(&usual)).Elem())
		}
	}
	return p
}

// PointError is an error about the settings of a point of a sweep.
type PointError struct {
	Point string // the values that are varied
	Err   error
}

// Error is the error with the point that it is about.
func (e *PointError) Error() string {
	if e.Point == "" {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v (with %s)", e.Err, e.Point)
}

// Unwrap is the error without the point.
func (e *PointError) Unwrap() error { return e.Err }

// valid reports what is wrong with the settings of a point.
func valid(t settings.Training) error {
	if err := t.Spec.ValidateSettings(); err != nil {
		return err
	}
	if err := t.ValidateData(); err != nil {
		return err
	}
	if t.Validation == 0 {
		return &models.SettingError{Setting: "validation", Problem: "must be above 0: a sweep ranks by the accuracy on images that are held out, never by the test set"}
	}
	_, err := t.Options()
	return err
}

// trial is the trial of a point with a number of epochs and a seed.
func (s *Sweep) trial(p settings.Training, epochs int, seed uint64) Trial {
	recipe := p.Recipe
	recipe.Epochs = epochs
	return Trial{
		Data: s.Data.Hash, Settings: Settings{Recipe: recipe}, Rate: p.LR, Seed: seed,
		Tuning: &Tuning{Validation: p.Validation, Normalise: p.Normalise, Patience: p.Patience},
	}
}

// Label is the point's values of the settings that are varied.
func (s *Sweep) Label(p settings.Training) string {
	text := ""
	for _, name := range s.Varied() {
		if setting, ok := settings.Find(name); ok {
			if text != "" {
				text += ", "
			}
			text += name + " " + setting.Shown(&p)
		}
	}
	return text
}

// LabelOf is the label of a trial: that of its point, its epochs in a halving, and its
// seed.
func (s *Sweep) LabelOf(t Trial) string {
	text := s.Label(t.training())
	if s.Halving != nil {
		text += ", " + message.Count(t.Settings.Epochs, "epoch")
	}
	return fmt.Sprintf("%s, seed %d", text, t.Seed)
}

// Check fails if the data is too small for a point: if its images are too small for
// the network, or fewer than its limit or its validation set takes. The error is a
// [PointError].
func (s *Sweep) Check() error {
	type part struct {
		images     int
		validation float64
	}
	seen := map[part]bool{}
	for _, p := range s.Points {
		if err := s.Data.fits(p.Spec); err != nil {
			return &PointError{s.Label(p), err}
		}
		if k := (part{p.Images, p.Validation}); !seen[k] {
			seen[k] = true
			if _, err := s.Data.Tune(p); err != nil {
				return &PointError{s.Label(p), err}
			}
		}
	}
	return nil
}

// all lists the indices of all points.
func (s *Sweep) all() []int {
	list := make([]int, len(s.Points))
	for i := range list {
		list[i] = i
	}
	return list
}

// swept holds the points of a sweep that a shard has.
type swept struct {
	*Sweep
	points []int
}

func (s swept) each(done Results, tell func(t Trial, done bool)) {
	levels := s.levels(s.points, done)
	alive := s.points
	for k := range s.rungs {
		if k < len(levels) {
			alive = levels[k]
		} else {
			alive = alive[:s.rungs[k].keep(len(s.points))] // whichever they will be
		}
		for _, i := range alive {
			for _, t := range s.trials[k][i] {
				_, there := done[t.id]
				tell(t, there && k < len(levels))
			}
		}
	}
}

func (s swept) ready(done Results, tell func(t Trial, after float64)) {
	levels := s.levels(s.points, done)
	last := len(levels) - 1
	for _, i := range levels[last] {
		for _, t := range s.trials[last][i] {
			tell(t, 0)
		}
	}
}

// part lists the points of a shard. All shards take about equally long, and a point's
// trials are all in one.
func (s *Sweep) part(shard Shard) []int {
	if shard.Count < 2 {
		return s.all()
	}
	loads := make([]load, len(s.Points))
	for i, trials := range s.trials[0] {
		loads[i] = load{trials[0].id, s.Data.cost(trials[0])}
	}
	assigned := balance(loads, shard.Count)
	return slices.DeleteFunc(s.all(), func(i int) bool { return assigned[loads[i].group] != shard.Index })
}

// RunSweep runs the trials of a sweep that are not in the store yet, as [Run] does.
// A shard halves its own points.
func RunSweep(ctx context.Context, s *Sweep, store *Store, o Options) error {
	points := s.part(o.Shard)
	if len(points) == 0 {
		return nil
	}
	return run(ctx, swept{s, points}, s.Data, false, store, o)
}

// Count is how many trials the sweep has, and how many of them are missing.
func (s *Sweep) Count(shard Shard, done Results) (trials, missing int) {
	points := s.part(shard)
	if len(points) == 0 {
		return 0, 0
	}
	swept{s, points}.each(done, func(_ Trial, there bool) {
		trials++
		if !there {
			missing++
		}
	})
	return trials, missing
}

// Estimate is how many seconds the trials of a shard take on one core, by a formula and
// not by measurement.
func (s *Sweep) Estimate(shard Shard) (seconds float64) {
	if points := s.part(shard); len(points) > 0 {
		swept{s, points}.each(nil, func(t Trial, _ bool) { seconds += s.Data.cost(t) })
	}
	return seconds
}

// SweepOf is the sweep that a manifest's results belong to.
func (m Manifest) SweepOf() (*Sweep, error) {
	if m.Sweep == nil {
		return nil, errors.New("holds a study, not a sweep")
	}
	return NewSweep(*m.Sweep, Data{Source: m.Source, Name: m.Name, Train: m.Train, Test: m.Test, Hash: m.Hash})
}

// OpenSweep opens the results directory of a sweep, creating it if need be, as
// [OpenStore] does for a study. A directory with another sweep on the same data keeps
// its results and becomes that of this sweep, so that values can be added.
func OpenSweep(dir string, s *Sweep) (*Store, error) { return openStore(dir, s.manifest()) }

func (s *Sweep) manifest() Manifest {
	return Manifest{
		Format: FormatSweep, Scope: Scope{Seeds: len(s.Seeds)}, Sweep: &s.SweepSpec,
		Source: s.Data.Source, Name: s.Data.Name, Train: s.Data.Train, Test: s.Data.Test, Hash: s.Data.Hash,
	}
}

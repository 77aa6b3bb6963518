package study

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"glyph/kmnist"
	"glyph/models"
	"glyph/settings"
)

// Leaderboard lists the points of a sweep, best first. As JSON it is what glyph sweep
// prints with --json and writes to LeaderboardFile.
type Leaderboard struct {
	Source  string     `json:"data"`
	Name    string     `json:"data_name,omitempty"` // see Data.Name
	Seeds   []uint64   `json:"seeds"`
	Varied  []string   `json:"varied"` // names of settings
	Trials  int        `json:"trials"`
	Missing int        `json:"missing"` // of them
	Rows    []Standing `json:"leaderboard"`
}

// LeaderboardFile is the name of the leaderboard in a sweep's directory.
const LeaderboardFile = "leaderboard.json"

// Standing is a point with its results, from its longest trainings.
type Standing struct {
	Rank     int            `json:"rank"`
	Settings map[string]any `json:"settings"` // all that differ from the defaults, and those varied
	Epochs   int            `json:"epochs"`   // trained for at most
	Mean     float64        `json:"validation_accuracy"`
	// Spread is the standard deviation between the seeds; nil for a single one.
	Spread     *float64  `json:"standard_deviation"`
	Accuracies []float64 `json:"accuracies"`      // of the seeds, in order
	Seeds      []uint64  `json:"seeds"`           // those that are done
	Loss       *float64  `json:"validation_loss"` // mean of the trainings that did not diverge
	Diverged   int       `json:"diverged"`        // trainings
	Parameters int       `json:"parameters"`
	Seconds    float64   `json:"seconds"` // of a training, on average
	// Train has the arguments of glyph that train the point as the sweep did, with the
	// first seed, but without the data and the output directory.
	Train []string `json:"train"`

	Point settings.Training `json:"-"`
}

// Best is the arguments of glyph that train the first of the rows on the sweep's data, or nil
// if there are no rows. data names the data; "" takes what the sweep says of it.
func (b *Leaderboard) Best(data string) []string {
	if len(b.Rows) == 0 {
		return nil
	}
	args := slices.Clone(b.Rows[0].Train)
	if data = cmp.Or(data, b.Name, kmnist.NameOf(b.Source)); data != "" {
		args = append(args, "--data", data)
	}
	return args
}

// Leaderboard ranks the points that have results by the mean accuracy on the
// validation set. Those that a halving trained for more epochs come first.
func (s *Sweep) Leaderboard(done Results) *Leaderboard {
	b := &Leaderboard{Source: s.Data.Source, Name: s.Data.Name, Seeds: s.Seeds, Varied: s.Varied(), Rows: []Standing{}}
	b.Trials, b.Missing = s.Count(Shard{}, done)
	placed := make([]bool, len(s.Points))
	for k := len(s.rungs) - 1; k >= 0; k-- {
		var scores []score
		for i := range s.Points {
			if c, _ := s.score(k, i, done); !placed[i] && len(c.results) > 0 {
				placed[i] = true
				scores = append(scores, c)
			}
		}
		slices.SortStableFunc(scores, score.compare)
		for _, c := range scores {
			row := s.standing(c)
			row.Rank = len(b.Rows) + 1
			b.Rows = append(b.Rows, row)
		}
	}
	return b
}

// standing is the row of a score.
func (s *Sweep) standing(c score) Standing {
	p := s.Points[c.point]
	p.Epochs = c.results[0].Trial.Settings.Epochs
	row := Standing{Epochs: p.Epochs, Mean: c.accuracy, Parameters: c.results[0].Parameters, Point: p}
	var losses []float64
	for _, r := range c.results {
		row.Accuracies, row.Seeds = append(row.Accuracies, r.Accuracy), append(row.Seeds, r.Trial.Seed)
		row.Seconds += r.Seconds / float64(len(c.results))
		if r.Diverged != "" {
			row.Diverged++
		} else {
			losses = append(losses, r.Loss)
		}
	}
	if len(row.Accuracies) > 1 {
		row.Spread = new(stat.StdDev(row.Accuracies, nil))
	}
	if losses != nil {
		row.Loss = new(stat.Mean(losses, nil))
	}
	row.Settings, row.Train = s.describe(p)
	return row
}

// describe is the settings of a point that differ from the defaults of glyph train, as
// values and as arguments. The values also have all settings that are varied.
func (s *Sweep) describe(p settings.Training) (values map[string]any, args []string) {
	values, args = map[string]any{}, []string{"train"}
	usual := settings.Default()
	usual.Recipe = usual.Recipe.Complete()
	whole := p
	whole.Recipe = p.Recipe.Complete()
	for _, setting := range settings.All() {
		text := setting.Text(&whole)
		other := usual
		if setting.Name != "model" { // the defaults are those of the model
			other.Spec = models.Spec{Model: whole.Model}.WithDefaults()
		}
		differs := text != setting.Text(&other) || setting.Name == "model" || setting.Name == "validation"
		if slices.Contains(s.Varied(), setting.Name) && text == "" && setting.Shown(&whole) == setting.Unset {
			set := whole // a varied setting at its default has its value too
			if setting.Set(&set, setting.Unset) == nil {
				values[setting.Name] = value(setting, &set)
			}
		}
		if text != "" && (differs || slices.Contains(s.Varied(), setting.Name)) {
			values[setting.Name] = value(setting, &whole)
		}
		if text != "" && differs {
			args = append(args, "--"+setting.Name, text)
		}
	}
	return values, args
}

// value is a setting's value for JSON.
func value(s settings.Setting, t *settings.Training) any {
	text := s.Text(t)
	switch s.Kind() {
	case settings.Name:
		return text
	case settings.Whole, settings.Number:
		if v := json.Number(text); valuable(v) {
			return v
		}
		return text
	}
	return json.RawMessage("[" + text + "]")
}

// valuable reports whether JSON can hold the number.
func valuable(v json.Number) bool {
	x, err := v.Float64()
	return err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

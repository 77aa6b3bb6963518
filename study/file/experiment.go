// Package file reads experiments and sweeps from TOML files.
//
// [Experiment] reads a user's experiment for glyph study: what is held fixed, what is
// varied, figures and claims, as in the experiments of package study. [ReadSweep] reads
// the settings of glyph sweep. Both refuse unknown keys and values of the wrong type,
// with an error of one line that begins with the line number.
package file

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"glyph/internal/message"
	"glyph/models"
	"glyph/settings"
	"glyph/study"
)

// name is what an experiment and its figures may be called: part of a file's name.
var name = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// maxArms is the largest number of configurations of an experiment.
const maxArms = 10_000

// builder makes an experiment from a document.
type builder struct {
	study.Experiment
	doc   table
	fixed table
	axes  [][]choice
}

// choice is a choice with its place in the file.
type choice struct {
	study.Choice
	from table
	keys map[string]string // the key that sets a setting
}

// Experiment reads an experiment. Its error is one line without the file's name.
func Experiment(text []byte) (study.Experiment, error) {
	doc, err := parse(text)
	if err != nil {
		return study.Experiment{}, err
	}
	b := builder{doc: doc}
	b.Text = string(text)
	for _, step := range []func() error{b.head, b.readFixed, b.readAxes, b.readQuick, b.check, b.readFigures, b.readClaims, b.whole} {
		if err := step(); err != nil {
			return study.Experiment{}, err
		}
	}
	return b.Experiment, nil
}

// head reads the keys at the top.
func (b *builder) head() (err error) {
	t := b.doc
	if err := t.only("name", "title", "question", "rates", "norms", "fixed", "vary", "quick", "figure", "claim"); err != nil {
		return err
	}
	if b.Name, err = t.text("name"); err != nil {
		return err
	}
	if !name.MatchString(b.Name) {
		return t.fail("name", "name must be of lower-case letters, digits and hyphens, not %s", message.Clip(b.Name))
	}
	if slices.ContainsFunc(study.Experiments(), func(e study.Experiment) bool { return e.Name == b.Name }) {
		return t.fail("name", "%s is the name of a built-in experiment; choose another", b.Name)
	}
	if b.Title, err = t.optional("title", b.Name); err != nil {
		return err
	}
	if b.Question, err = t.optional("question", b.Title); err != nil {
		return err
	}
	if b.Fixed.Norms, err = t.truth("norms"); err != nil {
		return err
	}
	if t.has("rates") {
		b.Fixed.Rates, err = t.numbers("rates")
	}
	return err
}

// readFixed reads the settings that are held fixed, on top of the defaults.
func (b *builder) readFixed() (err error) {
	if b.fixed, err = b.doc.table("fixed"); err != nil {
		return err
	}
	set := settings.Default()
	if _, err := b.fixed.setAll(&set); err != nil {
		return err
	}
	b.Fixed.Recipe = set.Recipe
	return nil
}

// setAll sets the settings of a table, whose only other keys are those in besides, and
// returns which key sets which setting.
func (t table) setAll(set *settings.Training, besides ...string) (map[string]string, error) {
	known := append([]string{}, besides...)
	for _, s := range settings.All() {
		known = append(append(known, s.Name), s.Former...)
	}
	if err := t.only(known...); err != nil {
		return nil, err
	}
	keys := map[string]string{}
	for _, s := range settings.All() {
		for _, key := range append([]string{s.Name}, s.Former...) {
			v, there := t.values[key]
			if !there {
				continue
			}
			if keys[s.Name] != "" {
				return nil, t.fail(key, "%s and %s are the same setting; leave one out", keys[s.Name], key)
			}
			if why := notInStudy[s.Name]; why != "" {
				return nil, t.fail(key, "%s can't be set here: %s", s.Name, why)
			}
			if err := t.put(s, key, v, set); err != nil {
				return nil, err
			}
			keys[s.Name] = key
		}
	}
	return keys, nil
}

// notInStudy says why a file can't set some settings.
var notInStudy = map[string]string{
	"lr":         "rates has the learning rates to choose from",
	"seed":       "every configuration is trained with the seeds from 1 to --seeds",
	"validation": "a study holds out a fifth of the training images to choose the learning rate, and then trains on all",
	"patience":   "a study trains for all epochs",
	"normalise":  "a study normalises by the whole set",
}

// readQuick reads what the quick study changes.
func (b *builder) readQuick() error {
	t, err := b.doc.table("quick")
	if err != nil {
		return err
	}
	if err := t.only("images", "epochs", "rates"); err != nil {
		return err
	}
	for key, to := range map[string]*int{"images": &b.Quick.Images, "epochs": &b.Quick.Epochs, "rates": &b.Quick.Rates} {
		if *to, err = t.whole(key); err != nil {
			return err
		}
	}
	return nil
}

// check combines the settings as the study will, and finds the line to blame if they
// are wrong.
func (b *builder) check() error {
	for i, axis := range b.axes {
		for _, c := range axis {
			s := b.Fixed
			for j, other := range b.axes {
				pick := other[0]
				if j == i {
					pick = c
				}
				if pick.Set != nil {
					pick.Set(&s)
				}
			}
			if err := b.blame(s, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// whole reports what is wrong with the experiment as a whole, if anything is left.
func (b *builder) whole() error {
	if err := b.Validate(); err != nil {
		return b.doc.fail("", "%w", err)
	}
	return nil
}

// blame reports what is wrong with settings, with the line of the choice or of the
// fixed setting that causes it.
func (b *builder) blame(s study.Settings, c choice) error {
	s.Recipe = s.Recipe.Complete()
	err := s.Validate()
	if err == nil {
		return nil
	}
	var wrong *models.SettingError
	setting := ""
	if errors.As(err, &wrong) {
		setting = wrong.Setting
	}
	if setting == "lr" || len(s.Rates) == 0 {
		setting = "rates"
	}
	switch key := c.keys[setting]; {
	case key != "":
		return c.from.fail(key, "%w", err)
	case setting != "" && b.fixed.has(setting):
		return b.fixed.fail(setting, "%w", err)
	case setting == "rates" && b.doc.has("rates"):
		return b.doc.fail("rates", "%w", err)
	case setting == "rates":
		return b.doc.fail("", "rates is missing: the learning rates to choose from, such as [0.01, 0.03]")
	}
	return c.from.fail("", "%w", err)
}

// labels are those of all configurations.
func (b *builder) labels() (all []string) {
	all = []string{""}
	for _, axis := range b.Vary {
		var next []string
		for _, label := range all {
			for _, c := range axis.Choices {
				if label == "" {
					next = append(next, c.Label)
				} else {
					next = append(next, label+", "+c.Label)
				}
			}
		}
		all = next
	}
	return all
}

var errNoAxis = errors.New("nothing is varied: want a table [[vary]]")

func tooMany() error {
	return fmt.Errorf("there are more than %s configurations", message.Thousands(maxArms))
}

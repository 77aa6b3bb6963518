package file

import (
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
	"glyph/settings"
	"glyph/study"
)

// readAxes reads what is varied.
func (b *builder) readAxes() error {
	axes, err := b.doc.tables("vary")
	if err != nil {
		return err
	}
	if len(axes) == 0 {
		return b.doc.fail("vary", "%w", errNoAxis)
	}
	arms := 1
	for _, t := range axes {
		axis, choices, err := b.axis(t)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(b.Vary, func(a study.Axis) bool { return a.Of == axis.Of }) {
			return t.fail("", "two tables [[vary]] are of %s", message.Clip(axis.Of))
		}
		if arms *= len(choices); arms > maxArms {
			return t.fail("", "%w", tooMany())
		}
		b.Vary, b.axes = append(b.Vary, axis), append(b.axes, choices)
	}
	return nil
}

// axis reads a table [[vary]]: a setting with its values, or choices.
func (b *builder) axis(t table) (axis study.Axis, choices []choice, err error) {
	if err := t.only("of", "setting", "values", "choice"); err != nil {
		return axis, nil, err
	}
	switch {
	case t.has("setting") == t.has("choice"):
		return axis, nil, t.fail("", "a table [[vary]] has either a setting with its values or tables [[vary.choice]]")
	case t.has("setting"):
		axis, choices, err = t.short()
	default:
		if axis.Of, err = t.text("of"); err == nil {
			choices, err = t.choices()
		}
	}
	if err != nil {
		return axis, nil, err
	}
	for _, c := range choices {
		if slices.ContainsFunc(axis.Choices, func(other study.Choice) bool { return other.Label == c.Label }) {
			return axis, nil, c.from.fail("", "two choices are labelled %s", message.Clip(c.Label))
		}
		axis.Choices = append(axis.Choices, c.Choice)
	}
	return axis, choices, nil
}

// short reads a setting and its values.
func (t table) short() (axis study.Axis, choices []choice, err error) {
	text, err := t.text("setting")
	if err != nil {
		return axis, nil, err
	}
	of, known := settings.Find(text)
	switch {
	case text == "rates":
		return axis, nil, t.fail("setting", "rates are varied by tables [[vary.choice]] with rates in them")
	case !known:
		var names []string
		for _, s := range settings.All() {
			names = append(names, s.Name)
		}
		if near := message.Closest(text, names); near != "" {
			return axis, nil, t.fail("setting", "there is no setting %s; did you mean %s?", message.Clip(text), near)
		}
		return axis, nil, t.fail("setting", "there is no setting %s; settings are %s", message.Clip(text), strings.Join(names, ", "))
	case notInStudy[of.Name] != "":
		return axis, nil, t.fail("setting", "%s can't be varied: %s", of.Name, notInStudy[of.Name])
	}
	if axis.Of, err = t.optional("of", of.Name); err != nil {
		return axis, nil, err
	}
	values, ok := t.values["values"].([]any)
	if !ok || len(values) == 0 {
		return axis, nil, t.fail("values", "values must be a list of values of %s", of.Name)
	}
	for _, v := range values {
		var set settings.Training
		if err := t.put(of, "values", v, &set); err != nil {
			return axis, nil, err
		}
		label := of.Text(&set)
		x, _ := strconv.ParseFloat(label, 64) // a list has no place on an axis
		choices = append(choices, choice{
			Choice: study.Choice{Label: strings.ReplaceAll(label, ",", "-"), X: x, Set: setter(map[string]string{of.Name: label}, nil)},
			from:   t, keys: map[string]string{of.Name: "values"},
		})
	}
	return axis, choices, nil
}

// choices reads tables [[vary.choice]].
func (t table) choices() (list []choice, err error) {
	tables, err := t.tables("choice")
	if err != nil {
		return nil, err
	}
	for _, from := range tables {
		c := choice{from: from}
		var set settings.Training
		if c.keys, err = from.setAll(&set, "label", "x", "full", "rates"); err != nil {
			return nil, err
		}
		if c.Label, err = from.text("label"); err != nil {
			return nil, err
		}
		if c.X, err = from.number("x", 0); err != nil {
			return nil, err
		}
		if c.Full, err = from.truth("full"); err != nil {
			return nil, err
		}
		texts := map[string]string{}
		for name := range c.keys {
			of, _ := settings.Find(name)
			texts[name] = of.Text(&set)
		}
		var rates []float64
		if from.has("rates") {
			if rates, err = from.numbers("rates"); err != nil {
				return nil, err
			}
			c.keys["rates"] = "rates"
		}
		c.Set = setter(texts, rates)
		list = append(list, c)
	}
	return list, nil
}

// setter is the function of a choice that gives settings their values, which were
// read before.
func setter(texts map[string]string, rates []float64) func(*study.Settings) {
	return func(s *study.Settings) {
		set := settings.Training{Recipe: s.Recipe}
		for name, text := range texts {
			if of, known := settings.Find(name); known {
				of.Set(&set, text) //nolint:errcheck // it is the text of a value
			}
		}
		s.Recipe = set.Recipe
		if rates != nil {
			s.Rates = slices.Clone(rates)
		}
	}
}

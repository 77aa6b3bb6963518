package space

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
	"glyph/settings"
)

// ParseAxis reads the values of a setting. Each text is a list of them, or a range;
// several texts, as of a flag given twice, are one list.
func ParseAxis(of settings.Setting, texts []string) (Axis, error) {
	a := Axis{Setting: of.Name}
	separator := ","
	if of.List() {
		separator = "/"
	}
	for _, text := range texts {
		if r, ok, err := parseRange(of, text); err != nil {
			return a, err
		} else if ok {
			a.Range = r
			continue
		}
		for part := range strings.SplitSeq(text, separator) {
			values, err := parseValues(of, strings.TrimSpace(part))
			if err != nil {
				return a, err
			}
			for _, v := range values {
				if !slices.Contains(a.Values, v) {
					a.Values = append(a.Values, v)
				}
			}
		}
	}
	if a.Range != nil && (len(texts) > 1 || a.Values != nil) {
		return a, fmt.Errorf("a range to draw from stands alone: %s", message.Quote(strings.Join(texts, separator)))
	}
	if len(a.Values) > MaxPoints {
		return a, fmt.Errorf("has more than %s values", message.Thousands(MaxPoints))
	}
	return a, nil
}

// parseRange reads a range to draw from: of numbers, or of whole ones on a
// logarithmic scale.
func parseRange(of settings.Setting, text string) (*Range, bool, error) {
	body, log := strings.CutPrefix(text, "log:")
	low, high, ok := strings.Cut(body, "..")
	kind := of.Kind()
	if kind != settings.Whole && kind != settings.Number {
		if log || ok {
			return nil, false, fmt.Errorf("%s is a range, and %s takes %s", message.Quote(text), of.Name, kind.Wants())
		}
		return nil, false, nil
	}
	if strings.Contains(text, ",") || (!log && (!ok || kind == settings.Whole)) {
		return nil, false, nil // a list, of which a whole range may be a part
	}
	r := &Range{Log: log, Whole: kind == settings.Whole}
	var err, err2 error
	r.Low, err = strconv.ParseFloat(low, 64)
	r.High, err2 = strconv.ParseFloat(high, 64)
	if !ok || err != nil || err2 != nil {
		return nil, false, fmt.Errorf("%s is not a range: want two numbers, such as %s", message.Quote(text), example(log))
	}
	return r, true, r.check()
}

func example(log bool) string {
	if log {
		return "log:0.001..0.1"
	}
	return "0.1..0.5"
}

// check reports a range that holds nothing to draw.
func (r *Range) check() error {
	switch {
	case !(r.High > r.Low) || math.IsInf(r.High, 0) || math.IsInf(r.Low, 0):
		return fmt.Errorf("the range %s does not rise from one number to another", r)
	case r.Log && r.Low <= 0:
		return fmt.Errorf("the range %s is logarithmic, and so begins above 0", r)
	case r.Whole && (r.Low != math.Trunc(r.Low) || r.High != math.Trunc(r.High) || r.High > 1<<53 || r.Low < 0):
		return fmt.Errorf("the range %s must be of whole numbers of at least 0", r)
	}
	return nil
}

// parseValues reads an item of a list: a value, or a range of whole numbers.
func parseValues(of settings.Setting, text string) ([]string, error) {
	if low, high, ok := strings.Cut(text, ".."); ok && of.Kind() == settings.Whole {
		return wholeRange(text, low, high)
	}
	if text == "" {
		return nil, errors.New("a value is empty")
	}
	if strings.Contains(text, "..") && of.Kind() == settings.Number {
		return nil, fmt.Errorf("a range to draw from stands alone: %s", message.Quote(text))
	}
	var set settings.Training
	if err := of.Set(&set, text); err != nil {
		if !of.List() && strings.Contains(text, "/") {
			return nil, fmt.Errorf("%w; values of %s have commas between them", err, of.Name)
		}
		return nil, err
	}
	return []string{of.Text(&set)}, nil
}

// wholeRange lists the whole numbers from one to another.
func wholeRange(text, low, high string) (values []string, err error) {
	first, err := strconv.ParseUint(low, 10, 63)
	last, err2 := strconv.ParseUint(high, 10, 63)
	switch {
	case err != nil || err2 != nil:
		return nil, fmt.Errorf("%s is not a range: want two whole numbers, such as 1..5", message.Quote(text))
	case last < first:
		return nil, fmt.Errorf("the range %s falls; write it as %d..%d", text, last, first)
	case last-first >= MaxPoints:
		return nil, fmt.Errorf("the range %s has more than %s values", text, message.Thousands(MaxPoints))
	}
	for n := first; n <= last; n++ {
		values = append(values, strconv.FormatUint(n, 10))
	}
	return values, nil
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

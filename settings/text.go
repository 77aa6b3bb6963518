package settings

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
)

// Kind is the type of a setting's values.
type Kind uint8

// The kinds of values.
const (
	Whole   Kind = iota // an int or a uint64
	Number              // a float32, a float64, or a *float64
	Name                // text
	Wholes              // a list of int
	Numbers             // a list of float64
)

// Kind is the type of the setting's values. It panics if the setting's field has no kind.
func (s Setting) Kind() Kind {
	switch p := s.At(new(Training)).(type) {
	case *int, *uint64:
		return Whole
	case *float32, *float64, **float64:
		return Number
	case *string:
		return Name
	case *[]int:
		return Wholes
	case *[]float64:
		return Numbers
	default:
		panic(fmt.Sprintf("setting %s is a %T, which is of no kind", s.Name, p))
	}
}

// List reports whether one value of the setting is a list, such as 256,128.
func (s Setting) List() bool { k := s.Kind(); return k == Wholes || k == Numbers }

// Wants describes a value of the kind, as the end of a sentence.
func (k Kind) Wants() string {
	return [...]string{"a whole number", "a number", "a name", "whole numbers with commas between them", "numbers with commas between them"}[k]
}

// Set parses text as on the command line, such as 0.1, adam or 256,128, and puts the
// value into t. It fails if the text is not a value of the setting's kind, or a name that
// is not one of its Values. Whether a number makes sense is checked by
// [Training.Options] and [Training.ValidateData].
func (s Setting) Set(t *Training, text string) error {
	var err error
	switch p := s.At(t).(type) {
	case *int:
		*p, err = strconv.Atoi(text)
	case *uint64:
		*p, err = strconv.ParseUint(text, 10, 64)
	case *float32:
		var x float64
		x, err = strconv.ParseFloat(text, 64)
		*p = float32(x)
	case *float64:
		*p, err = strconv.ParseFloat(text, 64)
	case **float64:
		var x float64
		x, err = strconv.ParseFloat(text, 64)
		*p = &x
	case *[]int:
		*p, err = list(text, strconv.Atoi)
	case *[]float64:
		*p, err = list(text, func(part string) (float64, error) { return strconv.ParseFloat(part, 64) })
	case *string:
		*p = text
		return s.known(text)
	}
	if err != nil {
		return fmt.Errorf("%s: want %s", message.Quote(text), s.Kind().Wants())
	}
	return nil
}

// known fails for a name that the setting can't have. A colon begins a number that
// belongs to the name, as in leaky-relu:0.2; who uses it checks that.
func (s Setting) known(text string) error {
	name, _, _ := strings.Cut(text, ":")
	if s.Values == nil || slices.Contains(s.Values(), name) {
		return nil
	}
	if near := message.Closest(name, s.Values()); near != "" {
		return fmt.Errorf("%s: did you mean %s?", message.Quote(text), near)
	}
	return fmt.Errorf("%s: want %s", message.Quote(text), strings.Join(s.Values(), ", "))
}

func list[T any](text string, parse func(string) (T, error)) (values []T, err error) {
	if text == "" {
		return nil, errors.New("empty")
	}
	for part := range strings.SplitSeq(text, ",") {
		v, err := parse(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// Text is the value in t in the form that [Setting.Set] reads back bit for bit, or "" if
// it is unset.
func (s Setting) Text(t *Training) string {
	v := reflect.ValueOf(s.At(t)).Elem()
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch v := v.Interface().(type) {
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []int:
		return joined(v, strconv.Itoa)
	case []float64:
		return joined(v, func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) })
	default:
		return fmt.Sprint(v)
	}
}

// Shown is the value in t for display: for an unset one the default it stands for, and a
// dash if the setting has no effect.
func (s Setting) Shown(t *Training) string {
	if s.Acts != nil && !s.Acts(t.Recipe) {
		return "–"
	}
	if text := s.Text(t); text != "" {
		return text
	}
	return s.Unset
}

func joined[T any](values []T, text func(T) string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = text(v)
	}
	return strings.Join(parts, ",")
}

// Find finds a setting by its present name or a former one.
func Find(name string) (Setting, bool) {
	name = CurrentName(name)
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

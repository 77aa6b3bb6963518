package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"glyph"
)

// Spec describes a network so that New can build it: a preset and its
// settings. A setting left empty has the preset's default. As JSON it goes into
// weights files.
type Spec struct {
	Model   string `json:"model"`             // a preset; see PresetNames
	Input   []int  `json:"input,omitempty"`   // height, width, channels; default 28, 28, 1
	Classes int    `json:"classes,omitempty"` // default 10

	Hidden     []int     `json:"hidden,omitempty"`     // units of the hidden layers of mlp
	Filters    []int     `json:"filters,omitempty"`    // of the convolutions of cnn
	Units      []int     `json:"units,omitempty"`      // of the hidden dense layers of cnn
	Activation string    `json:"activation,omitempty"` // of every layer but the last
	Dropout    []float64 `json:"dropout,omitempty"`    // one rate for all places, or one for each
	Init       string    `json:"init,omitempty"`       // see InitNames

	// L2 is λ of the penalty λ/2·‖w‖² on the weights. The network does not
	// apply it itself: it belongs into glyph.Optimizer and the reported loss.
	L2 float64 `json:"l2,omitempty"`
}

// Limits of a Spec.
const (
	maxSize   = 1 << 20 // of a layer, an image side or the classes
	maxLayers = 100     // sizes in a list
)

// WithDefaults fills in what is empty. A file keeps the full spec, so a default
// that changes later leaves it as it is.
func (s Spec) WithDefaults() Spec {
	p, err := findPreset(s.Model)
	if err != nil {
		return s
	}
	def := p.defaults
	if len(s.Input) == 0 {
		s.Input = []int{28, 28, 1}
	}
	if s.Classes == 0 {
		s.Classes = 10
	}
	if len(s.Hidden) == 0 {
		s.Hidden = slices.Clone(def.Hidden)
	}
	if len(s.Filters) == 0 {
		s.Filters = slices.Clone(def.Filters)
	}
	if len(s.Units) == 0 {
		s.Units = slices.Clone(def.Units)
	}
	if len(s.Dropout) == 0 {
		s.Dropout = slices.Clone(def.Dropout)
	}
	if s.Activation == "" {
		s.Activation = def.Activation
	}
	if s.Init == "" {
		s.Init = defaultInit.String()
	}
	return s
}

// InputShape is the shape of a sample, (H, W, C).
func (s Spec) InputShape() glyph.Shape {
	if len(s.Input) != 3 {
		return glyph.Shape{28, 28, 1}
	}
	return glyph.Shape{s.Input[0], s.Input[1], s.Input[2]}
}

// Validate tells what a user set wrong, in one line. Empty settings are right.
func (s Spec) Validate() error {
	p, err := findPreset(s.Model)
	if err != nil {
		return err
	}
	if err := s.validateFor(p); err != nil {
		return err
	}
	s = s.WithDefaults()
	if len(s.Input) != 3 {
		return fmt.Errorf("input needs height, width and channels, not %v", s.Input)
	}
	for _, list := range []struct {
		name  string
		sizes []int
	}{{"input sizes", s.Input}, {"hidden sizes", s.Hidden}, {"filters", s.Filters}, {"units", s.Units}} {
		if len(list.sizes) > maxLayers {
			return fmt.Errorf("%s must be at most %d numbers, not %d", list.name, maxLayers, len(list.sizes))
		}
		for _, n := range list.sizes {
			if err := size(list.name, n, 1); err != nil {
				return err
			}
		}
	}
	if err := size("classes", s.Classes, 2); err != nil {
		return err
	}
	if s.Classes > 256 {
		return fmt.Errorf("classes must be at most 256, since a label is a byte, not %d", s.Classes)
	}
	if _, err := activation(s.Activation); err != nil {
		return err
	}
	for _, rate := range s.Dropout {
		if !(rate >= 0 && float32(rate) < 1) {
			return fmt.Errorf("dropout must be from 0 to below 1, not %v", rate)
		}
	}
	if _, err := ParseInit(s.Init); err != nil {
		return err
	}
	if !(s.L2 >= 0 && s.L2 <= math.MaxFloat32) {
		return fmt.Errorf("l2 must be a number of at least 0, not %v", s.L2)
	}
	_, err = s.plan()
	return err
}

// Plan is the layers of a valid spec in their places; see the function Plan.
func (s Spec) Plan() ([]Stage, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return s.plan()
}

func (s Spec) plan() ([]Stage, error) {
	layers, err := s.Layers()
	if err != nil {
		return nil, err
	}
	return Plan(s.InputShape(), layers)
}

// validateFor tells which setting the preset does not have.
func (s Spec) validateFor(p *preset) error {
	for _, setting := range []struct {
		name       string
		given, has bool
	}{
		{"hidden sizes", len(s.Hidden) > 0, p.defaults.Hidden != nil},
		{"filters", len(s.Filters) > 0, p.defaults.Filters != nil},
		{"units", len(s.Units) > 0, p.defaults.Units != nil},
		{"dropout", len(s.Dropout) > 0, p.defaults.Dropout != nil},
		{"activation", s.Activation != "" && s.Activation != p.defaults.Activation, p.defaults.Activation != "none"},
	} {
		if setting.given && !setting.has {
			return fmt.Errorf("model %s has no %s to set; %s", p.name, setting.name, p.settings())
		}
	}
	return nil
}

// Layers is the layers of the network.
func (s Spec) Layers() ([]Layer, error) {
	s = s.WithDefaults()
	p, err := findPreset(s.Model)
	if err != nil {
		return nil, err
	}
	act, err := activation(s.Activation)
	if err != nil {
		return nil, err
	}
	rates, err := s.rates(p.places(s))
	if err != nil {
		return nil, err
	}
	return p.layers(s, act, rates), nil
}

// rates is the dropout rate of each of so many places.
func (s Spec) rates(places int) ([]float32, error) {
	if n := len(s.Dropout); n > 1 && n != places {
		return nil, fmt.Errorf("dropout has %d rates; this network takes one for all places, or %d", n, places)
	}
	rates := make([]float32, places)
	for i := range rates {
		rates[i] = float32(s.Dropout[i%len(s.Dropout)])
	}
	return rates, nil
}

// String is the spec in one line: "cnn 32-64-64, 256, relu, dropout 0.25".
func (s Spec) String() string {
	s = s.WithDefaults()
	text := s.Model
	add := func(set bool, format string, args ...any) {
		if set {
			text += fmt.Sprintf(format, args...)
		}
	}
	add(len(s.Hidden) > 0, " %s", joined(s.Hidden))
	add(len(s.Filters) > 0, " %s", joined(s.Filters))
	add(len(s.Units) > 0, ", %s", joined(s.Units))
	add(s.Activation != "" && s.Activation != "none", ", %s", s.Activation)
	add(slices.ContainsFunc(s.Dropout, func(r float64) bool { return r != 0 }), ", dropout %s", joined(s.Dropout))
	add(s.Init != "" && s.Init != defaultInit.String(), ", %s", s.Init)
	add(s.L2 != 0, ", l2 %v", s.L2)
	return text
}

// joined writes numbers as 32-64-64.
func joined[T int | float64](list []T) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(list), "[]"), " ", "-")
}

// JSON is the spec as it stands in a weights file.
func (s Spec) JSON() (string, error) {
	text, err := json.Marshal(s.WithDefaults())
	return string(text), err
}

// ParseSpec is the inverse of JSON. It accepts no unknown settings and checks
// the rest as Validate does.
func ParseSpec(text string) (Spec, error) {
	var s Spec
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Spec{}, fmt.Errorf("the description of the network is no JSON of a spec: %w", err)
	}
	if d.More() {
		return Spec{}, errors.New("the description of the network goes on after its end")
	}
	return s, s.Validate()
}

func activation(name string) (glyph.Activation, error) {
	act, err := glyph.ParseActivation(name)
	if err == nil && !(act.Slope < 1) {
		err = fmt.Errorf("leaky-relu slope %v is not below 1 as a float32", act.Slope)
	}
	return act, err
}

func size(name string, n, least int) error {
	if n < least {
		return fmt.Errorf("%s must be at least %d, not %d", name, least, n)
	}
	if n > maxSize {
		return fmt.Errorf("%s must be at most %s, not %s", name, Thousands(maxSize), Thousands(n))
	}
	return nil
}

package models

import (
	"slices"

	"glyph"
	"glyph/internal/message"
)

// Spec describes a network so that New can build it: a preset and its
// settings. A setting left empty has the preset's default. As JSON it goes into
// weights files.
type Spec struct {
	Model   string `json:"model"`             // a preset; see PresetNames
	Input   []int  `json:"input,omitempty"`   // height, width, channels; default 28, 28, 1
	Classes int    `json:"classes,omitempty"` // default 10

	Hidden     []int     `json:"hidden,omitempty"`     // units of the hidden layers of mlp
	Filters    []int     `json:"filters,omitempty"`    // of the convolutions of cnn and of each pair of vgg
	Units      []int     `json:"units,omitempty"`      // of the hidden dense layers of cnn
	Activation string    `json:"activation,omitempty"` // of every layer but the last
	Dropout    []float64 `json:"dropout,omitempty"`    // one rate for all places, or one for each
	Init       string    `json:"init,omitempty"`       // see InitNames
	Depth      int       `json:"depth,omitempty"`      // layers of resnet: 6n+2
	Width      int       `json:"width,omitempty"`      // filters of resnet's first group
	Norm       string    `json:"norm,omitempty"`       // of vgg: NormBatch or NormNone
	Shortcut   string    `json:"shortcut,omitempty"`   // of resnet: ShortcutIdentity or ShortcutNone

	// L2 is λ of the penalty λ/2·‖w‖² on the weights. The network does not
	// apply it itself: it belongs in glyph.Optimizer and in the reported loss.
	L2 float64 `json:"l2,omitempty"`
}

// The values of Norm and Shortcut.
const (
	NormBatch        = "batch"    // batch normalisation after each convolution
	NormNone         = "none"     // a bias in its place
	ShortcutIdentity = "identity" // residual blocks
	ShortcutNone     = "none"     // the same layers one after the other
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
		s.Init = def.init()
	}
	if s.Depth == 0 {
		s.Depth = def.Depth
	}
	if s.Width == 0 {
		s.Width = def.Width
	}
	if s.Norm == "" {
		s.Norm = def.Norm
	}
	if s.Shortcut == "" {
		s.Shortcut = def.Shortcut
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

// Plan is the layers of a valid spec in their places; see the function Plan.
func (s Spec) Plan() ([]Stage, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return s.plan()
}

// init is the initialiser of a preset's defaults.
func (s Spec) init() string {
	if s.Init == "" {
		return defaultInit.String()
	}
	return s.Init
}

func (s Spec) plan() ([]Stage, error) {
	g, err := s.Graph()
	if err != nil {
		return nil, err
	}
	return Plan(s.InputShape(), g)
}

// validateFor reports a setting that the preset does not have.
func (s Spec) validateFor(p *preset) error {
	for _, setting := range presetSettings {
		if setting.given(s, p) && !setting.has(p) {
			return wrong(setting.name, "can't be set for model %s; %s", p.name, p.settings())
		}
	}
	return nil
}

// Graph is the layers of the network.
func (s Spec) Graph() (Graph, error) {
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
	return p.graph(s, act, rates), nil
}

// rates is the dropout rate at each of the given number of places.
func (s Spec) rates(places int) ([]float32, error) {
	if n := len(s.Dropout); n > 1 && n != places {
		if places < 2 {
			return nil, wrong("dropout", "has %s; this network takes one", message.Count(n, "rate"))
		}
		return nil, wrong("dropout", "has %s; this network takes one for all places, or %d", message.Count(n, "rate"), places)
	}
	rates := make([]float32, places)
	for i := range rates {
		rates[i] = float32(s.Dropout[i%len(s.Dropout)])
	}
	return rates, nil
}

// ParamCount is how many parameters the network of a valid spec has.
func (s Spec) ParamCount() int {
	stages, err := s.Plan()
	if err != nil {
		return 0
	}
	n := 0
	for _, stage := range stages {
		n += stage.ParamCount()
	}
	return n
}

package settings

import (
	"slices"
	"strings"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// Group is the part of a training that a setting belongs to.
type Group uint8

// The groups.
const (
	Network Group = iota
	Data
	Augmentation
	Optimisation
	Course // how long a training runs, and when it stops
)

// Setting describes one of the settings.
type Setting struct {
	Name   string   // on the command line and in config files
	Former []string // earlier names, which still work
	Group  Group
	Help   string // what it is, with the unit in backquotes where there is one
	// Unset is the value that a nil pointer or list, or an empty text, stands
	// for. It is "" where the default in Default says it.
	Unset string
	// Values are the names it can have; nil where it takes numbers.
	Values func() []string
	// Acts reports whether the setting has an effect on a recipe; nil means always.
	Acts func(Recipe) bool
	// At is where its value is: a pointer to an int, uint64, float32, float64,
	// *float64, string, []int or []float64.
	At func(*Training) any
}

// all is filled at the start and never changed.
var all = slices.Concat(networkSettings(), dataSettings(), augmentationSettings(), optimisationSettings(), courseSettings())

// All describes every setting, those of a group together. The list is the caller's.
func All() []Setting { return slices.Clone(all) }

// Of describes the settings of a group.
func Of(g Group) (list []Setting) {
	for _, s := range all {
		if s.Group == g {
			list = append(list, s)
		}
	}
	return list
}

// Architecture names the settings that say which network it is: those that weights
// bring along.
func Architecture() []string {
	return []string{"model", "hidden", "filters", "units", "depth", "width", "norm", "shortcut", "activation"}
}

// CurrentName is the current name of a setting: the name itself, unless it is a
// former one.
func CurrentName(name string) string {
	for _, s := range all {
		if slices.Contains(s.Former, name) {
			return s.Name
		}
	}
	return name
}

// Usage is the help with the values to choose from and the default.
func (s Setting) Usage() string {
	text := s.Help
	if s.Values != nil {
		first, rest, more := strings.Cut(text, ";")
		text = first + ": " + strings.Join(s.Values(), ", ")
		if more {
			text += ";" + rest
		}
	}
	if s.Unset != "" {
		text += " (default " + s.Unset + ")"
	}
	return text
}

func has(setting string) func(Recipe) bool {
	return func(r Recipe) bool { return models.HasSetting(r.Model, setting) }
}

func networkSettings() []Setting {
	return []Setting{
		{Name: "model", Help: "network", Values: models.PresetNames, At: func(t *Training) any { return &t.Model }},
		{Name: "hidden", Help: "`units` of the hidden layers of mlp, such as 256 or 256,128", Unset: "256", Acts: has("hidden"),
			At: func(t *Training) any { return &t.Hidden }},
		{Name: "filters", Help: "`filters` of the convolutions of cnn, or of each pair of vgg", Unset: "32,64,64 or 24,48,96", Acts: has("filters"),
			At: func(t *Training) any { return &t.Filters }},
		{Name: "units", Help: "`units` of the hidden dense layers of cnn", Unset: "256", Acts: has("units"),
			At: func(t *Training) any { return &t.Units }},
		{Name: "depth", Help: "`layers` of resnet: 6n+2, such as 8, 14 or 20", Unset: "20", Acts: has("depth"), At: func(t *Training) any { return &t.Depth }},
		{Name: "width", Help: "`filters` of resnet's first group; the others have two and four times as many", Unset: "16", Acts: has("width"),
			At: func(t *Training) any { return &t.Width }},
		{Name: "norm", Help: "normalisation of vgg", Unset: models.NormBatch, Values: func() []string { return []string{models.NormBatch, models.NormNone} },
			Acts: has("norm"), At: func(t *Training) any { return &t.Norm }},
		{Name: "shortcut", Help: "shortcuts of resnet", Unset: models.ShortcutIdentity,
			Values: func() []string { return []string{models.ShortcutIdentity, models.ShortcutNone} },
			Acts:   has("shortcut"), At: func(t *Training) any { return &t.Shortcut }},
		{Name: "activation", Help: "activation; leaky-relu:0.2 sets the slope", Unset: "relu", Values: glyph.ActivationNames, Acts: has("activation"),
			At: func(t *Training) any { return &t.Activation }},
		{Name: "dropout", Help: "dropout `rate`, one for all places or one for each", Unset: "the model's", Acts: has("dropout"),
			At: func(t *Training) any { return &t.Dropout }},
		{Name: "init", Help: "initial weights", Unset: "glorot-uniform, he-normal for vgg and resnet", Values: models.InitNames, At: func(t *Training) any { return &t.Init }},
		{Name: "l2", Help: "λ of the penalty λ/2·‖w‖² on the weights", At: func(t *Training) any { return &t.L2 }},
	}
}

func dataSettings() []Setting {
	return []Setting{
		{Name: "limit", Group: Data, Help: "train on only the first `images` of the training set", Unset: "all", At: func(t *Training) any { return &t.Images }},
		{Name: "validation", Former: []string{"holdout"}, Group: Data,
			Help: "training images held out as a validation set, evaluated after each epoch to keep the weights of the best one: a fraction below 1, or a number; 0 holds none out",
			At:   func(t *Training) any { return &t.Validation }},
		{Name: "normalise", Former: []string{"standardise"}, Group: Data, Help: "subtract the mean and divide by the standard deviation, of the whole set or of each pixel",
			Values: func() []string { return []string{NormaliseSet, NormalisePixel} }, At: func(t *Training) any { return &t.Normalise }},
	}
}

func augmentationSettings() []Setting {
	return []Setting{
		{Name: "shift", Group: Augmentation, Help: "shift training images at random, by up to this many `pixels` each way",
			At: func(t *Training) any { return &t.Augment.Shift }},
		{Name: "rotation", Group: Augmentation, Help: "rotate them by up to this many `degrees`", At: func(t *Training) any { return &t.Augment.Rotation }},
		{Name: "scale", Group: Augmentation, Help: "scale them by up to this `fraction`: 0.1 is 0.9 to 1.1", At: func(t *Training) any { return &t.Augment.Scale }},
		{Name: "shear", Group: Augmentation, Help: "shear them by up to this many `degrees`", At: func(t *Training) any { return &t.Augment.Shear }},
		{Name: "elastic", Group: Augmentation, Help: "deform them: move points 8 pixels apart by up to this many `pixels` each way, and what is between them smoothly",
			At: func(t *Training) any { return &t.Augment.Elastic }},
		{Name: "stroke", Group: Augmentation, Help: "make their strokes thicker or thinner by up to this `fraction`: 1 is about a pixel on each side",
			At: func(t *Training) any { return &t.Augment.Stroke }},
		{Name: "cutout", Group: Augmentation, Help: "then set a square of this many `pixels` on each side to 0, at a random place; it may begin or end outside the image",
			At: func(t *Training) any { return &t.Augment.Cutout }},
	}
}

// rule makes Acts of a property of the update rule.
func rule(of func(glyph.Optimizer) bool) func(Recipe) bool {
	return func(r Recipe) bool {
		rule, err := glyph.ParseOptimizer(r.Optimizer)
		return err == nil && of(rule)
	}
}

func optimisationSettings() []Setting {
	return []Setting{
		{Name: "optimizer", Group: Optimisation, Help: "update rule", Values: glyph.OptimizerNames, At: func(t *Training) any { return &t.Optimizer }},
		{Name: "lr", Group: Optimisation, Help: "learning rate", At: func(t *Training) any { return &t.LR }},
		{Name: "momentum", Group: Optimisation, Help: "momentum of the rules momentum and nesterov", Unset: "0.9",
			Acts: rule(func(o glyph.Optimizer) bool { m, _ := ruleUses(o); return m }), At: func(t *Training) any { return &t.Momentum }},
		{Name: "weight-decay", Group: Optimisation, Help: "weight decay of the rule adamw", Unset: "0.01",
			Acts: rule(func(o glyph.Optimizer) bool { _, d := ruleUses(o); return d }), At: func(t *Training) any { return &t.WeightDecay }},
		{Name: "schedule", Group: Optimisation, Help: "learning-rate schedule", Values: train.ScheduleNames, At: func(t *Training) any { return &t.Schedule }},
		{Name: "warmup", Group: Optimisation, Help: "`epochs` of linear warm-up before the schedule", At: func(t *Training) any { return &t.Warmup }},
		{Name: "label-smoothing", Former: []string{"smoothing"}, Group: Optimisation, Help: "label smoothing ε: targets are 1 - ε for the label, and ε shared by all classes",
			At: func(t *Training) any { return &t.LabelSmoothing }},
		{Name: "ema", Group: Optimisation, Help: "evaluate and keep an exponential moving average of the weights with this `decay`, such as 0.999; 0 means none",
			At: func(t *Training) any { return &t.Average }},
		{Name: "batch", Group: Optimisation, Help: "images per step", At: func(t *Training) any { return &t.Batch }},
		{Name: "seed", Group: Optimisation, Help: "seed of the initial weights, the batch order, dropout and augmentation", At: func(t *Training) any { return &t.Seed }},
	}
}

func courseSettings() []Setting {
	return []Setting{
		{Name: "epochs", Group: Course, Help: "passes over the training images", At: func(t *Training) any { return &t.Epochs }},
		{Name: "patience", Group: Course, Help: "stop after this many `epochs` without a lower validation loss; 0 never stops",
			At: func(t *Training) any { return &t.Patience }},
	}
}

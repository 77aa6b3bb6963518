package settings

import (
	"fmt"
	"math"

	"glyph"
	"glyph/kmnist"
	"glyph/models"
	"glyph/train"
)

// TrainSet is images of package kmnist as package train takes them. Neither
// package knows the other: what a user says about data meets both here.
func TrainSet(s kmnist.Set) train.Set {
	return train.Set{Images: s.Images, Labels: s.Labels, Shape: glyph.Shape{s.H, s.W, s.Channels()}}
}

// ValidateData tells what is wrong with the settings of the data, before there is
// any. The error is a [models.SettingError].
func (t Training) ValidateData() error {
	wrong := func(setting, format string, args ...any) error {
		return &models.SettingError{Setting: setting, Problem: fmt.Sprintf(format, args...)}
	}
	switch v := t.Validation; {
	case t.Images < 0:
		return wrong("limit", "must be at least 1 image, not %d", t.Images)
	case !(v >= 0) || math.IsInf(v, 0):
		return wrong("validation", "must be a fraction below 1 or a number of images, not %v", v)
	case v >= 1 && v != math.Trunc(v):
		return wrong("validation", "%v is neither a fraction below 1 nor a whole number of images", v)
	case t.Normalise != NormaliseSet && t.Normalise != NormalisePixel:
		return wrong("normalise", "must be set or pixel, not %q", t.Normalise)
	}
	return nil
}

// Represents reports whether the validation set of the settings, from that many training
// images, is large enough for an image of each class. Without a choice of the user, none
// is held out otherwise: the weights of an epoch would be kept by chance.
func (t Training) Represents(images, classes int) bool {
	if t.Images > 0 {
		images = min(images, t.Images)
	}
	held := t.Validation
	if held < 1 {
		held = math.Round(held * float64(images))
	}
	return held >= float64(classes)
}

// Split is the training images that the settings leave of a training set, and the
// validation set that they hold out; the seed draws it. The error is a
// [models.SettingError].
func (t Training) Split(all kmnist.Set) (part, validation kmnist.Set, err error) {
	part = all
	if t.Images > 0 {
		if part, err = all.Limit(t.Images); err != nil {
			return part, validation, &models.SettingError{Setting: "limit", Problem: ofSet(err)}
		}
	}
	if t.Validation > 0 {
		if part, validation, err = part.Validation(t.Validation, t.Seed); err != nil {
			return part, validation, &models.SettingError{Setting: "validation", Problem: ofSet(err)}
		}
	}
	return part, validation, nil
}

// Data is the data as the settings prepare it: a part of the training images,
// without those that are held out, normalised by what is left. The error is a
// [models.SettingError].
func (t Training) Data(d kmnist.Data) (train.Data, error) {
	if err := t.ValidateData(); err != nil {
		return train.Data{}, err
	}
	part, validation, err := t.Split(d.Train)
	if err != nil {
		return train.Data{}, err
	}
	out := train.Data{Train: TrainSet(part), Validation: TrainSet(validation), Test: TrainSet(d.Test), Classes: len(d.Classes)}
	out.Mean, out.Scale = kmnist.Normalise(part, t.Normalise == NormalisePixel)
	return out, nil
}

// ofSet is an error of a set of images, after the name of a setting.
func ofSet(err error) string { return ": " + err.Error() }

package settings

import (
	"errors"
	"math"
	"testing"

	"glyph"
	"glyph/kmnist"
	"glyph/models"
)

// Data takes the first images, holds some of them out and normalises by the rest.
func TestData(t *testing.T) {
	all := kmnist.Synthetic(1, 100, 20)
	set := Default()
	set.Images, set.Validation, set.Normalise = 60, 0.25, NormalisePixel
	d, err := set.Data(all)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 45 || d.Validation.Len() != 15 || d.Test.Len() != 20 || d.Classes != 10 || d.Train.Shape != (glyph.Shape{28, 28, 1}) {
		t.Errorf("%d, %d and %d images of %v in %d classes", d.Train.Len(), d.Validation.Len(), d.Test.Len(), d.Train.Shape, d.Classes)
	}
	first, _ := all.Train.Limit(60)
	part, _, _ := first.Validation(0.25, set.Seed)
	mean, scale := kmnist.Normalise(part, true)
	for i := range mean {
		if d.Mean[i] != mean[i] || d.Scale[i] != scale[i] {
			t.Fatalf("pixel %d is normalised by %v and %v, want %v and %v", i, d.Mean[i], d.Scale[i], mean[i], scale[i])
		}
	}
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
}

// What does not fit names its setting.
func TestDataMistakes(t *testing.T) {
	all := kmnist.Synthetic(1, 20, 0)
	for name, change := range map[string]func(*Training){
		"limit":      func(t *Training) { t.Images = 21 },
		"validation": func(t *Training) { t.Validation = 20 },
		"normalise":  func(t *Training) { t.Normalise = "all" },
	} {
		set := Default()
		change(&set)
		var wrong *models.SettingError
		if _, err := set.Data(all); !errors.As(err, &wrong) || wrong.Setting != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, v := range []float64{-0.5, 1.5, math.NaN(), math.Inf(1)} {
		set := Default()
		set.Validation = v
		if err := set.ValidateData(); err == nil {
			t.Errorf("a validation set of %v is taken", v)
		}
	}
}

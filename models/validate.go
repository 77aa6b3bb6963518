package models

import (
	"fmt"
	"math"
	"math/bits"

	"glyph/internal/message"

	"glyph"
)

// Limits of a Spec.
const (
	maxSize   = 1 << 20 // of a layer, an image side or the classes
	maxLayers = 100     // sizes in a list
	maxDepth  = 1202    // of resnet

	defaultSide = 28
	maxSide     = 128 * defaultSide // of an image that ValidateSettings tries
)

// ValidateSettings is Validate of a network whose images are not known yet, since
// Input is empty: it reports what is wrong for images of any size.
func (s Spec) ValidateSettings() error {
	err := s.Validate()
	if err == nil || len(s.Input) > 0 {
		return err
	}
	for side := 2 * defaultSide; side <= maxSide; side *= 2 {
		s.Input = []int{side, side, 1}
		if s.Validate() == nil {
			return nil
		}
	}
	return err
}

// Validate says in one line which setting is invalid. Empty settings are valid.
func (s Spec) Validate() error {
	p, err := findPreset(s.Model)
	if err != nil {
		return wrong("model", ": %v", err)
	}
	if err := s.validateFor(p); err != nil {
		return err
	}
	s = s.WithDefaults()
	if len(s.Input) != 3 {
		return wrong("input", "needs height, width and channels, not %v", s.Input)
	}
	for _, list := range []struct {
		name  string
		sizes []int
	}{{"input", s.Input}, {"hidden", s.Hidden}, {"filters", s.Filters}, {"units", s.Units}} {
		if len(list.sizes) > maxLayers {
			return wrong(list.name, "must be at most %d numbers, not %d", maxLayers, len(list.sizes))
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
		return wrong("classes", "must be at most 256, since a label is a byte, not %d", s.Classes)
	}
	if err := s.validateShape(); err != nil {
		return err
	}
	if _, err := activation(s.Activation); err != nil {
		return wrong("activation", ": %v", err)
	}
	for _, rate := range s.Dropout {
		if !(rate >= 0 && float32(rate) < 1) {
			return wrong("dropout", "must be from 0 to below 1 as a float32, not %v", rate)
		}
	}
	if _, err := ParseInit(s.Init); err != nil {
		return wrong("init", ": %v", err)
	}
	if !(s.L2 >= 0 && s.L2 <= math.MaxFloat32) {
		return wrong("l2", "must be a number of at least 0 that a float32 holds, not %v", s.L2)
	}
	if err := s.validateHalvings(p); err != nil {
		return err
	}
	_, err = s.plan()
	return err
}

// validateHalvings reports more filters than an image can be halved.
func (s Spec) validateHalvings(p *preset) error {
	if p.halvings == nil {
		return nil
	}
	most := bits.Len(uint(min(s.Input[0], s.Input[1]))) - 1
	n := len(s.Filters)
	most += n - p.halvings(s)
	switch {
	case n <= most:
		return nil
	case most < 1:
		return fmt.Errorf("an image of %d×%d is too small for model %s, which halves it", s.Input[0], s.Input[1], p.name)
	}
	return wrong("filters", "has %s, and model %s halves the image: one of %d×%d takes at most %d",
		message.Count(n, "number"), p.name, s.Input[0], s.Input[1], most)
}

// validateShape checks the settings that decide how layers are connected.
func (s Spec) validateShape() error {
	if s.Depth != 0 && (s.Depth < 8 || s.Depth > maxDepth || s.Depth%6 != 2) {
		return wrong("depth", "must be 6n+2 and from 8 to %d, such as 8, 14 or 20, not %d", maxDepth, s.Depth)
	}
	if s.Width != 0 {
		if err := size("width", s.Width, 1); err != nil {
			return err
		}
	}
	if s.Norm != "" && s.Norm != NormBatch && s.Norm != NormNone {
		return wrong("norm", "must be %s or %s, not %q", NormBatch, NormNone, s.Norm)
	}
	if s.Shortcut != "" && s.Shortcut != ShortcutIdentity && s.Shortcut != ShortcutNone {
		return wrong("shortcut", "must be %s or %s, not %q", ShortcutIdentity, ShortcutNone, s.Shortcut)
	}
	return nil
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
		return wrong(name, "must be at least %d, not %d", least, n)
	}
	if n > maxSize {
		return wrong(name, "must be at most %s, not %s", message.Thousands(maxSize), message.Thousands(n))
	}
	return nil
}

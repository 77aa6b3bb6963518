package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"glyph"
	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/settings"
	"glyph/train"
)

// loaded is data in memory and its description.
type loaded struct {
	train.Data
	name    string         // kmnist, synthetic or the directory
	source  string         // in a sentence
	hash    string         // of all its images and labels
	classes []kmnist.Class // by label
	files   []string       // that were read
	notes   []string       // what the user should know about it, a line each
}

// openTraining reads, limits, splits and normalises.
func openTraining(ctx context.Context, f *flags.Data, seed uint64) (loaded, error) {
	d, err := openData(ctx, f.Name, f.Classes)
	if err != nil {
		return loaded{}, err
	}
	hash := contentHash(d)
	if err := f.CheckHash(d.Name, hash); err != nil {
		return loaded{}, err
	}
	if n := f.Set.Images; n > 0 {
		if d.Train, err = d.Train.Limit(n); err != nil {
			return loaded{}, fmt.Errorf("--limit: %w", err)
		}
	}
	var held kmnist.Set
	if v := f.Set.Validation; v > 0 {
		if d.Train, held, err = d.Train.Validation(v, seed); err != nil {
			return loaded{}, fmt.Errorf("--validation: %w", err)
		}
	}
	l := loaded{name: d.Name, source: d.Source, hash: hash, classes: d.Classes, files: d.Files, notes: d.Notes}
	if warning := imbalance(d, f.Set.Images > 0); warning != "" {
		l.notes = append(l.notes, warning)
	}
	l.Train, l.Validation, l.Test, l.Classes = set(d.Train), set(held), set(d.Test), len(d.Classes)
	l.Mean, l.Scale = kmnist.Normalise(d.Train, f.Set.Normalise == settings.NormalisePixel)
	return l, nil
}

// contentHash is the SHA-256 of all images and labels, whatever the data's name or
// location.
func contentHash(d kmnist.Data) string {
	h := sha256.New()
	for _, s := range []kmnist.Set{d.Train, d.Test} {
		binary.Write(h, binary.LittleEndian, [3]uint64{uint64(s.H), uint64(s.W), uint64(s.Len())}) //nolint:errcheck // a hash never fails
		h.Write(s.Images)
		h.Write(s.Labels)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// set converts a kmnist.Set to a train.Set.
func set(s kmnist.Set) train.Set {
	return train.Set{Images: s.Images, Labels: s.Labels, Shape: glyph.Shape{s.H, s.W, 1}}
}

// line says what the data is and how much of it there is.
func (l loaded) line() string {
	held := ""
	if n := l.Validation.Len(); n > 0 {
		held = fmt.Sprintf(", %s in the validation set", message.Thousands(n))
	}
	return fmt.Sprintf("%s: %s%s, %s, %s", l.source, message.Count(l.Train.Len(), "training image"), held,
		message.Count(l.Test.Len(), "test image"), classCount(l.Classes))
}

// metadata is what is stored about the data with the weights.
func (l loaded) metadata(seed uint64) runs.Metadata {
	return runs.Metadata{Data: l.name, Mean: l.Mean, Scale: l.Scale, Seed: seed, Classes: l.classes}
}

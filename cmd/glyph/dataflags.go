package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/settings"
	"glyph/train"
)

// dataFlags are the flags that say what to train on.
type dataFlags struct {
	flags   *pflag.FlagSet
	set     *settings.Training
	data    string
	hash    string
	classes string
}

func (f *dataFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.StringVar(&f.data, "data", "auto", "auto (KMNIST, else synthetic), kmnist, synthetic, or a `directory` with four files in MNIST's format")
	flags.StringVar(&f.hash, "data-hash", "", "fail unless the data has this SHA-256")
	flags.MarkHidden("data-hash") //nolint:errcheck // it is there, for the config of a run
	flags.StringVar(&f.classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names, see README)")
}

// check tells what is wrong with the flags before anything is read.
func (f *dataFlags) check() error {
	switch v := f.set.Validation; {
	case f.data == "":
		return errors.New("--data is empty: want auto, kmnist, synthetic or a directory")
	case f.flags.Changed("classes") && f.classes == "":
		return errors.New("--classes is empty: want a file with the name of a class on each line")
	case f.flags.Changed("limit") && f.set.Images < 1:
		return fmt.Errorf("--limit must be at least 1 image, not %d", f.set.Images)
	case !(v >= 0) || math.IsInf(v, 0):
		return fmt.Errorf("--validation must be a fraction below 1 or a number of images, not %v", v)
	case v >= 1 && v != math.Trunc(v):
		return fmt.Errorf("--validation %v is neither a fraction below 1 nor a whole number of images", v)
	case f.set.Normalise != settings.NormaliseSet && f.set.Normalise != settings.NormalisePixel:
		return fmt.Errorf("--normalise must be set or pixel, not %q", f.set.Normalise)
	}
	return nil
}

// loaded is data in memory and how to speak of it.
type loaded struct {
	train.Data
	name    string         // kmnist, synthetic or the directory
	source  string         // in a sentence
	hash    string         // of all its images and labels
	classes []kmnist.Class // by label
	files   []string       // that were read
	notes   []string       // what a person should know of it, a line each
}

// open reads, limits, splits and normalises.
func (f *dataFlags) open(ctx context.Context, seed uint64) (loaded, error) {
	d, err := openData(ctx, f.data, f.classes)
	if err != nil {
		return loaded{}, err
	}
	hash := contentHash(d)
	if err := f.checkHash(d.Name, hash); err != nil {
		return loaded{}, err
	}
	if n := f.set.Images; n > 0 {
		if d.Train, err = d.Train.Limit(n); err != nil {
			return loaded{}, fmt.Errorf("--limit: %w", err)
		}
	}
	var held kmnist.Set
	if v := f.set.Validation; v > 0 {
		if d.Train, held, err = d.Train.Validation(v, seed); err != nil {
			return loaded{}, fmt.Errorf("--validation: %w", err)
		}
	}
	l := loaded{name: d.Name, source: d.Source, hash: hash, classes: d.Classes, files: d.Files, notes: d.Notes}
	if warning := imbalance(d, f.set.Images > 0); warning != "" {
		l.notes = append(l.notes, warning)
	}
	l.Train, l.Validation, l.Test, l.Classes = set(d.Train), set(held), set(d.Test), len(d.Classes)
	l.Mean, l.Scale = kmnist.Normalise(d.Train, f.set.Normalise == settings.NormalisePixel)
	return l, nil
}

// checkHash refuses other data than --data-hash says, which a run's config has.
// Data that is named on the command line in place of the config's is another
// choice, not a mistake.
func (f *dataFlags) checkHash(name, hash string) error {
	if f.hash == "" || f.hash == hash {
		return nil
	}
	if flag := f.flags.Lookup("data"); fromConfig(f.flags.Lookup("data-hash")) && flag.Changed && !fromConfig(flag) {
		return nil
	}
	return fmt.Errorf("--data: %s is not the data that the config was written for (SHA-256 %.12s, not %.12s); restore it, or choose data with --data", name, hash, f.hash)
}

// contentHash is the SHA-256 of all images and labels, whatever the data is
// called and wherever it lies.
func contentHash(d kmnist.Data) string {
	h := sha256.New()
	for _, s := range []kmnist.Set{d.Train, d.Test} {
		binary.Write(h, binary.LittleEndian, [3]uint64{uint64(s.H), uint64(s.W), uint64(s.Len())}) //nolint:errcheck // a hash never fails
		h.Write(s.Images)
		h.Write(s.Labels)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// set is a kmnist.Set in the words of package train.
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

// metadata is what is kept of the data with the weights.
func (l loaded) metadata(seed uint64) runs.Metadata {
	return runs.Metadata{Data: l.name, Mean: l.Mean, Scale: l.Scale, Seed: seed, Classes: l.classes}
}

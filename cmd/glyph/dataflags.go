package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/train"
)

// dataFlags are the flags that say what to train on.
type dataFlags struct {
	flags      *pflag.FlagSet
	data       string
	classes    string
	limit      int
	validation float64
	normalise  string
}

func (f *dataFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.StringVar(&f.data, "data", "auto", "auto (KMNIST, else synthetic), kmnist, synthetic, or a `directory` with four files in MNIST's format")
	flags.StringVar(&f.classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names, see README)")
	flags.IntVar(&f.limit, "limit", 0, "train on the first so many `images` (default all)")
	flags.Float64Var(&f.validation, "holdout", 0, "training images held out to evaluate each epoch: a fraction below 1, or a number")
	flags.StringVar(&f.normalise, "standardise", "set", "mean and deviation of the whole set, or of each pixel: set or pixel")
}

// check tells what is wrong with the flags before anything is read.
func (f *dataFlags) check() error {
	switch {
	case f.data == "":
		return errors.New("--data is empty: want auto, kmnist, synthetic or a directory")
	case f.flags.Changed("classes") && f.classes == "":
		return errors.New("--classes is empty: want a file with the name of a class on each line")
	case f.flags.Changed("limit") && f.limit < 1:
		return fmt.Errorf("--limit must be at least 1 image, not %d", f.limit)
	case !(f.validation >= 0) || math.IsInf(f.validation, 0):
		return fmt.Errorf("--holdout must be a fraction below 1 or a number of images, not %v", f.validation)
	case f.validation >= 1 && f.validation != math.Trunc(f.validation):
		return fmt.Errorf("--holdout %v is neither a fraction below 1 nor a whole number of images", f.validation)
	case f.normalise != "set" && f.normalise != "pixel":
		return fmt.Errorf("--standardise must be set or pixel, not %q", f.normalise)
	}
	return nil
}

// loaded is data in memory and how to speak of it.
type loaded struct {
	train.Data
	name    string         // kmnist, synthetic or the directory
	source  string         // in a sentence
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
	if f.limit > 0 {
		if d.Train, err = d.Train.Limit(f.limit); err != nil {
			return loaded{}, fmt.Errorf("--limit: %w", err)
		}
	}
	var held kmnist.Set
	if f.validation > 0 {
		if d.Train, held, err = d.Train.Validation(f.validation, seed); err != nil {
			return loaded{}, fmt.Errorf("--holdout: %w", err)
		}
	}
	l := loaded{name: d.Name, source: d.Source, classes: d.Classes, files: d.Files, notes: d.Notes}
	if warning := imbalance(d, f.limit > 0); warning != "" {
		l.notes = append(l.notes, warning)
	}
	l.Train, l.Validation, l.Test, l.Classes = set(d.Train), set(held), set(d.Test), len(d.Classes)
	l.Mean, l.Scale = kmnist.Normalise(d.Train, f.normalise == "pixel")
	return l, nil
}

// set is a kmnist.Set in the words of package train.
func set(s kmnist.Set) train.Set {
	return train.Set{Images: s.Images, Labels: s.Labels, Shape: glyph.Shape{s.H, s.W, 1}}
}

// line says what the data is and how much of it there is.
func (l loaded) line() string {
	held := ""
	if n := l.Validation.Len(); n > 0 {
		held = fmt.Sprintf(", %d held out", n)
	}
	return fmt.Sprintf("%s: %d training images%s, %d test images, %d classes", l.source, l.Train.Len(), held, l.Test.Len(), l.Classes)
}

// metadata is what is kept of the data with the weights.
func (l loaded) metadata(seed uint64) runs.Metadata {
	return runs.Metadata{Data: l.name, Mean: l.Mean, Scale: l.Scale, Seed: seed, Classes: l.classes}
}

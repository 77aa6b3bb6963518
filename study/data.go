package study

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"glyph/kmnist"
	"glyph/models"
	"glyph/settings"
	"glyph/train"
)

// ValidationShare is the part of a configuration's training images that learning
// rates are chosen on.
const ValidationShare = 0.2

// Data is the data of a study, for example of [DataOf].
type Data struct {
	Source string // in a sentence
	Name   string // what --data of glyph train opens it by: kmnist, synthetic, or an absolute path
	Train  int    // training images there are
	Test   int
	Hash   string // see HashData
	Shape  []int  // height, width and channels of an image; nil is KMNIST's

	// Open returns the first images of the training set, normalised by their own mean
	// and standard deviation, and a test set: the official one for the whole, or the
	// images that a split holds out of the training images. It is called once for each
	// combination.
	Open func(images int, split Split) (train.Data, error)

	// Tune returns the data of a sweep's trial: prepared as its settings say, with
	// a validation set and without a test set. It is called for every trial.
	Tune func(t settings.Training) (train.Data, error)
}

// Split is which images are held out: those that a seed draws, ValidationShare of
// them, or none for Whole.
type Split int

// Whole holds nothing out.
const Whole Split = -1

// DataOf is the data of a study on images of package kmnist.
func DataOf(d kmnist.Data) Data {
	return Data{
		Source: d.Source, Name: d.Name, Train: d.Train.Len(), Test: d.Test.Len(),
		Shape: []int{d.Train.H, d.Train.W, settings.TrainSet(d.Train).Shape[2]},
		Hash:  HashData(settings.TrainSet(d.Train), settings.TrainSet(d.Test)),
		Open: func(images int, split Split) (train.Data, error) {
			part, err := d.Train.Limit(images)
			if err != nil {
				return train.Data{}, err
			}
			test := d.Test
			if split != Whole {
				if part, test, err = part.Validation(ValidationShare, uint64(split)+1); err != nil {
					return train.Data{}, err
				}
			}
			data := train.Data{Train: settings.TrainSet(part), Test: settings.TrainSet(test), Classes: len(d.Classes)}
			data.Mean, data.Scale = kmnist.Normalise(part, false)
			return data, nil
		},
		Tune: func(t settings.Training) (train.Data, error) {
			data, err := t.Data(d)
			data.Test = train.Set{}
			return data, err
		},
	}
}

// fits reports a network that can't take the images.
func (d Data) fits(s models.Spec) error {
	s.Input = d.Shape
	return s.Validate()
}

// HashData identifies images and labels: the start of a SHA-256 over their
// counts and bytes.
func HashData(sets ...train.Set) string {
	h := sha256.New()
	for _, s := range sets {
		binary.Write(h, binary.LittleEndian, [2]uint64{uint64(len(s.Images)), uint64(len(s.Labels))}) //nolint:errcheck // a hash never fails
		h.Write(s.Images)
		h.Write(s.Labels)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

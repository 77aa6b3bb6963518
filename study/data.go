package study

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"glyph/train"
)

// ValidationShare is the part of a configuration's training images that learning
// rates are chosen on.
const ValidationShare = 0.2

// Data is the data of a study. Package study does not know where images come from.
type Data struct {
	Source string // in a sentence
	Train  int    // training images there are
	Test   int
	Hash   string // see HashData

	// Open returns the first images of the training set, normalised by their own mean
	// and standard deviation, and a test set: the official one for the whole, or the images that a split
	// holds out of the training images. It is called once for each combination.
	Open func(images int, split Split) (train.Data, error)
}

// Split is which images are held out: those that a seed draws, ValidationShare of
// them, or none for Whole.
type Split int

// Whole holds nothing out.
const Whole Split = -1

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

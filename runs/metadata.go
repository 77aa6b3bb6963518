package runs

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"glyph/kmnist"
)

// Entries of a weights file's metadata besides those of package safetensors: what
// an evaluation needs to know beyond the network.
const (
	DataKey  = "glyph.data"  // what --data opens the same data again
	MeanKey  = "glyph.mean"  // normalisation: x = (pixel - mean)·scale,
	ScaleKey = "glyph.scale" // as JSON lists of one number, or one a pixel
	SeedKey  = "glyph.seed"

	ClassesKey = "glyph.classes" // the classes' names by label, as a JSON list; see kmnist.Class
)

// MetadataKeys is all of these entries, which an export writes and an import reads.
func MetadataKeys() []string { return []string{DataKey, MeanKey, ScaleKey, SeedKey, ClassesKey} }

// Metadata is what a weights file says of its training.
type Metadata struct {
	Data        string    // kmnist, synthetic or a directory
	Mean, Scale []float32 // x = (pixel - Mean)·Scale: one number each, or one a pixel
	Seed        uint64    // 0 where the file does not say

	Classes []kmnist.Class // by label; nil where the file does not say
}

// Map is the metadata as entries of a file.
func (m Metadata) Map() map[string]string {
	entries := map[string]string{
		DataKey: m.Data, MeanKey: list(m.Mean), ScaleKey: list(m.Scale), SeedKey: strconv.FormatUint(m.Seed, 10),
	}
	if m.Classes != nil {
		entries[ClassesKey] = list(m.Classes)
	}
	return entries
}

// list is a list as it is kept.
func list[T any](v []T) string {
	text, err := json.Marshal(v)
	if err != nil { // numbers that are not finite: a normalisation's are
		panic(err)
	}
	return string(text)
}

// ParseMetadata is the inverse of Map. It fails where the entries do not say how
// pixels are normalised. The error continues a sentence about the file.
func ParseMetadata(entries map[string]string) (m Metadata, err error) {
	m.Data = entries[DataKey]
	m.Seed, _ = strconv.ParseUint(entries[SeedKey], 10, 64) // a network from elsewhere has none
	for _, list := range []struct {
		key string
		to  *[]float32
	}{{MeanKey, &m.Mean}, {ScaleKey, &m.Scale}} {
		if err := json.Unmarshal([]byte(entries[list.key]), list.to); err != nil {
			return Metadata{}, fmt.Errorf("its metadata %s is not a list of numbers", list.key)
		}
		for _, v := range *list.to {
			if math.IsInf(float64(v), 0) || math.IsNaN(float64(v)) {
				return Metadata{}, fmt.Errorf("its metadata %s has a number that is not finite", list.key)
			}
		}
	}
	if text, found := entries[ClassesKey]; found {
		if err := json.Unmarshal([]byte(text), &m.Classes); err != nil {
			return Metadata{}, fmt.Errorf("its metadata %s is not a list of class names: %w", ClassesKey, err)
		}
	}
	if m.Data == "" || len(m.Mean) == 0 || len(m.Mean) != len(m.Scale) {
		return Metadata{}, errors.New("its metadata does not say how pixels were normalised, so it can't be evaluated")
	}
	return m, nil
}

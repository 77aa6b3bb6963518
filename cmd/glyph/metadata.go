package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"glyph/kmnist"
)

// Entries of a weights file's metadata beside those of package safetensors: what an
// evaluation needs to know beyond the network.
const (
	dataKey  = "glyph.data"  // --data that opens the same data again
	meanKey  = "glyph.mean"  // normalisation: x = (pixel - mean)·scale,
	scaleKey = "glyph.scale" // as JSON lists of one number or one a pixel
	seedKey  = "glyph.seed"

	classesKey = "glyph.classes" // the classes' names by label, as a JSON list; see kmnist.Class
)

// metadata is what is kept of the data with the weights.
func (l loaded) metadata(seed uint64) map[string]string {
	return map[string]string{
		dataKey: l.name, meanKey: floats(l.Mean), scaleKey: floats(l.Scale),
		seedKey: strconv.FormatUint(seed, 10), classesKey: classNames(l.classes),
	}
}

// classNames is names as they are kept.
func classNames(classes []kmnist.Class) string {
	text, err := json.Marshal(classes)
	if err != nil { // a class is text: it always has a form
		panic(err)
	}
	return string(text)
}

func floats(v []float32) string {
	text, err := json.Marshal(v)
	if err != nil { // not finite: a normalisation never is
		panic(err)
	}
	return string(text)
}

// kept is metadata read back.
type kept struct {
	data        string
	mean, scale []float32
	classes     []kmnist.Class // nil in files that older versions wrote
}

func readMetadata(m map[string]string) (k kept, err error) {
	k.data = m[dataKey]
	for _, list := range []struct {
		key string
		to  *[]float32
	}{{meanKey, &k.mean}, {scaleKey, &k.scale}} {
		if err := json.Unmarshal([]byte(m[list.key]), list.to); err != nil {
			return kept{}, fmt.Errorf("its metadata %s is no list of numbers", list.key)
		}
		for _, v := range *list.to {
			if math.IsInf(float64(v), 0) || math.IsNaN(float64(v)) {
				return kept{}, fmt.Errorf("its metadata %s has a number that is not finite", list.key)
			}
		}
	}
	if text, found := m[classesKey]; found {
		if err := json.Unmarshal([]byte(text), &k.classes); err != nil {
			return kept{}, fmt.Errorf("its metadata %s is not a list of class names: %w", classesKey, err)
		}
	}
	if k.data == "" || len(k.mean) == 0 || len(k.mean) != len(k.scale) {
		return kept{}, errors.New("its metadata does not say how pixels were normalised, so it can't be evaluated")
	}
	return k, nil
}

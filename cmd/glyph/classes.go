package main

import (
	"fmt"
	"io"

	"glyph"
	"glyph/kmnist"
)

// names is the names of the network's classes, by label: those that were kept
// with the weights. Files of older versions have none, and files of other
// software neither: then they are those of the data, if it is there and fits, and
// else the labels.
func (s saved) names() []kmnist.Class {
	if s.classes != nil {
		return s.classes
	}
	n := s.spec.WithDefaults().Classes
	if classes := kmnist.Names(s.data); len(classes) == n {
		return classes
	}
	return kmnist.Numbered(n)
}

// fits tells why the network can't be evaluated on data.
func (s saved) fits(data kmnist.Data) error {
	in, classes := s.spec.InputShape(), s.spec.WithDefaults().Classes
	if h, w := data.Test.H, data.Test.W; in != (glyph.Shape{h, w, 1}) {
		return fmt.Errorf("the network takes images of %d×%d, and those of %s are %d×%d", in[0], in[1], data.Source, h, w)
	}
	if n := len(data.Classes); n > classes {
		return fmt.Errorf("the network has %d classes, and %s has %d", classes, data.Source, n)
	}
	return nil
}

// standIn is what the page shows where the data is not there any more: drawn
// characters for a network of KMNIST's, and no examples for another.
func (s saved) standIn(out io.Writer, why error) (kmnist.Data, error) {
	classes := s.names()
	drawn := kmnist.Synthetic(kmnist.DefaultSeed, 200, 10)
	if len(classes) == len(drawn.Classes) && classes[0] == drawn.Classes[0] {
		fmt.Fprintf(out, "examples synthetic glyphs: %v\n", why)
		return drawn, nil
	}
	fmt.Fprintf(out, "examples none: %v\n", why)
	return kmnist.Data{Classes: classes, Source: "no data set"}, nil
}

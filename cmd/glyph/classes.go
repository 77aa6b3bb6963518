package main

import (
	"fmt"
	"io"
	"slices"

	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/runs"
)

// standIn is what the page shows if the data is no longer there: synthetic
// characters for a network trained on KMNIST, and no examples for another.
func standIn(out io.Writer, s *runs.Weights, why error) (kmnist.Data, error) {
	classes := s.ClassNames()
	drawn := kmnist.Synthetic(kmnist.DefaultSeed, 200, 10)
	if len(classes) == len(drawn.Classes) && classes[0] == drawn.Classes[0] {
		fmt.Fprintf(out, "examples synthetic glyphs: %v\n", why)
		return drawn, nil
	}
	fmt.Fprintf(out, "examples none: %v\n", why)
	return kmnist.Data{Classes: classes, Source: "no data set"}, nil
}

// classList is the names of classes, the first few of many; "" where they have none but
// their labels.
func classList(classes []kmnist.Class) string {
	if slices.Equal(classes, kmnist.Numbered(len(classes))) {
		return ""
	}
	var names []string
	for _, c := range classes {
		names = append(names, message.Escape(c.String()))
	}
	return message.First(names, 12)
}

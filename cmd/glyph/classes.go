package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
	const shown = 12
	if slices.Equal(classes, kmnist.Numbered(len(classes))) {
		return ""
	}
	var names []string
	for _, c := range classes[:min(shown, len(classes))] {
		names = append(names, message.Escape(c.String()))
	}
	if n := len(classes) - shown; n > 0 {
		names = append(names, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(names, ", ")
}

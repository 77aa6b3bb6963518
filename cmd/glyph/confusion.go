package main

import (
	"fmt"
	"io"

	"glyph/kmnist"
)

// printConfusion prints counts of [label][prediction] under the classes'
// names, with the share of each label that is right. Kana are two columns wide.
func printConfusion(out io.Writer, counts [][]int, classes []kmnist.Class) {
	fmt.Fprint(out, "label    predicted\n        ")
	for _, c := range classes {
		fmt.Fprintf(out, "    %s", c.Kana)
	}
	fmt.Fprintln(out, "    right")
	for label, row := range counts {
		total := 0
		fmt.Fprintf(out, "%s %-4s ", classes[label].Kana, classes[label].Romaji)
		for _, n := range row {
			total += n
			fmt.Fprintf(out, "%6d", n)
		}
		if total > 0 {
			fmt.Fprintf(out, "  %6.2f %%", 100*float64(row[label])/float64(total))
		}
		fmt.Fprintln(out)
	}
}

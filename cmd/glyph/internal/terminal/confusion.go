package terminal

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"glyph/kmnist"
)

// matrixClasses is how many classes a confusion matrix on a terminal can have:
// the lines of more would be too long to read.
const matrixClasses = 16

// Padded is text padded with spaces to a number of terminal columns; a kana takes
// two.
func Padded(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Columns(text)))
}

// Confusion prints counts of [label][prediction] with the recall of each
// class: as a matrix, or for many classes, or where the terminal is too narrow for one,
// as a list of what each was most often mistaken for.
func Confusion(out io.Writer, counts [][]int, classes []kmnist.Class) {
	confusion(out, counts, classes, Width(out))
}

// confusion is Confusion for a terminal of so many columns, 0 being any number.
func confusion(out io.Writer, counts [][]int, classes []kmnist.Class, columns int) {
	width := len("label")
	for _, c := range classes {
		width = max(width, Columns(c.String()))
	}
	if needed := width + 1 + 6*len(classes) + len("  100.00 %"); len(classes) > matrixClasses || columns > 0 && columns < needed {
		printRecall(out, counts, classes, width, columns)
		return
	}
	fmt.Fprintf(out, "%s  predicted\n%s ", Padded("label", width), Padded("", width))
	for label, c := range classes {
		name := c.Short()
		if Columns(name) > 5 {
			name = fmt.Sprint(label)
		}
		fmt.Fprint(out, strings.Repeat(" ", 6-Columns(name)), name)
	}
	fmt.Fprintln(out, "    recall")
	for label, row := range counts {
		line := Padded(classes[label].String(), width) + " "
		for _, n := range row {
			line += fmt.Sprintf("%6d", n)
		}
		fmt.Fprintln(out, strings.TrimRight(line+"  "+recall(row, label), " "))
	}
}

// printRecall prints a line per class, with as many mistakes as the columns have room for.
func printRecall(out io.Writer, counts [][]int, classes []kmnist.Class, width, columns int) {
	const shown = 3
	head := Padded("label", width) + "  images    recall  "
	title := "most often confused with"
	if columns > 0 && Columns(head+title) > columns {
		title = "confused with"
	}
	fmt.Fprintln(out, head+title)
	for label, row := range counts {
		total := 0
		var others []int
		for c, n := range row {
			if total += n; n > 0 && c != label {
				others = append(others, c)
			}
		}
		slices.SortStableFunc(others, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
		var mistakes []string
		for _, c := range others[:min(shown, len(others))] {
			mistakes = append(mistakes, fmt.Sprintf("%v %d", classes[c], row[c]))
		}
		line := fmt.Sprintf("%s  %6d  %s  ", Padded(classes[label].String(), width), total, Padded(recall(row, label), 8))
		for len(mistakes) > 1 && columns > 0 && Columns(line+strings.Join(mistakes, ", ")) > columns {
			mistakes = mistakes[:len(mistakes)-1]
		}
		fmt.Fprintln(out, strings.TrimRight(line+strings.Join(mistakes, ", "), " "))
	}
}

// recall is the share of a label's images that were recognised, or "" if there are
// none.
func recall(row []int, label int) string {
	total := 0
	for _, n := range row {
		total += n
	}
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%6.2f %%", 100*float64(row[label])/float64(total))
}

package terminal

import (
	"io"
	"slices"
	"strings"
)

// Width is the width of the terminal that w writes to, or 0 if it is none.
func Width(w io.Writer) int {
	t := Of(w)
	if t == nil {
		return 0
	}
	width, _ := t.Size()
	return width
}

// Table lines up the cells of rows, the first of which is the heading, in at most width
// columns of a terminal; 0 is any number. Where they do not fit, long cells are cut, and
// then all columns but two are left out from the right, which a last line names; what room
// that leaves goes to the cells that were cut, from the left. A row may be shorter than the
// heading. With right, cells are lined up to the right.
func Table(rows [][]string, width int, right bool) string {
	const least, fewest = 12, 4 // columns of a terminal that a cut cell keeps, and one of two columns
	widths := columnWidths(rows)
	whole, shown := slices.Clone(widths), len(widths)
	if width > 0 {
		shrink(widths, width, least)
		for shown > 2 && total(widths[:shown]) > width {
			shown--
		}
		shrink(widths[:shown], width, fewest)
		for i := range shown {
			widths[i] += min(whole[i]-widths[i], max(0, width-total(widths[:shown])))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		writeRow(&b, row[:min(len(row), shown)], widths, right)
	}
	if shown < len(rows[0]) {
		b.WriteString(leftOut(rows[0][shown:], width))
	}
	return b.String()
}

// shrink makes the widest columns narrower, to no less than least, until all fit.
func shrink(widths []int, width, least int) {
	for total(widths) > width {
		widest := 0
		for i, w := range widths {
			if w > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= least {
			return
		}
		widths[widest] = max(least, widths[widest]-(total(widths)-width))
	}
}

// leftOut names the columns that are left out, in lines of at most width columns if no
// name is longer.
func leftOut(names []string, width int) (text string) {
	line := "no room for these columns:"
	if Columns(line) > width {
		line = "left out:"
	}
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if Columns(line)+1+Columns(name) > width {
			text, line = text+line+"\n", name
		} else {
			line += " " + name
		}
	}
	return text + line + "\n"
}

func columnWidths(rows [][]string) (widths []int) {
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	return widths
}

// gap is the spaces between two columns.
const gap = "  "

func total(widths []int) (n int) {
	for _, w := range widths {
		n += w + len(gap)
	}
	return n - len(gap)
}

func writeRow(b *strings.Builder, row []string, widths []int, right bool) {
	line := ""
	for i, cell := range row {
		if Columns(cell) > widths[i] {
			cell = crop(cell, widths[i]-1) + "…"
		}
		pad := strings.Repeat(" ", widths[i]-Columns(cell))
		if right {
			cell = pad + cell
		} else {
			cell += pad
		}
		if i > 0 {
			line += gap
		}
		line += cell
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}

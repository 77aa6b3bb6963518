package terminal

import (
	"io"
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
// then the columns farthest to the right are left out, which a last line names. A row
// may be shorter than the heading. With right, cells are lined up to the right.
func Table(rows [][]string, width int, right bool) string {
	const least = 12 // columns of a terminal that a cut cell keeps
	widths := columnWidths(rows)
	for width > 0 && total(widths) > width {
		widest := 0
		for i, w := range widths {
			if w > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= least {
			break
		}
		widths[widest] = max(least, widths[widest]-(total(widths)-width))
	}
	shown := len(widths)
	for width > 0 && shown > 2 && total(widths[:shown]) > width {
		shown--
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

// leftOut names the columns that are left out, in lines of at most width columns if no
// name is longer.
func leftOut(names []string, width int) (text string) {
	line := "no room for these columns:"
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

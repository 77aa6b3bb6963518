package study

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
)

// figuresDir is where the figures of a report are, beside it.
const figuresDir = "figures"

// file is the name of a figure, with slashes, as a link has them.
func (x Analysed) file(f Figure) string {
	return path.Join(figuresDir, x.Name+"-"+f.Name+".svg")
}

// view makes the text of an experiment.
func (x Analysed) view(a *Analysis, figures []figureView) experimentView {
	v := experimentView{section: section{x.Name, x.Title}, Question: x.Question, Fixed: x.fixed()}
	var numbers []string
	for _, j := range x.Claims {
		if n := strconv.Itoa(j.Finding); j.Finding > 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
		v.Claims = append(v.Claims, j.view())
	}
	switch len(numbers) {
	case 0:
	case 1:
		v.Findings = "Finding " + numbers[0]
	default:
		v.Findings = "Findings " + strings.Join(numbers, " and ")
	}
	if x.Gradients {
		v.Tables = append(v.Tables, gradientTable(a.Gradients))
	} else {
		v.Tables = append(v.Tables, x.armTable())
	}
	if x.Fixed.Norms {
		v.Tables = append(v.Tables, x.normsTable())
	}
	for _, f := range x.Figures {
		for _, drawn := range figures {
			if drawn.File == x.file(f) {
				v.Figures = append(v.Figures, drawn)
			}
		}
	}
	v.Notes = x.notes()
	return v
}

// fixed is what all arms have in common.
func (x Analysed) fixed() string {
	if x.Gradients {
		return "in float64 on the CPU, against a central stencil of six points"
	}
	var parts []string
	same := func(name string, of func(Settings) string) {
		for _, a := range x.Arms {
			if of(a.Settings) != of(x.Arms[0].Settings) {
				return
			}
		}
		if len(x.Arms) > 0 {
			parts = append(parts, name+of(x.Arms[0].Settings))
		}
	}
	same("", func(s Settings) string { return s.Spec.String() })
	same("", func(s Settings) string { return message.Thousands(s.Images) + " training images" })
	same("batch ", func(s Settings) string { return strconv.Itoa(s.Batch) })
	same("", func(s Settings) string { return message.Count(s.Epochs, "epoch") })
	same("", func(s Settings) string { return s.Optimizer })
	same("", func(s Settings) string { return s.Schedule + " schedule" })
	same("", func(s Settings) string {
		if len(s.Rates) == 1 {
			return fmt.Sprint("learning rate ", s.Rates[0])
		}
		return "learning rates " + strings.ReplaceAll(strings.Trim(fmt.Sprint(s.Rates), "[]"), " ", ", ")
	})
	return strings.Join(parts, "; ")
}

// armTable has a row per arm.
func (x Analysed) armTable() table {
	t := table{Head: []string{"configuration", "parameters", "epochs", "learning rate", "accuracy (%)", "95 % CI", "seeds", "images/s"}}
	for _, a := range x.Arms {
		row := []string{a.Label, "", strconv.Itoa(a.Settings.Epochs), "", "", "", message.Thousands(len(a.Results)), ""}
		if a.Chosen {
			row[3] = strconv.FormatFloat(a.Rate, 'g', -1, 64)
			if a.Edge {
				row[3] += "*"
			}
		}
		if values := a.values(Accuracy); len(values) > 0 {
			row[1] = message.Thousands(a.Results[0].Parameters)
			row[4] = percent(meanOf(a.Results, func(r Result) float64 { return r.Accuracy }))
			row[5] = halfWidth(values)
			row[7] = speed(meanOf(a.Results, func(r Result) float64 { return r.ImagesPerSecond }))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// speed formats images per second with three digits.
func speed(v float64) string {
	if v <= 0 {
		return "–"
	}
	unit := math.Pow(10, max(0, math.Floor(math.Log10(v))-2))
	return message.Thousands(int(math.Round(v/unit) * unit))
}

// normsTable is the gradient norms at initialisation.
func (x Analysed) normsTable() table {
	t := table{Caption: "Gradient norm of each weight tensor at initialisation, from input to output: geometric means over the seeds. " +
		"The last column is how many powers of ten the gradient loses between the last and the first."}
	t.Head = []string{"configuration"}
	layers := 0
	for _, a := range x.Arms {
		for _, r := range a.Results {
			if len(r.Norms) > 0 {
				layers = max(layers, len(r.Norms[0].Norm))
			}
		}
	}
	for i := range layers {
		t.Head = append(t.Head, strconv.Itoa(i+1))
	}
	t.Head = append(t.Head, "lost")
	for _, a := range x.Arms {
		row := []string{a.Label}
		for i := range layers {
			cell := ""
			if v, ok := normPoint(a, i, false); ok {
				cell = strconv.FormatFloat(v.Y, 'e', 1, 64)
			}
			row = append(row, cell)
		}
		lost := ""
		if v := a.values(Vanishing); len(v) > 0 {
			lost = strconv.FormatFloat(average(v), 'f', 1, 64)
		}
		t.Rows = append(t.Rows, append(row, lost))
	}
	return t
}

func average(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func gradientTable(g *Gradients) table {
	t := table{Head: []string{"gradient", "relative error"}}
	if g == nil {
		return t
	}
	for _, c := range g.Checks {
		t.Rows = append(t.Rows, []string{c.Name, strconv.FormatFloat(c.Error, 'e', 1, 64)})
	}
	return t
}

// notes is the caveats of the table.
func (x Analysed) notes() (notes []string) {
	if slices.ContainsFunc(x.Arms, func(a ArmResult) bool { return a.Edge }) {
		notes = append(notes, "* the lowest or the highest learning rate tried: a better one may lie beyond it.")
	}
	for _, a := range x.Arms {
		diverged := 0
		for _, r := range a.Results {
			if r.Diverged != "" {
				diverged++
			}
		}
		if diverged > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d of %s diverged, and count as guessing.", a.Label, diverged, message.Count(len(a.Results), "training")))
		}
	}
	if len(x.Left) > 0 {
		notes = append(notes, "Left out, because the data has too few training images: "+strings.Join(x.Left, "; ")+".")
	}
	if len(x.Full) > 0 {
		notes = append(notes, "Only in the full study: "+strings.Join(x.Full, "; ")+".")
	}
	return notes
}

// view makes the text of a claim and its tests.
func (j Judged) view() claimView {
	v := claimView{Finding: j.Finding, Says: j.Says, Verdict: j.Verdict.String(), Class: class(j.Verdict)}
	if _, ok := j.Claim.(AllBelow); ok {
		v.Tests.Head = []string{"", "error", "bound"}
		for _, t := range j.Tests {
			if t.Missing != "" {
				v.Tests.Rows = append(v.Tests.Rows, []string{t.Says, t.Missing, ""})
				continue
			}
			v.Tests.Rows = append(v.Tests.Rows, []string{t.Says, fmt.Sprintf("%.1e", t.Estimate), fmt.Sprintf("%.0e", t.Above)})
		}
		return v
	}
	unit, scale := "points", 100.0
	if j.Of == Vanishing {
		unit, scale = "powers of ten", 1
	}
	v.Tests.Head = []string{"contrast", "estimate (" + unit + ")", "claimed above", "t", "degrees of freedom", "p, not above", "p, not below"}
	for _, t := range j.Tests {
		if t.Missing != "" {
			v.Tests.Rows = append(v.Tests.Rows, []string{t.Says, t.Missing, "", "", "", "", ""})
			continue
		}
		row := []string{t.Says, fmt.Sprintf("%.2f", scale*t.Estimate), strconv.FormatFloat(math.Round(scale*t.Above*1e6)/1e6, 'f', -1, 64), "", "", pValue(t.Yes), pValue(t.No)}
		if t.DF > 0 {
			row[3], row[4] = fmt.Sprintf("%.2f", t.T), fmt.Sprintf("%.1f", t.DF)
		}
		v.Tests.Rows = append(v.Tests.Rows, row)
	}
	return v
}

func pValue(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return strconv.FormatFloat(p, 'f', 3, 64)
}

// Package report writes the results of a training as one self-contained HTML page:
// figures and pictures are part of it.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"glyph/internal/message"
	"glyph/train"
)

// Report is the content of the page, from the top.
type Report struct {
	Title    string
	Facts    []Fact // the outcome, the data, the device, versions
	Settings []Fact
	Command  string // that repeats the training; "" where there is none
	Figures  []Figure
	Classes  []Class
	Network  string // its layers, as glyph summary prints them
	Epochs   []Epoch
}

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// Figure is a picture: an SVG in the colours of the page, and parts of it that say what
// they stand for.
type Figure struct {
	Name, Caption string
	SVG           string
	Spots         []Spot
}

// Spot is a part of a figure, in the units of its SVG.
type Spot struct {
	X, Y, Width, Height float64
	Text                string
}

// Epoch is a line of the table of epochs.
type Epoch struct {
	Epoch, Images                      int
	LR                                 float64
	TrainLoss, TrainAccuracy           float64
	ValidationLoss, ValidationAccuracy *float64 // nil where there is no validation set
	ImagesPerSecond                    float64
}

// Class is how well one class is recognised.
type Class struct {
	Symbol, Name            string // Symbol is the character that it is, or empty
	Images                  int    // of the test set
	Precision, Recall, FOne float64

	// The intervals that have them with a probability of 95 %, from low to high.
	PrecisionIn, RecallIn, FOneIn [2]float64
}

// Classes are the measures of [train.ClassScores] from a confusion matrix
// [label][prediction]. Each is 0 where nothing was predicted or labelled so.
func Classes(confusion [][]int, name func(class int) (symbol, name string)) []Class {
	list := make([]Class, len(confusion))
	for c, s := range train.ClassScores(confusion) {
		list[c].Symbol, list[c].Name = name(c)
		list[c].Images = s.Images
		for _, m := range []struct {
			from train.Share
			to   *float64
			in   *[2]float64
		}{{s.Precision, &list[c].Precision, &list[c].PrecisionIn}, {s.Recall, &list[c].Recall, &list[c].RecallIn}, {s.F1, &list[c].FOne, &list[c].FOneIn}} {
			if !math.IsNaN(m.from.Value) {
				*m.to, *m.in = m.from.Value, [2]float64{m.from.Low, m.from.High}
			}
		}
	}
	return list
}

//go:embed report.html.tmpl
var page string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"between": func(in [2]float64) string { return fmt.Sprintf("%.1f–%.1f", 100*in[0], 100*in[1]) },
	"percent": func(v float64) string { return fmt.Sprintf("%.1f", 100*v) },
	"figure": func(f Figure) template.HTML { // drawn by package plots, not by a user
		end := strings.LastIndex(f.SVG, "</svg>")
		if end < 0 || len(f.Spots) == 0 {
			return template.HTML(f.SVG)
		}
		return template.HTML(f.SVG[:end] + spots(f.Spots) + f.SVG[end:])
	},
	"validated": func(list []Epoch) bool {
		return slices.ContainsFunc(list, func(e Epoch) bool { return e.ValidationLoss != nil })
	},
	"optional": func(format string, factor float64, v *float64) string {
		if v == nil {
			return ""
		}
		return fmt.Sprintf(format, factor**v)
	},
	"number": func(format string, v float64) string { return fmt.Sprintf(format, v) },
}).Parse(page))

// Write writes the page, with what is not printable in names and values made
// visible. Its error is w's.
func Write(w io.Writer, r Report) error {
	r.Title, r.Command = message.Escape(r.Title), message.Escape(r.Command)
	r.Facts, r.Settings = printable(r.Facts), printable(r.Settings)
	r.Classes = slices.Clone(r.Classes)
	for i, c := range r.Classes {
		r.Classes[i].Symbol, r.Classes[i].Name = message.Escape(c.Symbol), message.Escape(c.Name)
	}
	return pageTemplate.Execute(w, r)
}

// spots are elements over a figure: where the pointer is, its upright line is seen and its
// text is told, by the browser, and by the script below the figure.
func spots(list []Spot) string {
	var b strings.Builder
	b.WriteString("<g class=\"spots\">")
	for _, s := range list {
		fmt.Fprintf(&b, "<g><rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>", s.X, s.Y, s.Width, s.Height)
		fmt.Fprintf(&b, "<path d=\"M%.2f %.2fv%.2f\"/><title>%s</title></g>", s.X+s.Width/2, s.Y, s.Height, template.HTMLEscapeString(s.Text))
	}
	b.WriteString("</g>")
	return b.String()
}

func printable(facts []Fact) []Fact {
	facts = slices.Clone(facts)
	for i, f := range facts {
		facts[i] = Fact{message.Escape(f.Name), message.Escape(f.Value)}
	}
	return facts
}

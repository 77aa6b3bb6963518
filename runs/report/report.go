// Package report writes the results of a training as one self-contained HTML page:
// figures and pictures are part of it.
package report

import (
	_ "embed"
	"encoding/base64"
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
	Figures  []Figure
	Classes  []Class
	Network  string // its layers, as glyph summary prints them
	Timings  []Timing
}

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// Figure is a picture: SVG text, or a PNG.
type Figure struct {
	Name, Caption string
	SVG           string
	PNG           []byte
}

// Timing is the speed of an epoch.
type Timing struct {
	Epoch, Images   int
	ImagesPerSecond float64
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
	"between": func(in [2]float64) string { return fmt.Sprintf("%.1f to %.1f", 100*in[0], 100*in[1]) },
	"percent": func(v float64) string { return fmt.Sprintf("%.1f", 100*v) },
	"svg": func(text string) template.HTML { // drawn by package plots, not by a user
		if i := strings.Index(text, "<svg"); i > 0 {
			text = text[i:] // without the XML declaration
		}
		return template.HTML(text)
	},
	"png": func(b []byte) template.URL {
		return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b))
	},
	"speed": func(v float64) string { return fmt.Sprintf("%.0f", v) },
}).Parse(page))

// Write writes the page, with what is not printable in names and values made
// visible. Its error is w's.
func Write(w io.Writer, r Report) error {
	r.Title = message.Escape(r.Title)
	r.Facts, r.Settings = printable(r.Facts), printable(r.Settings)
	r.Classes = slices.Clone(r.Classes)
	for i, c := range r.Classes {
		r.Classes[i].Symbol, r.Classes[i].Name = message.Escape(c.Symbol), message.Escape(c.Name)
	}
	return pageTemplate.Execute(w, r)
}

func printable(facts []Fact) []Fact {
	facts = slices.Clone(facts)
	for i, f := range facts {
		facts[i] = Fact{message.Escape(f.Name), message.Escape(f.Value)}
	}
	return facts
}

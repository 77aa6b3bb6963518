// Package report writes the results of a training as one self-contained HTML page:
// figures and pictures are part of it.
package report

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"glyph/internal/message"
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
}

// Classes computes the measures from a confusion matrix [label][prediction]:
//
//	precision = hits/predicted   recall = hits/labelled   F1 = 2·hits/(predicted + labelled)
//
// Each is 0 where nothing was predicted or labelled so.
func Classes(confusion [][]int, name func(class int) (symbol, name string)) []Class {
	list := make([]Class, len(confusion))
	for c := range confusion {
		hits, labelled, predicted := confusion[c][c], 0, 0
		for o := range confusion {
			labelled += confusion[c][o]
			predicted += confusion[o][c]
		}
		share := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
		symbol, name := name(c)
		list[c] = Class{
			Symbol: symbol, Name: name, Images: labelled,
			Precision: share(hits, predicted), Recall: share(hits, labelled), FOne: share(2*hits, predicted+labelled),
		}
	}
	return list
}

//go:embed report.html.tmpl
var page string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
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

package study

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"glyph/internal/message"

	"gonum.org/v1/gonum/stat"
)

// view is the text of a report, before it is Markdown or HTML.
type view struct {
	Title       string
	Quick       bool
	Missing     string
	Facts       [][2]string
	Protocol    []string
	Statistics  []string
	Findings    []findingView
	Experiments []experimentView
}

type findingView struct {
	Number                         int
	Says, Reported, Verdict, Class string
	Sections                       []section // where it is put to the test
}

// section is an experiment to point to.
type section struct{ Name, Title string }

type experimentView struct {
	section
	Question string
	Findings string
	Fixed    string
	Tables   []table
	Figures  []figureView
	Claims   []claimView
	Notes    []string
}

// table is text in cells. Columns after the first are right-aligned.
type table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

type figureView struct {
	Caption, File string
	Clipped       bool          // some bars are
	SVG           template.HTML // a document
	Inline        template.HTML // the same as part of a page
}

type claimView struct {
	Finding              int
	Says, Verdict, Class string
	Unit                 string
	Tests                table
}

// newView makes the text of an analysis. figures are the drawn figures by file.
func newView(a *Analysis, figures []figureView) view {
	v := view{
		Title: a.title(), Quick: a.Quick,
		Facts: a.facts(), Protocol: a.protocol(), Statistics: statistics,
	}
	if a.Missing > 0 {
		v.Missing = fmt.Sprintf("%s of %s trials have not run yet.", message.Thousands(a.Missing), message.Thousands(a.Trials))
	}
	for _, f := range a.Findings {
		fv := findingView{Number: f.Number, Says: f.Says, Reported: f.Reported, Verdict: f.Verdict.String(), Class: class(f.Verdict)}
		for _, x := range a.Experiments {
			if slices.ContainsFunc(x.Claims, func(j Judged) bool { return j.Finding == f.Number }) {
				fv.Sections = append(fv.Sections, section{x.Name, x.Title})
			}
		}
		v.Findings = append(v.Findings, fv)
	}
	for _, x := range a.Experiments {
		v.Experiments = append(v.Experiments, x.view(a, figures))
	}
	return v
}

// title is that of the report: of a single experiment of one's own, its own.
func (a *Analysis) title() string {
	if len(a.Experiments) == 1 && a.Experiments[0].Text != "" {
		return a.Experiments[0].Title
	}
	return "KMNIST study"
}

func class(v Verdict) string { return strings.ReplaceAll(v.String(), " ", "-") }

// facts is what a reader should know first.
func (a *Analysis) facts() [][2]string {
	kind := "full"
	if a.Quick {
		kind = "quick: fewer images, epochs and learning rates than the full study"
	}
	var trials, elapsed float64
	ends := map[string]float64{}
	for _, r := range a.Results {
		ends[r.Session] = max(ends[r.Session], r.End)
	}
	for _, id := range sortedKeys(a.Results) { // sums in one order
		trials += a.Results[id].Seconds
	}
	for _, id := range sortedKeys(ends) {
		elapsed += ends[id]
	}
	facts := [][2]string{
		{"study", kind},
		{"data", fmt.Sprintf("%s, SHA-256 %s…", a.Source, a.Hash)},
		{"training images", message.Thousands(a.Train)},
		{"test images", message.Thousands(a.Test)},
		{"seeds", fmt.Sprintf("%d for each configuration", a.Seeds)},
		{"trials", fmt.Sprintf("%s of %s", message.Thousands(a.Trials-a.Missing), message.Thousands(a.Trials))},
		{"time", fmt.Sprintf("%s; the trials one after the other %s", duration(elapsed), duration(trials))},
	}
	for _, f := range []struct {
		name string
		of   func(Session) string
	}{
		{"device", func(s Session) string { return s.Device }},
		{"backend", func(s Session) string {
			return fmt.Sprintf("%s, %s at once", s.Backend, message.Count(s.Parallel, "trial"))
		}},
		{"glyph", func(s Session) string { return s.Version }},
		{"built with", func(s Session) string { return s.Go + ", " + s.Platform }},
	} {
		var values []string
		for _, s := range a.Sessions {
			values = append(values, f.of(s))
		}
		slices.Sort(values)
		facts = append(facts, [2]string{f.name, strings.Join(slices.Compact(values), "; ")})
	}
	return facts
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// protocol is how the numbers were obtained.
func (a *Analysis) protocol() []string {
	splits := ""
	if !a.Quick {
		splits = fmt.Sprintf(" If that is fewer than %d images, several validation sets are used, at most %d, and the mean accuracy counts.", HeldEnough, MaxSplits)
	}
	return []string{
		fmt.Sprintf("Each configuration is trained at every learning rate of a small set on %.0f %% of its training images and evaluated on the other %.0f %%, the validation set. The rate with the best accuracy is chosen.%s", 100*(1-ValidationShare), 100*ValidationShare, splits),
		fmt.Sprintf("At that rate it is trained on all its training images with %s, each with its own initial weights, batch order and dropout.", message.Count(a.Seeds, "seed")),
		"Accuracy is measured on the official test set after the last epoch of a fixed schedule. Nothing is chosen on the test set: no epoch, no rate, no configuration.",
		"A training whose loss becomes non-finite counts as guessing.",
		"A configuration with fewer training images uses the first ones of the file.",
	}
}

// statistics is how verdicts are reached.
var statistics = []string{
	fmt.Sprintf("Every verdict is computed. A claim is a list of contrasts, such as “256 − 512 > 0”. Each is tested by Welch's t-test, one-sided, in both directions, at α = %v; if a claim makes several comparisons, p-values are corrected by Holm's method.", Alpha),
	"A claim holds if every contrast is shown to be as claimed, does not hold if any is shown to be the other way round, and is undecided at this number of seeds otherwise. A finding holds if all its claims do, and does not hold if any does not.",
	"Intervals are 95 % confidence intervals of the mean by Student's t. They cover other seeds, not other test images.",
	"The spread of a set of configurations is the standard deviation between their accuracies, taken seed by seed.",
}

func duration(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

// percent writes an accuracy.
func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 2, 64) }

// halfWidth writes an interval; a single value has none.
func halfWidth(v []float64) string {
	h := Interval(v)
	if math.IsInf(h, 0) {
		return "–"
	}
	return "± " + percent(h)
}

// meanOf is the mean of what of gives for each result.
func meanOf(results []Result, of func(Result) float64) float64 {
	values := make([]float64, len(results))
	for i, r := range results {
		values[i] = of(r)
	}
	return stat.Mean(values, nil)
}

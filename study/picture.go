package study

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"glyph/internal/message"
	"glyph/runs/plots"
)

// picture makes a figure of the results of an experiment. It is false if there is
// nothing to show yet.
func (x Analysed) picture(f Figure) (plots.Intervals, bool) {
	var p plots.Intervals
	switch f.Kind {
	case Points:
		p = x.pointsPicture(f)
	case Curves:
		p = x.curvesPicture(f)
	case LayerNorms:
		p = x.normsPicture()
	}
	return p, len(p.Series) > 0
}

// pointsPicture is every arm side by side.
func (x Analysed) pointsPicture(f Figure) plots.Intervals {
	p := plots.Intervals{X: f.X, Y: "test accuracy (%)"}
	var s plots.Series
	for i, a := range x.Arms {
		p.Ticks = append(p.Ticks, plots.Tick{At: float64(i), Label: a.Label})
		if v, ok := accuracyPoint(float64(i), a); ok {
			s.Points = append(s.Points, v)
		}
	}
	if s.Points != nil {
		p.Series = []plots.Series{s}
	}
	return p
}

// curvesPicture is a line for each choice of the other axes.
func (x Analysed) curvesPicture(f Figure) plots.Intervals {
	p := plots.Intervals{X: f.X, Y: "test accuracy (%)", LogX: f.Log}
	along := x.axis(f.X)
	for _, a := range x.Arms {
		at := a.Choices[along].X
		if !slices.ContainsFunc(p.Ticks, func(t plots.Tick) bool { return t.At == at }) {
			p.Ticks = append(p.Ticks, plots.Tick{At: at, Label: a.Choices[along].Label})
		}
		v, ok := accuracyPoint(at, a)
		if !ok {
			continue
		}
		var labels []string
		for i, c := range a.Choices {
			if i != along {
				labels = append(labels, c.Label)
			}
		}
		name := strings.Join(labels, ", ")
		i := slices.IndexFunc(p.Series, func(s plots.Series) bool { return s.Name == name })
		if i < 0 {
			i = len(p.Series)
			p.Series = append(p.Series, plots.Series{Name: name, Line: true, Style: i})
		}
		p.Series[i].Points = append(p.Series[i].Points, v)
	}
	return p
}

// accuracyPoint is the mean accuracy of an arm with its confidence interval, in
// percent; the interval ends at 0 and 100.
func accuracyPoint(at float64, a ArmResult) (plots.Interval, bool) {
	values := a.values(Accuracy)
	if len(values) == 0 {
		return plots.Interval{}, false
	}
	mean, half := 100*stat.Mean(values, nil), 100*Interval(values)
	if math.IsInf(half, 0) {
		half = 0
	}
	return plots.Interval{X: at, Y: mean, Low: max(0, mean-half), High: min(100, mean+half)}, true
}

// normsPicture is the gradient norms of the deepest networks, at initialisation
// and after the last epoch: geometric means with confidence intervals.
func (x Analysed) normsPicture() plots.Intervals {
	p := plots.Intervals{X: "weight tensor, from input to output", Y: "gradient norm", LogY: true}
	deepest := 0
	for _, a := range x.Arms {
		for _, r := range a.Results {
			if len(r.Norms) > 0 {
				deepest = max(deepest, len(r.Norms[0].Norm))
			}
		}
	}
	style := 0
	for _, a := range x.Arms {
		if len(a.Results) == 0 || len(a.Results[0].Norms) == 0 || len(a.Results[0].Norms[0].Norm) != deepest {
			continue
		}
		for _, last := range []bool{false, true} {
			s := plots.Series{Name: a.Label + ", initial", Line: true, Style: style, Dashed: last}
			if last {
				s.Name = a.Label + ", trained"
			}
			for layer := range deepest {
				if v, ok := normPoint(a, layer, last); ok {
					s.Points = append(s.Points, v)
				}
			}
			if s.Points != nil {
				p.Series = append(p.Series, s)
			}
		}
		style++
	}
	for layer := range deepest {
		p.Ticks = append(p.Ticks, plots.Tick{At: float64(layer + 1), Label: message.Thousands(layer + 1)})
	}
	return p
}

// normPoint is the norm of a layer's gradient over the seeds.
func normPoint(a ArmResult, layer int, last bool) (plots.Interval, bool) {
	values := a.norms(layer, last)
	if len(values) == 0 {
		return plots.Interval{}, false
	}
	mean, half := stat.Mean(values, nil), Interval(values)
	if math.IsInf(half, 0) {
		half = 0
	}
	half = min(half, 1) // with two seeds it may be a hundred powers of ten
	return plots.Interval{X: float64(layer + 1), Y: math.Pow(10, mean), Low: math.Pow(10, mean-half), High: math.Pow(10, mean+half)}, true
}

// norms is log₁₀ of a layer's gradient norm for each seed, at initialisation or
// after the last epoch measured.
func (r ArmResult) norms(layer int, last bool) (values []float64) {
	for _, result := range r.Results {
		if len(result.Norms) == 0 {
			continue
		}
		n := result.Norms[0]
		if last {
			n = result.Norms[len(result.Norms)-1]
		}
		if layer < len(n.Norm) && n.Norm[layer] > 0 {
			values = append(values, math.Log10(n.Norm[layer]))
		}
	}
	return values
}

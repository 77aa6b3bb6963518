package study

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
)

// picture puts the results of an experiment into a figure. It is false where
// there is nothing to show yet.
func (x Analysed) picture(f Figure) (picture, bool) {
	var p picture
	switch f.Kind {
	case Points:
		p = x.pointsPicture(f)
	case Curves:
		p = x.curvesPicture(f)
	case LayerNorms:
		p = x.normsPicture()
	}
	return p, len(p.series) > 0
}

// pointsPicture is every arm side by side.
func (x Analysed) pointsPicture(f Figure) picture {
	p := picture{x: f.X, y: "test accuracy (%)"}
	var s series
	for i, a := range x.Arms {
		p.ticks = append(p.ticks, plot.Tick{Value: float64(i), Label: a.Label})
		if v, ok := accuracyPoint(float64(i), a); ok {
			s.points = append(s.points, v)
		}
	}
	if s.points != nil {
		p.series = []series{s}
	}
	return p
}

// curvesPicture is a line for each choice of the other axes. Points of several
// lines are moved apart a little, so that no error bar hides another.
func (x Analysed) curvesPicture(f Figure) picture {
	p := picture{x: f.X, y: "test accuracy (%)", logX: f.Log}
	along := x.axis(f.X)
	for _, a := range x.Arms {
		at := a.Choices[along].X
		if !slices.ContainsFunc(p.ticks, func(t plot.Tick) bool { return t.Value == at }) {
			p.ticks = append(p.ticks, plot.Tick{Value: at, Label: a.Choices[along].Label})
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
		i := slices.IndexFunc(p.series, func(s series) bool { return s.name == name })
		if i < 0 {
			i = len(p.series)
			p.series = append(p.series, series{name: name, line: true, style: i})
		}
		p.series[i].points = append(p.series[i].points, v)
	}
	low, high := p.sides()
	for i := range p.series {
		aside := 0.008 * (float64(i) - float64(len(p.series)-1)/2)
		for j := range p.series[i].points {
			if at := &p.series[i].points[j].x; p.logX {
				*at *= math.Pow(high/low, aside)
			} else {
				*at += aside * (high - low)
			}
		}
	}
	return p
}

// accuracyPoint is the mean accuracy of an arm with its confidence interval, in
// percent; the interval ends at 0 and 100.
func accuracyPoint(at float64, a ArmResult) (point, bool) {
	values := a.values(Accuracy)
	if len(values) == 0 {
		return point{}, false
	}
	mean, half := 100*stat.Mean(values, nil), 100*Interval(values)
	if math.IsInf(half, 0) {
		half = 0
	}
	return point{at, mean, max(0, mean-half), min(100, mean+half)}, true
}

// normsPicture is the gradient norms of the deepest networks, at initialisation
// and after the last epoch: geometric means with confidence intervals.
func (x Analysed) normsPicture() picture {
	p := picture{x: "weight tensor, from input to output", y: "gradient norm", logY: true}
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
			s := series{name: a.Label + ", at initialisation", line: true, style: style, dashed: last}
			if last {
				s.name = a.Label + ", after training"
			}
			for layer := range deepest {
				if v, ok := normPoint(a, layer, last); ok {
					s.points = append(s.points, v)
				}
			}
			if s.points != nil {
				p.series = append(p.series, s)
			}
		}
		style++
	}
	for layer := range deepest {
		p.ticks = append(p.ticks, plot.Tick{Value: float64(layer + 1), Label: number(layer + 1)})
	}
	return p
}

// normPoint is the norm of a layer's gradient over the seeds.
func normPoint(a ArmResult, layer int, last bool) (point, bool) {
	values := a.norms(layer, last)
	if len(values) == 0 {
		return point{}, false
	}
	mean, half := stat.Mean(values, nil), Interval(values)
	if math.IsInf(half, 0) {
		half = 0
	}
	half = min(half, 1) // with two seeds it may be a hundred powers of ten
	return point{float64(layer + 1), math.Pow(10, mean), math.Pow(10, mean-half), math.Pow(10, mean+half)}, true
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

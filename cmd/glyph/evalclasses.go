package main

import (
	"math"

	"glyph/kmnist"
	"glyph/train"
)

// classReport is how well each class is recognised, as JSON.
type classReport struct {
	Interval string     `json:"interval"` // which one it is
	Classes  []classRow `json:"classes"`
	Mean     meanRow    `json:"mean"`           // over the classes with images
	Weighted meanRow    `json:"mean_by_images"` // each as often as it has images
}

type classRow struct {
	Class     string    `json:"class"`
	Images    int       `json:"images"`
	Precision *interval `json:"precision"` // null where no image was predicted so,
	Recall    *interval `json:"recall"`    // or is labelled so,
	F1        *interval `json:"f1"`        // or neither
}

type interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

type meanRow struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// newClassReport is the report of a confusion matrix with at least one image.
func newClassReport(counts [][]int, classes []kmnist.Class) *classReport {
	scores := train.ClassScores(counts)
	r := &classReport{Interval: "Wilson, 95 %"}
	known := func(s train.Share) *interval {
		if math.IsNaN(s.Value) {
			return nil
		}
		return &interval{s.Value, s.Low, s.High}
	}
	for c, s := range scores {
		r.Classes = append(r.Classes, classRow{classes[c].String(), s.Images, known(s.Precision), known(s.Recall), known(s.F1)})
	}
	r.Mean.Precision, r.Mean.Recall, r.Mean.F1 = train.MeanScore(scores, false)
	r.Weighted.Precision, r.Weighted.Recall, r.Weighted.F1 = train.MeanScore(scores, true)
	return r
}

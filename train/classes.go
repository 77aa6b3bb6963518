package train

import "math"

// Share is a share of images, such as a precision, with the interval that has it with a
// probability of 95 %. All three are NaN where there are no images to take a share of.
type Share struct{ Value, Low, High float64 }

// ClassScore is how well one class is recognised:
//
//	precision = hits/predicted   recall = hits/labelled   F1 = 2·hits/(predicted + labelled)
type ClassScore struct {
	Images                int // of the class
	Precision, Recall, F1 Share
}

// ClassScores are those of the classes of a confusion matrix, [label][prediction].
//
// The intervals of precision and recall are Wilson's (1927, "Probable inference, the law
// of succession, and statistical inference"). F1 is 2j/(1 + j), which grows with j =
// hits/(predicted or labelled); its interval is that of j, put into this formula (Lam,
// Gopal & Qian 2023, "Confidence Intervals for the F1 Score": Wilson indirect).
func ClassScores(counts [][]int) []ClassScore {
	list := make([]ClassScore, len(counts))
	for c := range counts {
		hits, labelled, predicted := counts[c][c], total(counts[c]), 0
		for label := range counts {
			predicted += counts[label][c]
		}
		either := Wilson(hits, labelled+predicted-hits)
		of := func(j float64) float64 { return 2 * j / (1 + j) }
		list[c] = ClassScore{
			Images: labelled, Precision: Wilson(hits, predicted), Recall: Wilson(hits, labelled),
			F1: Share{of(either.Value), of(either.Low), of(either.High)},
		}
	}
	return list
}

// Wilson is the share of n images that k are, with Wilson's interval.
func Wilson(k, n int) Share {
	if n == 0 {
		return Share{math.NaN(), math.NaN(), math.NaN()}
	}
	const z = 1.959963984540054 // of a normal distribution, 95 % is this close to its mean
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	s := Share{p, max(0, middle-half), min(1, middle+half)}
	if k == 0 { // where it is so exactly, and rounding says otherwise
		s.Low = 0
	}
	if k == n {
		s.High = 1
	}
	return s
}

// MeanScore is the mean precision, recall and F1 over the classes with images: of each
// class once, and with weighted of each as often as it has images. The precision of a
// class that was never predicted counts as 0. Without any images all are NaN.
func MeanScore(list []ClassScore, weighted bool) (precision, recall, f1 float64) {
	all := 0.0
	for _, s := range list {
		weight := 1.0
		if weighted {
			weight = float64(s.Images)
		}
		if s.Images == 0 {
			continue
		}
		all += weight
		if !math.IsNaN(s.Precision.Value) {
			precision += weight * s.Precision.Value
		}
		recall += weight * s.Recall.Value
		f1 += weight * s.F1.Value
	}
	return precision / all, recall / all, f1 / all
}

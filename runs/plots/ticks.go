package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// ticks marks an axis at multiples of 1, 2 or 5 times a power of ten, at most
// twelve times; at whole numbers alone where whole.
type ticks struct{ whole bool }

// Ticks is the marks between two numbers.
func (t ticks) Ticks(low, high float64) (list []plot.Tick) {
	step, digits := niceStep(high-low, t.whole)
	for i := math.Ceil(low/step-1e-9) + 0; i*step <= high+1e-9*step; i++ {
		list = append(list, plot.Tick{Value: i * step, Label: strconv.FormatFloat(i*step, 'f', digits, 64)})
	}
	return list
}

// niceStep is the least of ... 0.1, 0.2, 0.5, 1, 2, 5, 10 ... that makes at most
// 8 steps, or 12 where they are whole, and the digits after its point.
func niceStep(span float64, whole bool) (step float64, digits int) {
	most, power := 8.0, -6
	if whole {
		most, power = 12, 0
	}
	for ; ; power++ {
		for _, f := range []float64{1, 2, 5} {
			if step := f * math.Pow(10, float64(power)); !(span/step > most) {
				return step, max(0, -power)
			}
		}
	}
}

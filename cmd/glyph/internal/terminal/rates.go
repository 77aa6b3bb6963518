package terminal

import "strings"

// Rates is a chart of losses over learning rates, on a logarithmic x axis labelled with
// the powers of ten. The rates must rise. Losses that exceed the first by more than half
// of the fall are cut off.
func Rates(rates, losses []float64, width, height int) string {
	if len(rates) < 2 {
		return ""
	}
	low := losses[0]
	for _, v := range losses {
		low = min(low, v)
	}
	most := low + 1.5*(losses[0]-low)
	c := chart{heading: crop("loss over the learning rate, a moving average", width), xs: rates, log: true}
	c.curves = []curve{{values: make([]float64, len(losses)), gap: 1}}
	for i, v := range losses {
		c.curves[0].values[i] = min(v, most)
	}
	c.span()
	return strings.Join(c.lines(width, height+2), "\n") + "\n"
}

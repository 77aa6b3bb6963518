package window

import "math"

// ticks are round numbers on an axis from low to high: 1, 2 and 5 times powers of ten, of
// a logarithmic one.
func ticks(low, high float64, logarithmic bool) (list []float64) {
	if !logarithmic {
		step := math.Pow(10, math.Floor(math.Log10((high-low)/2)))
		for _, m := range []float64{1, 2, 5, 10} {
			if (high-low)/(step*m) <= 5 {
				step *= m
				break
			}
		}
		for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
			list = append(list, i*step+0) // -0 is 0
		}
		return list
	}
	few := []float64{1, 2, 5}
	switch {
	case high/low > 300:
		few = few[:1]
	case high/low < 8:
		return ticks(low, high, false)
	}
	for e := math.Floor(math.Log10(low)); e <= math.Log10(min(high, math.MaxFloat64)); e++ {
		for _, m := range few {
			if v := m * math.Pow(10, e); v >= low && v <= high {
				list = append(list, v)
			}
		}
	}
	return list
}

// horizon is the step at which the axis ends: the end of the training, or a half, a
// quarter and so on of it, as long as it is well beyond the present step.
func horizon(step, total int) float64 {
	end := float64(total)
	for end/2 > float64(step)*1.05+64 {
		end /= 2
	}
	return end
}

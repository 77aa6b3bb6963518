package ink

// step is the most that paper changes from one place to the next, as a share of
// the greatest contrast: less than across the edge of a sheet, more than in the
// edge of a shadow.
const step = 0.06

// weakest is the least contrast that marks must have, as a share of that of the
// strongest marks, to be ink where the paper is another one: the grain of a
// table has less.
const weakest = 0.5

// leaveTable takes away the marks that do not lie on the same paper as the
// strongest: a table has its own. contrast is how far levels are from the
// paper's. It reports whether there is something around the paper.
func (p plane) leaveTable(contrast, paper plane) bool {
	most := 0.0
	for _, d := range contrast.v {
		most = max(most, d)
	}
	zone, n := paper.zones(step * most)
	// Each zone's contrast is the mean, weighted by its square.
	sum, weight := make([]float64, n), make([]float64, n)
	for i, d := range contrast.v {
		sum[zone[i]] += d * d * d
		weight[zone[i]] += d * d
	}
	area := make([]int, n)
	for _, z := range zone {
		area[z]++
	}
	best, at := 0.0, 0
	for z := range sum {
		// Fewer places than this, of the full contrast, are specks.
		if weight[z] > speck*float64(len(p.v))/10*most*most && sum[z] > best*weight[z] {
			best, at = sum[z]/weight[z], z
		}
	}
	left := false
	for i, z := range zone {
		if sum[z] < weakest*best*weight[z] {
			p.v[i] = 0
		}
		left = left || z != at && 100*area[z] > len(p.v)
	}
	return left
}

// zones numbers the parts of a plane within which neighbours differ by at most
// step.
func (p plane) zones(step float64) (zone []int, n int) {
	zone = make([]int, len(p.v))
	for i := range zone {
		zone[i] = -1
	}
	var stack []int
	for start := range zone {
		if zone[start] >= 0 {
			continue
		}
		zone[start] = n
		for stack = append(stack[:0], start); len(stack) > 0; {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, j := range [4]int{i - 1, i + 1, i - p.w, i + p.w} {
				if j < 0 || j >= len(zone) || zone[j] >= 0 || (j == i-1 && i%p.w == 0) || (j == i+1 && j%p.w == 0) {
					continue
				}
				if d := p.v[j] - p.v[i]; d <= step && d >= -step {
					zone[j] = n
					stack = append(stack, j)
				}
			}
		}
		n++
	}
	return zone, n
}

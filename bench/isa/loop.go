package main

// loop is the lines from a label to the branch back to it, both included.
type loop struct{ from, to int }

// loops finds the loops of a listing. label is the label that a line declares, and
// target the one that it branches to, or "".
func loops(lines []string, label, target func(string) string) (list []loop) {
	at := map[string]int{}
	for i, line := range lines {
		if l := label(line); l != "" {
			at[l] = i
		}
		if t := target(line); t != "" {
			if from, seen := at[t]; seen {
				list = append(list, loop{from, i})
			}
		}
	}
	return list
}

// countAll is the multiply-adds of a listing.
func countAll(lines []string, fma func(string) int) (n int) {
	for _, line := range lines {
		n += fma(line)
	}
	return n
}

// mainLoop finds the innermost loop with at least half of the multiply-adds of the loop
// that has the most, and the outermost one around it. Without a multiply-add in any loop
// there is none.
func mainLoop(lines []string, list []loop, fma func(string) int) (inner, outer loop, ok bool) {
	count := func(l loop) int { return countAll(lines[l.from:l.to+1], fma) }
	most := 0
	for _, l := range list {
		if n := count(l); n > most {
			most, inner, ok = n, l, true
		}
	}
	outer = inner
	for _, l := range list {
		if l.from >= inner.from && l.to <= inner.to && 2*count(l) >= most {
			inner = l
		}
	}
	for _, l := range list {
		if l.from <= inner.from && l.to >= inner.to && l.to-l.from > outer.to-outer.from {
			outer = l
		}
	}
	return inner, outer, ok
}

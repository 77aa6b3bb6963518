package models

// lifetime is when a tensor of a step is needed: from the operation that writes it
// to the last that reads it, both included.
type lifetime struct {
	size     int // elements
	from, to int
}

// share puts tensors whose lifetimes don't overlap into the same memory. It returns
// the place of each tensor and the size of each place. lives are in the order in which
// they begin. Each takes the smallest free place that is large enough, or else the
// largest free one, which grows.
//
// If all sizes are equal, the number of places is the least possible, as in greedy
// colouring of an interval graph in this order.
func share(lives []lifetime) (place, size []int) {
	place = make([]int, len(lives))
	var until []int // of each place: the last operation that needs what it holds
	for i, l := range lives {
		best := -1
		for p := range size {
			if until[p] >= l.from {
				continue
			}
			if best < 0 || better(size[p], size[best], l.size) {
				best = p
			}
		}
		if best < 0 {
			best, size, until = len(size), append(size, 0), append(until, 0)
		}
		place[i], size[best], until[best] = best, max(size[best], l.size), l.to
	}
	return place, size
}

// better reports whether a place of a elements suits a tensor of n better than one
// of b.
func better(a, b, n int) bool {
	if fits := a >= n; fits != (b >= n) {
		return fits
	} else if fits {
		return a < b
	}
	return a > b
}

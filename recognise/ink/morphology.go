package ink

import "math"

// closing fills what is darker than its surroundings and narrower than a square
// of side 2·reach+1: each place gets the darkest level that is nowhere exceeded
// in some such square around it. Dark regions that reach out of the picture, as
// a table around a sheet does, count as going on outside, and stay.
func (p plane) closing(reach int) plane {
	w, h := p.w+2*reach, p.h+2*reach
	a, b := make([]float64, w*h), make([]float64, w*h)
	for i := range a {
		a[i] = math.Inf(-1)
	}
	for y := range p.h {
		copy(a[(y+reach)*w+reach:], p.v[y*p.w:][:p.w])
	}
	widest(a, b, w, h, reach)
	for i := range a {
		a[i] = -a[i]
	}
	widest(a, b, w, h, reach)
	out := plane{p.w, p.h, make([]float64, len(p.v))}
	for y := range p.h {
		for x := range p.w {
			// Next to the picture's edges the least may be what lies outside.
			out.v[y*p.w+x] = max(-a[(y+reach)*w+x+reach], p.v[y*p.w+x])
		}
	}
	return out
}

// widest replaces each element of w×h by the greatest in the square around it
// of side 2·reach+1, as far as that is inside. spare is of the same size.
func widest(a, spare []float64, w, h, reach int) {
	scratch := make([]float64, 2*max(w, h))
	for y := range h {
		greatest(a[y*w:][:w], reach, scratch)
	}
	transpose(spare, a, w, h)
	for x := range w {
		greatest(spare[x*h:][:h], reach, scratch)
	}
	transpose(a, spare, h, w)
}

// greatest replaces each element by the greatest of those at most reach away, in
// time that does not depend on reach (van Herk 1992, Gil and Werman 1993): with
// the row cut into pieces as long as the window, a window is the end of one
// piece and the beginning of the next.
func greatest(row []float64, reach int, scratch []float64) {
	n, window := len(row), 2*reach+1
	first, last := scratch[:n], scratch[n:2*n] // greatest from the piece's first to here, from here to its last
	for from := 0; from < n; from += window {
		to := min(from+window, n)
		m := row[from]
		for i := from; i < to; i++ {
			if row[i] > m {
				m = row[i]
			}
			first[i] = m
		}
		m = row[to-1]
		for i := to - 1; i >= from; i-- {
			if row[i] > m {
				m = row[i]
			}
			last[i] = m
		}
	}
	final := (n - 1) / window * window // where the last piece begins
	for i := range row {
		switch from, to := i-reach, min(i+reach, n-1); {
		case from < 0: // in the first piece
			row[i] = first[to]
		case from >= final: // in the last
			row[i] = last[from]
		case last[from] > first[to]:
			row[i] = last[from]
		default:
			row[i] = first[to]
		}
	}
}

func transpose(dst, src []float64, w, h int) {
	const block = 32 // elements of a tile that stays in the cache
	for y0 := 0; y0 < h; y0 += block {
		for x0 := 0; x0 < w; x0 += block {
			for y := y0; y < min(y0+block, h); y++ {
				for x := x0; x < min(x0+block, w); x++ {
					dst[x*h+y] = src[y*w+x]
				}
			}
		}
	}
}

// calmed is the median of each place and its eight neighbours: without noise,
// and with its edges where they were. At the picture's edge it is as it was.
func (p plane) calmed() plane {
	out := plane{p.w, p.h, append([]float64(nil), p.v...)}
	for y := 1; y < p.h-1; y++ {
		for x := 1; x < p.w-1; x++ {
			i := y*p.w + x
			var n [9]float64
			copy(n[0:], p.v[i-p.w-1:i-p.w+2])
			copy(n[3:], p.v[i-1:i+2])
			copy(n[6:], p.v[i+p.w-1:i+p.w+2])
			out.v[i] = median9(&n)
		}
	}
	return out
}

// median9 sorts as much of nine numbers as their median needs: 19 exchanges
// (Paeth 1990).
func median9(n *[9]float64) float64 {
	for _, e := range [...][2]uint8{
		{1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2}, {4, 5}, {7, 8}, {0, 3},
		{5, 8}, {4, 7}, {3, 6}, {1, 4}, {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2},
	} {
		if n[e[0]] > n[e[1]] {
			n[e[0]], n[e[1]] = n[e[1]], n[e[0]]
		}
	}
	return n[4]
}

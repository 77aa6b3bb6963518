package kernels

import "unsafe"

// tapBytes is how much of dy TapGrads goes through at a time: with y, and with
// what comes next, it stays in the cache of the first level.
const tapBytes = 4 << 10

// TapGrads adds to the gradients of a 3×3 convolution of an image of one channel
// with as many outputs as asked for, over the output positions whose patches
// begin at the offsets:
//
//	sums[9][outputs]   sums[t][j] += Σ_i x[offsets[i] + t/3·line + t%3]·dz[i][j]
//	bias[4][outputs]   bias[i%4][j] += dz[i][j]
//
// in the order of i, where dz is dy where y > 0 and 0 elsewhere, or dy if y is
// nil. A bias's gradient is what Columns makes of its four rows. The scratch
// memory has room for TapScratch numbers.
func (k *Kernels[T]) TapGrads(sums, bias, dy, y, x []T, offsets []int, line, outputs int, scratch []T) {
	n := len(offsets)
	if n == 0 || outputs == 0 {
		return
	}
	sums, bias, dy = sums[:9*outputs], bias[:4*outputs], dy[:n*outputs]
	_ = x[offsets[n-1]+2*line+2]
	if y != nil {
		y = y[:len(dy)]
	}
	block := tapBlock[T](outputs)
	if k.allTapSums == nil { // no dz, and nothing fetched ahead
		block *= 4
	}
	for lo := 0; lo < n; lo += block {
		hi := min(lo+block, n)
		if k.allTapSums == nil {
			k.fusedTapGrads(sums, bias, dy, y, x, offsets[lo:hi], lo*outputs, line, outputs)
			continue
		}
		b := tapRows[T]{dy: dy[lo*outputs:], dz: dy[lo*outputs : hi*outputs], nextDY: dy[hi*outputs:]}
		if y != nil {
			b.y, b.dz, b.nextY = y[lo*outputs:], scratch[:len(b.dz)], y[hi*outputs:]
		}
		b.add(k, sums, x, offsets[lo:hi], line, outputs)
		k.Columns4(bias, b.dz)
	}
}

// TapScratch is how many numbers of scratch memory TapGrads needs.
func (k *Kernels[T]) TapScratch(outputs int) int { return tapBlock[T](outputs) * outputs }

// tapBlock is a multiple of 4 of positions.
func tapBlock[T Float](outputs int) int {
	return max(tapBytes/(max(outputs, 1)*int(unsafe.Sizeof(*new(T))))&^3, 16)
}

// fusedTapGrads is TapGrads of a block with AVX-512; its rows of dy begin at at.
func (k *Kernels[T]) fusedTapGrads(sums, bias, dy, y, x []T, offsets []int, at, line, outputs int) {
	one, two, of := k.tapGrads1, k.tapGrads2, dy
	if y != nil {
		one, two, of = k.tapReLUGrads1, k.tapReLUGrads2, y
	}
	for j := 0; j < outputs; j += k.Width {
		grads, columns := one, min(k.Width, outputs-j)
		if columns > k.Lanes {
			grads = two
		}
		grads(&sums[j], &bias[j], &dy[at+j], &of[at+j], &x[0], &offsets[0], len(offsets), line, outputs, columns)
	}
}

// tapRows is the rows of a block with AVX2, which makes dz of dy and y unless it
// is dy, and those of the next block.
type tapRows[T Float] struct{ dy, y, dz, nextDY, nextY []T }

// add adds the block's products.
func (b *tapRows[T]) add(k *Kernels[T], sums, x []T, offsets []int, line, outputs int) {
	low, y, dy := k.lowTapReLUSums, b.y, b.dy
	if y == nil || outputs%k.Width > 0 {
		if y != nil {
			k.ReLUGrad(b.dz, dy, y)
		}
		low, y, dy = k.lowTapSums, b.dz, b.dz
	}
	n := len(offsets)
	for j, turn := 0, 0; j < outputs; turn++ {
		nextDY, nextY := b.ahead(b.nextDY, n, turn), b.ahead(b.nextY, n, turn)
		if columns := outputs - j; columns < k.Width {
			columns = min(columns, k.Lanes)
			k.allTapSums(&sums[j], &dy[j], &x[0], nil, nil, &offsets[0], n, line, outputs, columns, nextDY)
			j += columns
			continue
		}
		low(&sums[j], &dy[j], &x[0], &y[j], &b.dz[j], &offsets[0], n, line, outputs, k.Width, nextDY)
		k.highTapSums(&sums[5*outputs+j], &b.dz[j], &x[0], nil, nil, &offsets[0], n, line, outputs, k.Width, nextY)
		j += k.Width
	}
}

// ahead is where the turn begins to fetch the next block: a line of the cache
// for each of n positions, which makes all lines in all turns.
func (b *tapRows[T]) ahead(next []T, n, turn int) *byte {
	at := 64 / int(unsafe.Sizeof(*new(T))) * n * turn
	if at >= len(next) {
		next, at = b.dz, 0
	}
	return (*byte)(unsafe.Pointer(&next[at]))
}

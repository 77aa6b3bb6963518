package kernels

import "unsafe"

// HasTapGrads reports whether TapGrads may be called: AVX2 has too few registers
// for the sums of nine taps.
func (k *Kernels[T]) HasTapGrads() bool { return k.tapGrads1 != nil }

// TapGrads adds to the gradients of a 3×3 convolution of an image of one channel
// with as many outputs as asked for, over the output positions whose patches
// begin at the offsets:
//
//	sums[9][outputs]   sums[t][j] += Σ_i x[offsets[i] + t/3·line + t%3]·dz[i][j]
//	bias[4][outputs]   bias[i%4][j] += dz[i][j]
//
// in the order of i, where dz is dy where y > 0 and 0 elsewhere, or dy if y is
// nil. A bias's gradient is what Columns makes of its four rows. Only where
// HasTapGrads.
func (k *Kernels[T]) TapGrads(sums, bias, dy, y, x []T, offsets []int, line, outputs int) {
	if len(offsets) == 0 || outputs == 0 {
		return
	}
	_, _, _, _ = sums[9*outputs-1], bias[4*outputs-1], dy[len(offsets)*outputs-1], x[offsets[len(offsets)-1]+2*line+2]
	one, two := k.tapGrads1, k.tapGrads2
	if y != nil {
		_ = y[len(offsets)*outputs-1]
		one, two = k.tapReLUGrads1, k.tapReLUGrads2
	}
	// Where the outputs take several turns, dy and y stay in the cache of the
	// first level from turn to turn.
	block := max(tapBytes/(2*outputs*int(unsafe.Sizeof(*new(T))))&^3, 16)
	for lo := 0; lo < len(offsets); lo += block {
		n := min(block, len(offsets)-lo)
		for j := 0; j < outputs; {
			grads, columns := one, min(k.Width, outputs-j)
			if columns > k.Lanes {
				grads = two
			}
			at := lo*outputs + j
			yAt := &dy[at]
			if y != nil {
				yAt = &y[at]
			}
			grads(&sums[j], &bias[j], &dy[at], yAt, &x[0], &offsets[lo], n, line, outputs, columns)
			j += columns
		}
	}
}

// tapBytes is how much of dy and y together TapGrads goes through at a time.
const tapBytes = 16 << 10

package kmnist

import (
	"math"
	"math/rand/v2"
)

// random generates numbers that are the same on every processor: they are made of
// PCG's integers, because the methods of rand.Rand may differ in their last bits.
type random struct{ rand.PCG }

// uniform returns a number in [0, 1), a multiple of 2⁻⁵³.
func (r *random) uniform() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// bell returns a number from a nearly normal distribution with mean 0 and standard
// deviation 1: the sum of four uniform numbers of 16 bits. Its magnitude is at most
// 2√3 = 3.46, so that no image is distorted beyond recognition.
func (r *random) bell() float64 {
	u := r.Uint64()
	sum := int(u&0xffff) + int(u>>16&0xffff) + int(u>>32&0xffff) + int(u>>48)
	return float64(sum-2*0xffff) / 37837.2 // 2¹⁶/√3
}

// sine approximates sin(2πt) with parabolas, which give the same bits everywhere.
func sine(t float64) float64 {
	t -= math.Floor(t)
	if t < 0.5 {
		return float64(8*t) * (1 - float64(2*t))
	}
	t -= 0.5
	return float64(-8*t) * (1 - float64(2*t))
}

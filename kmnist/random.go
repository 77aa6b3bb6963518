package kmnist

import (
	"math"
	"math/rand/v2"
)

// random is numbers for drawing. They come from PCG's raw integers alone, since
// the algorithms of rand.Rand differ in their last bits between processors.
type random struct{ rand.PCG }

// uniform is in [0, 1), in steps of 2⁻⁵³.
func (r *random) uniform() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// bell is nearly normal, with mean 0 and deviation 1: the sum of four uniform
// numbers of 16 bits. It never exceeds 2√3 = 3.46, so no image is distorted
// beyond recognition.
func (r *random) bell() float64 {
	u := r.Uint64()
	sum := int(u&0xffff) + int(u>>16&0xffff) + int(u>>32&0xffff) + int(u>>48)
	return float64(sum-2*0xffff) / 37837.2 // 2¹⁶/√3
}

// sine is like sin(2πt), of parabolas: the same bits everywhere.
func sine(t float64) float64 {
	t -= math.Floor(t)
	if t < 0.5 {
		return float64(8*t) * (1 - float64(2*t))
	}
	t -= 0.5
	return float64(-8*t) * (1 - float64(2*t))
}

package glyph

import (
	"math"
	"math/bits"
)

// Philox is the counter-based random function Philox 4x32-10: four 32-bit
// words from a 128-bit counter and a 64-bit key, with no state (Salmon, Moraes,
// Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", §3.3). Every
// backend computes the same integers, so masks are never stored and agree bit
// for bit.
func Philox(counter [4]uint32, key [2]uint32) [4]uint32 {
	const (
		mul0, mul1   = 0xD2511F53, 0xCD9E8D57
		weyl0, weyl1 = 0x9E3779B9, 0xBB67AE85
	)
	for round := range 10 {
		if round > 0 {
			key[0] += weyl0
			key[1] += weyl1
		}
		hi0, lo0 := bits.Mul32(mul0, counter[0])
		hi1, lo1 := bits.Mul32(mul1, counter[2])
		counter = [4]uint32{hi1 ^ counter[1] ^ key[0], lo1, hi0 ^ counter[3] ^ key[1], lo0}
	}
	return counter
}

// Stream names a use of randomness, so that two uses with one seed never see
// the same numbers. It is the last word of the counter.
type Stream uint32

// The streams.
const (
	StreamDropout Stream = iota
	StreamInit           // initial weights
	StreamOrder          // the order of a training epoch
	StreamTest           // inputs of tests
	StreamAugment        // what training images are moved by
)

// Rand draws a sequence from Philox on the host: word i comes from block i/4
// of (seed, stream, id). It serves what is drawn once, such as initial weights.
type Rand struct {
	key     [2]uint32
	counter [4]uint32 // block, block high, id, stream
	words   [4]uint32
	used    int
}

// NewRand starts the sequence of (seed, stream, id).
func NewRand(seed uint64, stream Stream, id uint32) *Rand {
	return &Rand{key: Key(seed), counter: [4]uint32{2: id, 3: uint32(stream)}, used: 4}
}

// Key splits a seed into Philox's two key words, low first.
func Key(seed uint64) [2]uint32 { return [2]uint32{uint32(seed), uint32(seed >> 32)} }

// Uint32 is the next word.
func (r *Rand) Uint32() uint32 {
	if r.used == 4 {
		r.words = Philox(r.counter, r.key)
		r.used = 0
		if r.counter[0]++; r.counter[0] == 0 {
			r.counter[1]++
		}
	}
	r.used++
	return r.words[r.used-1]
}

// Float64 is uniform over (0, 1): the midpoints of 2³² equal steps.
func (r *Rand) Float64() float64 { return (float64(r.Uint32()) + 0.5) / (1 << 32) }

// Normal is standard normal (Box & Muller 1958).
func (r *Rand) Normal() float64 {
	radius := math.Sqrt(-2 * math.Log(r.Float64()))
	return radius * math.Cos(2*math.Pi*r.Float64())
}

// IntN is uniform over 0 to n-1 without bias (Lemire 2019).
func (r *Rand) IntN(n int) int {
	bound := uint32(n)
	for {
		hi, lo := bits.Mul32(r.Uint32(), bound)
		if lo >= -bound%bound {
			return int(hi)
		}
	}
}

// Shuffle permutes p (Fisher & Yates; Durstenfeld 1964).
func (r *Rand) Shuffle(p []int32) {
	for i := len(p) - 1; i > 0; i-- {
		j := r.IntN(i + 1)
		p[i], p[j] = p[j], p[i]
	}
}

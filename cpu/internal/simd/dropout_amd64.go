//go:build goexperiment.simd

package simd

import (
	"simd/archsimd"

	"glyph"
)

// dropout draws four blocks of Philox at a time, each in a 64-bit lane whose
// low half is the word: the multiplication of low halves is one instruction,
// and what it leaves in the high half is what the other words need.
func dropout(y, x []float32, counter [4]uint32, key [2]uint32, threshold uint32, scale float32) {
	y = y[:len(x)]
	start := key
	factor, least := archsimd.BroadcastFloat32x8(scale), archsimd.BroadcastUint32x8(threshold)
	low := archsimd.BroadcastUint64x4(1<<32 - 1)
	mul0, mul1 := archsimd.BroadcastUint32x8(0xD2511F53), archsimd.BroadcastUint32x8(0xCD9E8D57)
	var keys [10][2][4]uint64 // of each round
	for r := range keys {
		for j := range 4 {
			keys[r][0][j], keys[r][1][j] = uint64(key[0]), uint64(key[1])
		}
		key[0] += 0x9E3779B9
		key[1] += 0xBB67AE85
	}
	i := 0
	for ; i+16 <= len(x); i += 16 {
		block := uint64(counter[0])
		counter[0] += 4
		// In this order of blocks, interleaving puts the words in theirs.
		first := [4]uint64{block, block + 2, block + 1, block + 3}
		c0, c1 := archsimd.LoadUint64x4(&first), archsimd.BroadcastUint64x4(uint64(counter[1]))
		c2, c3 := archsimd.BroadcastUint64x4(uint64(counter[2])), archsimd.BroadcastUint64x4(uint64(counter[3]))
		for r := range keys {
			p0, p1 := mul0.MulEvenWiden(c0.AsUint32x8()), mul1.MulEvenWiden(c2.AsUint32x8())
			c0 = p1.ShiftAllRight(32).Xor(c1).Xor(archsimd.LoadUint64x4(&keys[r][0]))
			c2 = p0.ShiftAllRight(32).Xor(c3).Xor(archsimd.LoadUint64x4(&keys[r][1]))
			c1, c3 = p1, p0
		}
		pair01 := c0.And(low).Or(c1.ShiftAllLeft(32))
		pair23 := c2.And(low).Or(c3.ShiftAllLeft(32))
		lo := pair01.InterleaveLoGrouped(pair23).AsUint32x8()
		hi := pair01.InterleaveHiGrouped(pair23).AsUint32x8()
		x0 := archsimd.LoadFloat32x8((*[8]float32)(x[i:])).Mul(factor)
		x1 := archsimd.LoadFloat32x8((*[8]float32)(x[i+8:])).Mul(factor)
		x0.Masked(lo.Max(least).Equal(lo)).Store((*[8]float32)(y[i:]))
		x1.Masked(hi.Max(least).Equal(hi)).Store((*[8]float32)(y[i+8:]))
	}
	archsimd.ClearAVXUpperBits()
	for ; i < len(x); i += 4 {
		words := glyph.Philox(counter, start)
		counter[0]++
		for j := i; j < min(i+4, len(x)); j++ {
			y[j] = 0
			if words[j-i] >= threshold {
				y[j] = x[j] * scale
			}
		}
	}
}

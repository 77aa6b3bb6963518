package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// genDropout generates dropout in float32. A block of Philox, four words, is
// drawn in each 64-bit lane, whose low half is a word: the multiplication of low
// halves is one instruction, and what it leaves in the high half is what the
// other words need.
func genDropout(k kind) {
	k.Function("dropout" + k.short())
	k.SignatureExpr("func(y, x *float32, turns int, block uint32, counter *[4]uint32, key *[2]uint32, threshold uint32, scale float32)")
	k.Doc("dropout is y = scale·x where the word of Philox is at least threshold, two vectors a turn")
	l := &loop{kind: k}
	y, x := k.ptr("y"), k.ptr("x")
	turns := k.Load(k.Param("turns"), k.GP64())
	counter, key := k.ptr("counter"), k.ptr("key")
	spread := func(m operand.Mem, quad bool) reg.VecVirtual {
		v := k.v()
		k.VPBROADCASTD(m, v)
		if quad {
			k.VPSRLQ(operand.Imm(32), v, v)
		}
		return v
	}
	block := l.scalar("block")
	k.VPSRLQ(operand.Imm(32), block, block)
	k.VPADDQ(k.quads(blockOrder(k.wide)), block, block)
	k.Label("turn")
	c := [4]reg.Register{k.v(), spread(mem(counter, 4), true), spread(mem(counter, 8), true), spread(mem(counter, 12), true)}
	k.VMOVAPS(block, c[0])
	k.VPADDQ(k.quads([]uint64{uint64(k.vecBytes() / 8)}), block, block)
	keys := [2]reg.Register{spread(mem(key, 0), false), spread(mem(key, 4), false)}
	mul := [2]reg.Register{k.bits(0xD2511F53), k.bits(0xCD9E8D57)}
	for round := range 10 {
		if round > 0 {
			k.VPADDD(k.bits(0x9E3779B9), keys[0], keys[0])
			k.VPADDD(k.bits(0xBB67AE85), keys[1], keys[1])
		}
		p0, p1 := k.v(), k.v()
		k.VPMULUDQ(mul[0], c[0], p0)
		k.VPMULUDQ(mul[1], c[2], p1)
		c = [4]reg.Register{k.mixed(p1, c[1], keys[0]), p1, k.mixed(p0, c[3], keys[1]), p0}
	}
	first, second := k.words(c[0], c[1]), k.words(c[2], c[3])
	for i, unpack := range []func(...operand.Op){k.VPUNPCKLQDQ, k.VPUNPCKHQDQ} {
		words := k.v()
		unpack(second, first, words)
		v := k.v()
		k.VMOVUPS(mem(x, i*k.vecBytes()), v)
		v = k.mul(v, l.scalar("scale"))
		k.VMOVUPS(k.kept(words, v), mem(y, i*k.vecBytes()))
	}
	k.ADDQ(operand.Imm(uint64(2*k.vecBytes())), x)
	k.ADDQ(operand.Imm(uint64(2*k.vecBytes())), y)
	k.DECQ(turns)
	k.JNZ(to("turn"))
	k.VZEROUPPER()
	k.RET()
}

// blockOrder is which block is drawn in which lane: in this order, interleaving
// puts the words in theirs.
func blockOrder(wide bool) []uint64 {
	if wide {
		return []uint64{0, 4, 1, 5, 2, 6, 3, 7}
	}
	return []uint64{0, 2, 1, 3}
}

// quads is a constant of 64-bit lanes, or of one value in all of them.
func (k kind) quads(x []uint64) reg.VecVirtual {
	name := "quads" + k.short()
	for _, q := range x {
		name += string(rune('0' + q))
	}
	m := k.StaticGlobal(name)
	k.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range k.vecBytes() / 8 {
		k.AddDatum(8*i, operand.U64(x[i%len(x)]))
	}
	v := k.v()
	k.VMOVUPS(m, v)
	return v
}

// exclusive is a ^ b.
func (k kind) exclusive(a, b reg.Register) reg.VecVirtual {
	v := k.v()
	if k.wide {
		k.VPXORQ(b, a, v)
	} else {
		k.VPXOR(b, a, v)
	}
	return v
}

// mixed is the high half of p, in the low half, ^ c ^ key.
func (k kind) mixed(p, c, key reg.Register) reg.VecVirtual {
	v := k.v()
	k.VPSRLQ(operand.Imm(32), p, v)
	return k.exclusive(k.exclusive(v, c), key)
}

// words is the low halves of a and b, a's first.
func (k kind) words(a, b reg.Register) reg.VecVirtual {
	high, v := k.v(), k.v()
	k.VPSLLQ(operand.Imm(32), b, high)
	low := k.v()
	k.VPSLLQ(operand.Imm(32), a, low)
	k.VPSRLQ(operand.Imm(32), low, low)
	if k.wide {
		k.VPORQ(high, low, v)
	} else {
		k.VPOR(high, low, v)
	}
	return v
}

// kept is v where the word is at least threshold, and 0 elsewhere.
func (k kind) kept(words, v reg.Register) reg.VecVirtual {
	least, out := (&loop{kind: k}).scalar("threshold"), k.v()
	if k.wide {
		m := k.K()
		k.VPCMPUD(operand.Imm(5), least, words, m) // not less
		k.VMOVAPS_Z(v, m, out)
		return out
	}
	k.VPMAXUD(least, words, least)
	k.VPCMPEQD(words, least, least)
	k.VANDPS(v, least, out)
	return out
}

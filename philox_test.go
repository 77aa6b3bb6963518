package glyph

import "testing"

// The known-answer vectors of the authors' Random123 library (kat_vectors,
// philox4x32 with 10 rounds).
func TestPhiloxKnownAnswers(t *testing.T) {
	const ones = 0xffffffff
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{ones, ones, ones, ones}, [2]uint32{ones, ones}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := Philox(c.counter, c.key); got != c.want {
			t.Errorf("Philox(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

func TestRandIntNIsUniform(t *testing.T) {
	r := NewRand(1, StreamTest, 0)
	const n, draws = 7, 70000
	var counts [n]int
	for range draws {
		counts[r.IntN(n)]++
	}
	chi2 := 0.0
	for _, c := range counts {
		d := float64(c) - draws/n
		chi2 += d * d / (draws / n)
	}
	if chi2 > 22.5 { // 99.9 % point of χ² with 6 degrees of freedom
		t.Errorf("χ² = %.1f over counts %v", chi2, counts)
	}
}

func TestShuffleIsAPermutation(t *testing.T) {
	p := make([]int32, 1000)
	for i := range p {
		p[i] = int32(i)
	}
	NewRand(2, StreamOrder, 3).Shuffle(p)
	seen, moved := make([]bool, len(p)), 0
	for i, v := range p {
		if seen[v] {
			t.Fatalf("%d stands twice", v)
		}
		seen[v] = true
		if int(v) != i {
			moved++
		}
	}
	if moved < 950 {
		t.Errorf("only %d of %d moved", moved, len(p))
	}
}

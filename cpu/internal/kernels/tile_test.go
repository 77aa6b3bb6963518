//go:build unix

package kernels

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"glyph"
	"glyph/cpu/internal/guard"
)

// shape is a Tile's, with what its strides have too much.
type shape struct {
	m, n, k, segs    int
	padA, padB, padC int
	transposed       bool // rows of A are a number apart, and steps a row
	relu             bool
	init             int  // 0 none, 1 a row for all, 2 c itself, 3 a number a row
	scattered        bool // rows of c in reverse order
}

func (s shape) String() string {
	return fmt.Sprintf("m %d n %d k %d segs %d pads %d %d %d transposed %v relu %v init %d scattered %v",
		s.m, s.n, s.k, s.segs, s.padA, s.padB, s.padC, s.transposed, s.relu, s.init, s.scattered)
}

func unit[T Float]() float64 {
	if unsafe.Sizeof(*new(T)) == 4 {
		return 0x1p-24
	}
	return 0x1p-53
}

func fill[T Float](x []T, id uint32) {
	r := glyph.NewRand(1, glyph.StreamTest, id)
	for i := range x {
		x[i] = T(r.Normal())
	}
}

// problem is a tile in guarded memory.
type problem[T Float] struct {
	tile           Tile[T]
	a, b, c, start []T
	rows, outs     []int
	segments       []Segment
	atEnd          bool
}

func pose[T Float](t testing.TB, s shape, atEnd bool) *problem[T] {
	p := &problem[T]{atEnd: atEnd}
	lda := s.k*s.segs + s.padA
	sizeA, ks, down := (s.m-1)*lda+s.k*s.segs, 1, lda
	if s.transposed {
		lda = s.m + s.padA
		sizeA, ks, down = (s.k*s.segs-1)*lda+s.m, lda, 1
	}
	ldb, ldc := s.n+s.padB, s.n+s.padC
	p.a = guard.Slice[T](t, sizeA, atEnd)
	p.b = guard.Slice[T](t, (s.k*s.segs-1)*ldb+s.n, atEnd)
	p.c = guard.Slice[T](t, (s.m-1)*ldc+s.n, atEnd)
	p.rows = guard.Slice[int](t, s.m, atEnd)
	for i := range p.rows {
		p.rows[i] = i * down
	}
	p.segments = guard.Slice[Segment](t, s.segs, atEnd)
	for i := range p.segments {
		at := (s.segs - 1 - i) * s.k
		p.segments[i] = Segment{at * ks, at * ldb}
	}
	fill(p.a, 1)
	fill(p.b, 2)
	fill(p.c, 3)
	p.tile = Tile[T]{
		A: &p.a[0], Rows: &p.rows[0], B: &p.b[0], C: &p.c[0], N: s.n, K: s.k,
		Segs: s.segs, Segments: &p.segments[0], KS: ks, LDB: ldb, LDC: ldc, ReLU: s.relu,
	}
	if s.scattered {
		p.outs = guard.Slice[int](t, s.m, atEnd)
		for i := range p.outs {
			p.outs[i] = (s.m - 1 - i) * ldc
		}
		p.tile.Outs = &p.outs[0]
	}
	switch s.init {
	case 1:
		p.start = guard.Slice[T](t, s.n, atEnd)
		p.tile.Init = &p.start[0]
	case 2:
		p.tile.Init, p.tile.LDInit = p.tile.C, ldc
	case 3:
		p.start = guard.Slice[T](t, s.m, atEnd)
		p.tile.RowInit = &p.start[0]
	}
	fill(p.start, 4)
	return p
}

// check computes the tile and holds it to plain sums, within 8·u·Σ|ab| (Higham
// 2002, §3.1); what lies between the rows of c stays as it is.
func check[T Float](t testing.TB, k *Kernels[T], s shape, atEnd bool) []T {
	t.Helper()
	p := pose[T](t, s, atEnd)
	tile, before := p.tile, append([]T(nil), p.c...)
	k.Tile(&p.tile, s.m)
	for i := range len(p.c) {
		row, col := i/tile.LDC, i%tile.LDC
		if col >= s.n {
			if p.c[i] != before[i] {
				t.Fatalf("%s %T %v: writes between the rows of c", k.Name, p.c[0], s)
			}
			continue
		}
		if s.scattered {
			row = s.m - 1 - row
		}
		var want float64
		switch s.init {
		case 1:
			want = float64(p.start[col])
		case 2:
			want = float64(before[i])
		case 3:
			want = float64(p.start[row])
		}
		size := math.Abs(want)
		for l := range s.k * s.segs {
			v := float64(p.a[p.rows[row]+l*tile.KS]) * float64(p.b[l*tile.LDB+col])
			want, size = want+v, size+math.Abs(v)
		}
		if s.relu {
			want = max(want, 0)
		}
		if d := math.Abs(float64(p.c[i]) - want); !(d <= 8*unit[T]()*size) {
			t.Fatalf("%s %T %v at end %v: c[%d][%d] = %v, want %v", k.Name, p.c[0], s, atEnd, row, col, p.c[i], want)
		}
	}
	return p.c
}

// checkAll checks every instruction set that runs here, at both ends of guarded
// pages, and that all give the same bits.
func checkAll[T Float](t testing.TB, s shape) {
	t.Helper()
	var first []T
	for _, k := range For[T]() {
		for _, atEnd := range []bool{false, true} {
			if s.n > k.Width && k.Panel(s.n) != s.n {
				continue
			}
			c := check(t, k, s, atEnd)
			if first == nil {
				first = append([]T(nil), c...)
			}
			for i := range c {
				if c[i] != first[i] {
					t.Fatalf("%s %T %v: c[%d] = %v, and %v with other kernels", k.Name, c[0], s, i, c[i], first[i])
				}
			}
		}
	}
}

// Every size of a tile, and one more row than two of the tallest.
func TestTile(t *testing.T) {
	if len(For[float32]()) == 0 {
		t.Skip("no vector kernels on this processor")
	}
	i := 0
	for m := 1; m <= 25; m++ {
		for n := 1; n <= 32; n++ {
			s := shape{
				m: m, n: n, k: []int{1, 2, 3, 4, 5, 7, 8, 9, 33}[i%9], segs: 1 + i%3,
				padA: i % 2, padB: i % 4, padC: i % 5, transposed: i%7 > 3, relu: i%3 == 0, init: i / 3 % 4,
			}
			s.scattered = i%5 == 0 && s.init != 2
			checkAll[float32](t, s)
			checkAll[float64](t, s)
			i++
		}
	}
	for k := 1; k <= 25; k++ {
		s := shape{m: 6, n: 16, k: k, segs: 1 + k%3, init: 2}
		checkAll[float32](t, s)
		checkAll[float64](t, s)
	}
}

func FuzzTile(f *testing.F) {
	f.Add(uint8(12), uint8(31), uint8(5), uint8(2), uint16(0x1234))
	f.Fuzz(func(t *testing.T, m, n, k, segs uint8, bits uint16) {
		s := shape{
			m: 1 + int(m)%64, n: 1 + int(n)%32, k: 1 + int(k)%64, segs: 1 + int(segs)%4,
			padA: int(bits) & 7, padB: int(bits>>3) & 7, padC: int(bits>>6) & 7,
			transposed: bits>>9&1 > 0, relu: bits>>10&1 > 0, init: int(bits>>11) & 3,
		}
		s.scattered = bits>>13&1 > 0 && s.init != 2
		checkAll[float32](t, s)
		checkAll[float64](t, s)
	})
}

// A NaN stays one through ReLU, and so does a zero's sign.
func TestTileReLU(t *testing.T) {
	for _, k := range For[float32]() {
		a, b, c := []float32{1}, make([]float32, 32), make([]float32, 32)
		for i := range b {
			b[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), -1, 2}[i%5]
		}
		k.Tile(&Tile[float32]{A: &a[0], Rows: new(int), B: &b[0], C: &c[0], N: k.Width, Segs: 1, K: 1, KS: 1, ReLU: true}, 1)
		for i, v := range c[:k.Width] {
			if want := max(b[i], 0); math.Float32bits(v) != math.Float32bits(want) && !(v != v && want != want) {
				t.Errorf("%s: ReLU of %v is %v", k.Name, b[i], v)
			}
		}
	}
}

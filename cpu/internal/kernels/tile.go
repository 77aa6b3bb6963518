package kernels

import "unsafe"

// Tile is rows of a matrix product, a panel of columns wide, as
// Kernels.Tile computes them (Goto & van de Geijn 2008, §4: the innermost of
// their loops):
//
//	C[i·LDC + j] = Init[i·LDInit + j] + Σ_s Σ_k A[Rows[i] + s.A + k·KS]·B[s.B + k·LDB + j]
//
// over the segments s and over k < K, in that order, and then ReLU if asked for. Rows
// of A may lie anywhere and its columns any stride apart, so that a transposed
// operand needs no copy; a reduction in segments serves convolution, whose
// patches lie in rows of the image. Nothing needs to be laid out as a matrix. With
// Outs, the rows of C lie anywhere too, at Outs[i]. Strides and offsets are in
// elements. LDInit is 0 where all rows begin with a bias; without Init they begin with
// 0, and with RowInit each with a number of its own.
type Tile[T Float] struct {
	A        *T
	Rows     *int // offsets of rows of A
	B, C     *T
	Init     *T // or nil
	Tiles    int
	N        int // columns, at most Kernels.Width, or a panel of Kernels.Panel
	Segs     int
	Segments *Segment // Segs of them; nil for one that begins at A and B
	K        int
	KS       int
	LDB      int
	LDC      int
	Outs     *int // offsets of rows of C, or nil
	LDInit   int
	ReLU     bool
	RowInit  *T // or nil
	Ahead    Ahead
}

// Ahead is memory that tiles prefetch, some lines of it with each segment, so that it is in
// the cache when it is used.
type Ahead struct {
	at          uintptr
	lines, each int // lines that are left, and to fetch with each segment
}

// FetchAhead is x, to be prefetched while that many segments are computed.
func FetchAhead[T Float](x []T, segments int) Ahead {
	if len(x) == 0 || segments < 1 {
		return Ahead{}
	}
	lines := len(x) * int(unsafe.Sizeof(x[0])) / line
	return Ahead{uintptr(unsafe.Pointer(&x[0])), lines, max((lines+segments-1)/segments, 1)}
}

// line is the size of a cache line in bytes.
const line = 64

// Segment is where part of a reduction begins: offsets in A, from each row, and in B.
type Segment struct{ A, B int }

var whole Segment

// Tile computes m rows of t, in tiles as even as can be: it sets t.Tiles, and
// leaves t pointing anywhere.
func (k *Kernels[T]) Tile(t *Tile[T], m int) {
	if t.Segments == nil {
		t.Segs, t.Segments = 1, &whole
	}
	of := k.tiles[k.shape(t.N)]
	n := (m + len(of) - 2) / (len(of) - 1)
	rows, more := m/n, m%n
	if more > 0 {
		t.Tiles = more
		of[rows+1](t)
		if more == n {
			return
		}
		done := more * (rows + 1)
		t.Rows = step(t.Rows, done)
		if t.Outs != nil {
			t.Outs = step(t.Outs, done)
		} else {
			t.C = step(t.C, done*t.LDC)
		}
		if t.Init != nil {
			t.Init = step(t.Init, done*t.LDInit)
		}
		if t.RowInit != nil {
			t.RowInit = step(t.RowInit, done)
		}
	}
	t.Tiles = n - more
	of[rows](t)
}

// threeVectors is how many columns three vectors of 32 bytes have.
func threeVectors[T Float]() int { return 96 / int(unsafe.Sizeof(*new(T))) }

// shape is the index in Kernels.tiles of the tiles for that many columns.
func (k *Kernels[T]) shape(columns int) int {
	switch third := threeVectors[T](); {
	case columns <= k.Lanes:
		return 0
	case columns == third || columns < third && third < k.Width:
		return 2
	}
	return 1
}

// TileRows is the most rows that a tile of that many columns has.
func (k *Kernels[T]) TileRows(columns int) int { return len(k.tiles[k.shape(columns)]) - 1 }

// Panel is how many of n columns a panel has: Width, or three vectors of 32 bytes where they
// are more and divide n, and Width doesn't.
func (k *Kernels[T]) Panel(n int) int {
	if third := threeVectors[T](); third > k.Width && n%third == 0 && n%k.Width > 0 {
		return third
	}
	return k.Width
}

func step[E any](p *E, n int) *E {
	return (*E)(unsafe.Add(unsafe.Pointer(p), n*int(unsafe.Sizeof(*p))))
}

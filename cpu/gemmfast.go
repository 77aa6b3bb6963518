package cpu

import (
	"unsafe"

	"glyph"
	"glyph/cpu/internal/kernels"
)

// Blocks of a product on the vector kernels (Goto & van de Geijn 2008): a part
// is blockRows×blockCols of c. For each blockDepth of the reduction a panel of
// b, as wide as a tile, and the rows of a that pass by it stay in the
// second-level cache: 384 KiB at most. Panels that fit the first-level cache
// would cost more, in sums that are taken up again, than they save.
//
// None of them changes a bit of the result: an element of c is one chain of
// multiply-adds in the order of k, wherever it is cut.
const (
	blockRows  = 64
	blockCols  = 128
	blockDepth = 1024
)

const (
	// turnedRows is how many columns of a turned product are a part.
	turnedRows = 32
	// page is the size of a page, and farRows how far apart, in bytes, rows of b
	// are packed where more than directRows rows of c need them.
	page    = 4096
	farRows = 3500
	// directRows is the number of rows up to which b is always read in place.
	directRows = 32
	// packWork is the cost of packing a number, in multiply-adds.
	packWork = 4
)

// fastProduct is act(a·b + c or bias) on the vector kernels. Operands are
// packed in one region of parallel work, and multiplied in another.
type fastProduct[T Float] struct {
	product[T]
	kernels *kernels.Kernels[T]
	scratch []*scratch[T]
	bias    []T
	act     glyph.Activation

	// turned: the transpose of c is computed, with rows of the transposed b as
	// rows of a tile and a packed as columns. It pays off if c has few rows.
	turned       bool
	packA, packB []T // nil if the operand is used in place
	packStride   int // of rows in packA
	rows         []int
}

// packs keeps the memory of packed operands from call to call.
type packs[T Float] struct {
	a, b []T
	rows []int
}

// plan decides how to multiply.
func (p *fastProduct[T]) plan(memory *packs[T]) {
	p.packA, p.packB = nil, nil
	p.turned = p.b.trans && !p.a.trans && p.beta == 0 && !p.b.paged(p.n) && p.turnedCost() < p.straightCost()
	down := p.a
	if p.turned {
		down = matrix[T]{data: p.b.data, stride: p.b.stride}
		p.packB = grow(&memory.b, ceil(p.m, p.kernels.Width)*p.kernels.Width*p.k)
	} else if p.b.trans || p.needsPanels() {
		p.packB = grow(&memory.b, ceil(p.n, p.kernels.Width)*p.kernels.Width*p.k)
	}
	stride := down.stride
	if down.trans {
		stride = 1
	}
	if !p.turned && p.needsRows() {
		p.packStride = (ceil(p.k, 16) | 1) * 16 // never a multiple of a page
		p.packA = grow(&memory.a, p.m*p.packStride)
		stride = p.packStride
	}
	p.rows = grow(&memory.rows, blockRows)
	for i := range p.rows {
		p.rows[i] = i * stride
	}
}

// turnedCost and straightCost are the work of a product with a transposed b
// either way, in multiply-adds; columns count in vectors of 64 bytes.
func (p *fastProduct[T]) turnedCost() int {
	wide := p.wide(p.m)
	return packWork*wide*(p.k+p.n) + wide*p.n*p.k
}

func (p *fastProduct[T]) straightCost() int {
	wide := p.wide(p.n)
	return packWork*p.k*wide + p.m*wide*p.k
}

func (p *fastProduct[T]) wide(n int) int {
	lanes := 64 / int(unsafe.Sizeof(p.beta))
	return ceil(n, lanes) * lanes
}

// needsRows reports whether a is to be repacked: if steps of the reduction are far
// apart, or rows are a whole number of pages apart, so that they share a few lines of
// the cache.
func (p *fastProduct[T]) needsRows() bool {
	if p.a.trans {
		return p.k > 256 && p.n > 64
	}
	return p.a.paged(p.m) && p.n > 64
}

// paged reports whether rows are a whole number of pages apart, and numerous enough
// for it to matter.
func (m matrix[T]) paged(rows int) bool {
	return rows > 4 && m.stride*int(unsafe.Sizeof(m.data[0]))%page == 0
}

// needsPanels reports whether b is to be packed even though it is not transposed: if
// each row of a panel is on a page of its own, and a row is one line of the cache.
func (p *fastProduct[T]) needsPanels() bool {
	size := int(unsafe.Sizeof(p.beta))
	return p.m > directRows && p.b.stride*size > farRows && (p.kernels.Width*size == 64 || p.k > 512)
}

// packParts is the parts of packing.
func (p *fastProduct[T]) packParts() int { return p.panels() + p.rowParts() }

func (p *fastProduct[T]) panels() int {
	switch {
	case p.packB == nil:
		return 0
	case p.turned:
		return ceil(p.m, p.kernels.Width)
	}
	return ceil(p.n, p.kernels.Width)
}

func (p *fastProduct[T]) rowParts() int {
	if p.packA == nil {
		return 0
	}
	return ceil(p.m, blockRows)
}

// pack packs part i.
func (p *fastProduct[T]) pack(i int) {
	if panels := p.panels(); i >= panels {
		p.packRows(span(i-panels, blockRows, p.m))
		return
	}
	width := p.kernels.Width
	from, n := p.b, p.n
	if p.turned {
		from, n = p.a, p.m
		from.trans = true
	}
	lo, hi := span(i, width, n)
	dst := p.packB[lo*p.k:][:width*p.k]
	if from.trans {
		if hi-lo < width {
			clear(dst)
		}
		p.kernels.Transpose(dst, from.data[lo*from.stride:], from.stride, hi-lo, p.k, width)
		return
	}
	if hi-lo < width {
		clear(dst)
	}
	p.kernels.Rows(dst, from.data[lo:], hi-lo, p.k, width, from.stride)
}

// packRows lays rows lo to hi of a out as rows.
func (p *fastProduct[T]) packRows(lo, hi int) {
	if p.a.trans {
		p.kernels.Transpose(p.packA[lo*p.packStride:], p.a.data[lo:], p.a.stride, p.k, hi-lo, p.packStride)
		return
	}
	p.kernels.Rows(p.packA[lo*p.packStride:], p.a.data[lo*p.a.stride:], p.k, hi-lo, p.packStride, p.a.stride)
}

// parts is the parts of multiplying, after packing.
func (p *fastProduct[T]) parts() int {
	if p.turned {
		return ceil(p.n, turnedRows)
	}
	return ceil(p.m, blockRows) * ceil(p.n, blockCols)
}

// multiply computes part i, with the activation.
func (p *fastProduct[T]) multiply(worker, i int) {
	var r0, r1, c0, c1 int
	if p.turned {
		r1 = p.m
		c0, c1 = span(i, turnedRows, p.n)
		p.turn(p.scratch[worker], c0, c1)
	} else {
		across := ceil(p.n, blockCols)
		r0, r1 = span(i/across, blockRows, p.m)
		c0, c1 = span(i%across, blockCols, p.n)
		p.block(&p.scratch[worker].tile, r0, r1, c0, c1)
	}
	if p.act.Kind != glyph.None && p.act.Kind != glyph.ReLU { // ReLU is in the tile
		for r := r0; r < r1; r++ {
			activate(p.kernels, p.c.data[r*p.c.stride+c0:][:c1-c0], p.act)
		}
	}
}

// block computes rows r0 to r1 of columns c0 to c1.
func (p *fastProduct[T]) block(t *kernels.Tile[T], r0, r1, c0, c1 int) {
	width := p.kernels.Width
	a, stride, ks := p.a.data, p.a.stride, 1
	switch {
	case p.packA != nil:
		a, stride = p.packA, p.packStride
	case p.a.trans:
		stride, ks = 1, p.a.stride
	}
	*t = kernels.Tile[T]{Segs: 1, KS: ks, LDC: p.c.stride}
	for k0 := 0; k0 < p.k; k0 += blockDepth {
		t.K = min(blockDepth, p.k-k0)
		t.ReLU = p.act.Kind == glyph.ReLU && k0+t.K == p.k
		for j := c0; j < c1; j += width {
			t.N = min(width, c1-j)
			if p.packB != nil {
				t.B, t.LDB = &p.packB[j*p.k+k0*width], width
			} else {
				t.B, t.LDB = &p.b.data[k0*p.b.stride+j], p.b.stride
			}
			t.A, t.Rows, t.C = &a[r0*stride+k0*ks], &p.rows[0], &p.c.data[r0*p.c.stride+j]
			switch {
			case k0 > 0 || p.beta != 0: // added to what is there
				t.Init, t.LDInit = t.C, t.LDC
			case p.bias != nil:
				t.Init, t.LDInit = &p.bias[j], 0
			default:
				t.Init = nil
			}
			p.kernels.Tile(t, r1-r0)
		}
	}
}

// turn computes columns c0 to c1 as rows, and turns them.
func (p *fastProduct[T]) turn(s *scratch[T], c0, c1 int) {
	width := p.kernels.Width
	t := &s.tile
	out := grow(&s.turned, turnedRows*width)
	for i := 0; i < p.m; i += width {
		*t = kernels.Tile[T]{Segs: 1, KS: 1, LDB: width, LDC: width, LDInit: width, N: min(width, p.m-i)}
		for k0 := 0; k0 < p.k; k0 += blockDepth {
			t.K = min(blockDepth, p.k-k0)
			t.ReLU = p.act.Kind == glyph.ReLU && k0+t.K == p.k
			t.A, t.Rows = &p.b.data[c0*p.b.stride+k0], &p.rows[0]
			t.B, t.C = &p.packB[i*p.k+k0*width], &out[0]
			if k0 > 0 {
				t.Init = t.C
			} else if p.bias != nil {
				t.RowInit = &p.bias[c0]
			}
			p.kernels.Tile(t, c1-c0)
		}
		p.kernels.Transpose(p.c.data[i*p.c.stride+c0:], out, width, c1-c0, t.N, p.c.stride)
	}
}

// packTask packs the operands of up to two products.
type packTask[T Float] struct{ first, second *fastProduct[T] }

func (t *packTask[T]) part(_, i int) {
	if n := t.first.packParts(); i >= n {
		t.second.pack(i - n)
	} else {
		t.first.pack(i)
	}
}

// fast sets up a product, planned where there are vector kernels.
func (b *Backend[T]) fast(p *fastProduct[T], product product[T], memory *packs[T]) {
	*p = fastProduct[T]{product: product, kernels: b.kernels, scratch: b.scratch}
	if b.kernels != nil {
		p.plan(memory)
	}
}

// pack packs the operands of one product or two.
func (b *Backend[T]) pack(first, second *fastProduct[T]) {
	parts := first.packParts()
	if second != nil {
		parts += second.packParts()
	}
	if parts > 0 {
		b.packing = packTask[T]{first, second}
		b.workers.run(&b.packing, parts)
	}
}

// parts is the parts of a product, on the vector kernels or without.
func (b *Backend[T]) parts(p *fastProduct[T]) int {
	if b.kernels == nil {
		return p.tiles()
	}
	return p.parts()
}

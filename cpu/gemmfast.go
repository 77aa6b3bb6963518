package cpu

import (
	"glyph"
	"glyph/cpu/internal/simd"
)

// Blocks of a product on the vector kernels (Goto & van de Geijn 2008): a part
// is blockRows×blockCols of c. For each blockDepth of the reduction a panel of
// b, as wide as a tile, and the rows of a that pass by it stay in the
// second-level cache: 384 KiB at most. Panels that fit the first-level cache
// would cost more, in sums that are taken up again, than they save.
const (
	blockRows  = 64
	blockCols  = 128
	blockDepth = 1024
)

const (
	// dotRows is up to how many rows a product with a transposed b is a matter
	// of inner products: packing b pays off only when many rows use it.
	dotRows = 48
	// dotCols is the columns of a part then.
	dotCols = 32
	// directRows is up to how many rows b is read where it lies.
	directRows = 32
)

// fastProduct is act(a·b + c or bias) on the vector kernels. Operands are
// packed in one region of parallel work, and multiplied in another.
type fastProduct[T Float] struct {
	product[T]
	kernels *simd.Kernels[T]
	zero    *zeros[T]
	scratch []*scratch[T]
	bias    []T
	act     glyph.Activation

	dots         bool
	packA, packB []T // nil where the operand is used where it lies
}

// packs keeps the memory of packed operands from call to call.
type packs[T Float] struct{ a, b []T }

// plan decides how to multiply.
func (p *fastProduct[T]) plan(memory *packs[T]) {
	p.packA, p.packB = nil, nil
	if p.dots = p.b.trans && !p.a.trans && p.m <= dotRows; p.dots {
		return
	}
	if p.b.trans || p.m > directRows {
		p.packB = grow(&memory.b, ceil(p.n, p.kernels.Width)*p.kernels.Width*p.k)
	}
	if p.a.trans {
		p.packA = grow(&memory.a, p.m*p.k)
	}
}

// packParts is the parts of packing.
func (p *fastProduct[T]) packParts() int { return p.panels() + p.rowParts() }

func (p *fastProduct[T]) panels() int {
	if p.packB == nil {
		return 0
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
	lo, hi := span(i, width, p.n)
	dst := p.packB[lo*p.k:][:width*p.k]
	if p.b.trans {
		if hi-lo < width {
			clear(dst)
		}
		p.kernels.Transpose(dst, p.b.data[lo*p.b.stride:], p.b.stride, hi-lo, p.k, width)
		return
	}
	for k := range p.k {
		row := dst[k*width:][:width]
		clear(row[copy(row, p.b.data[k*p.b.stride+lo:][:hi-lo]):])
	}
}

// packRows lays rows lo to hi of a transposed a out as rows.
func (p *fastProduct[T]) packRows(lo, hi int) {
	p.kernels.Transpose(p.packA[lo*p.k:], p.a.data[lo:], p.a.stride, p.k, hi-lo, p.k)
}

// parts is the parts of multiplying, after packing.
func (p *fastProduct[T]) parts() int {
	if p.dots {
		return ceil(p.n, dotCols)
	}
	return ceil(p.m, blockRows) * ceil(p.n, blockCols)
}

// multiply computes part i, with the activation.
func (p *fastProduct[T]) multiply(worker, i int) {
	var r0, r1, c0, c1 int
	if p.dots {
		r1 = p.m
		c0, c1 = span(i, dotCols, p.n)
		p.dotBlock(&p.scratch[worker].dots, c0, c1)
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

func (p *fastProduct[T]) block(t *simd.Tile[T], r0, r1, c0, c1 int) {
	width := p.kernels.Width
	a, stride := p.a.data, p.a.stride
	if p.packA != nil {
		a, stride = p.packA, p.k
	}
	t.Segs, t.KS = 1, 1
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
			more := k0 > 0 || p.beta != 0 // added to what is there
			start := &p.zero[0]
			if p.bias != nil {
				start = &p.bias[j]
			}
			t.Init = [simd.Rows]*T{start, start, start, start}
			for i := r0; i < r1; i += simd.Rows {
				last := min(simd.Rows, r1-i) - 1
				i1, i2, i3 := min(1, last), min(2, last), last
				rows, to := a[i*stride+k0:], p.c.data[i*p.c.stride+j:]
				t.A = [simd.Rows]*T{&rows[0], &rows[i1*stride], &rows[i2*stride], &rows[i3*stride]}
				t.C = [simd.Rows]*T{&to[0], &to[i1*p.c.stride], &to[i2*p.c.stride], &to[i3*p.c.stride]}
				if more {
					t.Init = t.C
				}
				p.kernels.Tile(t)
			}
		}
	}
}

func (p *fastProduct[T]) dotBlock(d *simd.Dots[T], c0, c1 int) {
	d.K = p.k
	for i := 0; i < p.m; i += simd.Rows {
		for r := range simd.Rows {
			d.A[r] = &p.a.data[min(i+r, p.m-1)*p.a.stride]
		}
		for j := c0; j < c1; j += 2 {
			d.B[0], d.B[1] = &p.b.data[j*p.b.stride], &p.b.data[min(j+1, c1-1)*p.b.stride]
			p.kernels.Dot(d)
			for s := range min(2, c1-j) {
				for r := range min(simd.Rows, p.m-i) {
					v, c := d.C[2*r+s], &p.c.data[(i+r)*p.c.stride+j+s]
					if p.beta != 0 {
						v += *c
					}
					if p.bias != nil {
						v += p.bias[j+s]
					}
					if p.act.Kind == glyph.ReLU && v < 0 {
						v = 0
					}
					*c = v
				}
			}
		}
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
	*p = fastProduct[T]{product: product, kernels: b.kernels, zero: &b.zero, scratch: b.scratch}
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

package cpu

import "glyph"

// block is memory for elements E, owned by a backend.
type block[E any] struct {
	owner any // a *Backend
	n     int
	data  []E // nil once it is freed
	freed bool
}

func newBlock[E any](owner any, data []E) block[E] {
	return block[E]{owner: owner, n: len(data), data: data}
}

func (b *block[E]) Len() int { return b.n }

// elements is what the block holds, for its owner.
func (b *block[E]) elements(owner any) []E {
	glyph.CheckMemory(b.owner == owner, b.freed)
	return b.data
}

func (b *block[E]) free(owner any) {
	b.elements(owner)
	b.data, b.freed = nil, true
}

type buffer[T Float] struct{ block[T] }

func (*buffer[T]) HoldsNumbers() {}

type ints struct{ block[int32] }

func (*ints) HoldsInts() {}

type bytes struct{ block[byte] }

func (*bytes) HoldsBytes() {}

// still panics unless the backend is open and, if that is required, outside Repeat.
func (b *Backend[T]) still(op string) {
	glyph.CheckOpen(b.closed)
	glyph.CheckNotRepeating(op, b.repeats > 0)
}

// Alloc makes a zeroed Buffer.
func (b *Backend[T]) Alloc(n int) glyph.Buffer {
	b.still("Alloc")
	glyph.CheckAlloc("Alloc", n)
	return &buffer[T]{newBlock(b, allocate[T](n))}
}

// AllocInts makes n zeroed integers.
func (b *Backend[T]) AllocInts(n int) glyph.Ints {
	b.still("AllocInts")
	glyph.CheckAlloc("AllocInts", n)
	return &ints{newBlock(b, make([]int32, n))}
}

// Upload copies src.
func (b *Backend[T]) Upload(src []byte) glyph.Bytes {
	b.still("Upload")
	return &bytes{newBlock(b, append([]byte(nil), src...))}
}

// Free leaves memory to the garbage collector.
func (b *Backend[T]) Free(memory ...glyph.Memory) {
	b.still("Free")
	for _, m := range memory {
		own, ok := m.(interface{ free(owner any) })
		glyph.CheckMemory(ok, false)
		own.free(b)
	}
}

// Write copies from the host.
func (b *Backend[T]) Write(dst glyph.Tensor, src []float32) {
	glyph.CheckWrite(dst, len(src))
	data := b.data(dst)
	for i, v := range src {
		data[i] = T(v)
	}
}

// Read copies to the host, rounding to float32.
func (b *Backend[T]) Read(dst []float32, src glyph.Tensor) error {
	glyph.CheckRead(len(dst), src)
	b.still("Read")
	for i, v := range b.data(src) {
		dst[i] = float32(v)
	}
	return b.err
}

// WriteInts copies from the host.
func (b *Backend[T]) WriteInts(dst glyph.Ints, src []int32) {
	glyph.CheckWriteInts(dst, len(src))
	copy(b.ints(dst), src)
}

// ReadInts copies to the host.
func (b *Backend[T]) ReadInts(dst []int32, src glyph.Ints) error {
	glyph.CheckReadInts(len(dst), src)
	b.still("ReadInts")
	copy(dst, b.ints(src))
	return b.err
}

// data is the elements of t, or nil for the zero Tensor.
func (b *Backend[T]) data(t glyph.Tensor) []T {
	if t.IsZero() {
		return nil
	}
	glyph.CheckOpen(b.closed)
	buf, ok := t.Buf.(*buffer[T])
	glyph.CheckMemory(ok, false)
	return buf.elements(b)[t.Off : t.Off+t.Size() : t.Off+t.Size()]
}

func (b *Backend[T]) ints(i glyph.Ints) []int32 {
	glyph.CheckOpen(b.closed)
	own, ok := i.(*ints)
	glyph.CheckMemory(ok, false)
	return own.elements(b)
}

func (b *Backend[T]) bytes(p glyph.Bytes) []byte {
	glyph.CheckOpen(b.closed)
	own, ok := p.(*bytes)
	glyph.CheckMemory(ok, false)
	return own.elements(b)
}

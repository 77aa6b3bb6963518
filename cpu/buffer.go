package cpu

import (
	"fmt"

	"glyph"
)

type buffer[T Float] struct{ data []T }

func (b *buffer[T]) Len() int { return len(b.data) }

type ints struct{ data []int32 }

func (b *ints) Len() int { return len(b.data) }

type bytes struct{ data []byte }

func (b *bytes) Len() int { return len(b.data) }

// Alloc makes a zeroed Buffer.
func (b *Backend[T]) Alloc(n int) glyph.Buffer { return &buffer[T]{make([]T, n)} }

// AllocInts makes n zeroed integers.
func (b *Backend[T]) AllocInts(n int) glyph.Ints { return &ints{make([]int32, n)} }

// Upload copies src.
func (b *Backend[T]) Upload(src []byte) glyph.Bytes { return &bytes{append([]byte(nil), src...)} }

// Write copies from the host.
func (b *Backend[T]) Write(dst glyph.Tensor, src []float32) {
	data := b.data(dst)
	for i, v := range exactly(src, len(data)) {
		data[i] = T(v)
	}
}

// Read copies to the host, rounding to float32.
func (b *Backend[T]) Read(dst []float32, src glyph.Tensor) error {
	data := b.data(src)
	dst = exactly(dst, len(data))
	for i, v := range data {
		dst[i] = float32(v)
	}
	return b.err
}

// WriteInts copies from the host.
func (b *Backend[T]) WriteInts(dst glyph.Ints, src []int32) {
	copy(b.ints(dst), exactly(src, dst.Len()))
}

// ReadInts copies to the host.
func (b *Backend[T]) ReadInts(dst []int32, src glyph.Ints) error {
	copy(exactly(dst, src.Len()), b.ints(src))
	return b.err
}

// Copy copies src to dst.
func (b *Backend[T]) Copy(dst, src glyph.Tensor) {
	glyph.CheckCopy(dst, src)
	copy(b.data(dst), b.data(src))
}

// data is the elements of t, or nil for the zero Tensor.
func (b *Backend[T]) data(t glyph.Tensor) []T {
	if t.IsZero() {
		return nil
	}
	buf, ok := t.Buf.(*buffer[T])
	if !ok {
		panic(fmt.Sprintf("cpu: a %T is not a buffer of %s", t.Buf, b.description))
	}
	return buf.data[t.Off : t.Off+t.Size() : t.Off+t.Size()]
}

func (b *Backend[T]) ints(i glyph.Ints) []int32 {
	buf, ok := i.(*ints)
	if !ok {
		panic(fmt.Sprintf("cpu: a %T is not an Ints of %s", i, b.description))
	}
	return buf.data
}

func (b *Backend[T]) bytes(p glyph.Bytes) []byte {
	buf, ok := p.(*bytes)
	if !ok {
		panic(fmt.Sprintf("cpu: a %T is not a Bytes of %s", p, b.description))
	}
	return buf.data
}

// exactly is s when it has n elements; a transfer of any other length is a
// programmer's mistake.
func exactly[E any](s []E, n int) []E {
	if len(s) != n {
		panic(fmt.Sprintf("cpu: transfer of %d elements to or from %d", len(s), n))
	}
	return s
}

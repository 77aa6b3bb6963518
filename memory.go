package glyph

// Memory is a block of elements on a device. It belongs to the Backend that made
// it and lives until it is freed or that Backend is closed.
type Memory interface {
	Len() int // elements
}

// Buffer is Memory of floating-point numbers, which tensors are views of.
type Buffer interface {
	Memory
	HoldsNumbers() // nothing but a Buffer has it
}

// Ints is Memory of 32-bit integers: a clock, a batch order, counts.
type Ints interface {
	Memory
	HoldsInts() // nothing but an Ints has it
}

// Bytes is read-only Memory of bytes: the pixels and labels of a data set.
type Bytes interface {
	Memory
	HoldsBytes() // nothing but a Bytes has it
}

package glyph

// Align is the grid on which arenas place their tensors, in elements: 256
// bytes, the coarsest storage-buffer offset alignment OpenGL allows, so that
// every tensor can be bound where it lies.
const Align = 64

// AlignUp rounds n up to a multiple of Align.
func AlignUp(n int) int { return (n + Align - 1) / Align * Align }

// Tensor is a view of a Buffer: Shape.Size() numbers from element Off on, in
// row-major order. It is a value. The zero Tensor stands for "not wanted"
// where an operation's documentation allows it.
type Tensor struct {
	Buf   Buffer
	Off   int
	Shape Shape
}

// NewTensor allocates a zeroed tensor in a buffer of its own.
func NewTensor(b Backend, shape Shape) Tensor {
	return Tensor{Buf: b.Alloc(shape.Size()), Shape: shape}
}

// IsZero reports whether t is the zero Tensor.
func (t Tensor) IsZero() bool { return t.Buf == nil }

// Size is the number of elements.
func (t Tensor) Size() int { return t.Shape.Size() }

// Reshape views the same elements under another shape of the same size; it
// panics on any other.
func (t Tensor) Reshape(s Shape) Tensor {
	if t.IsZero() {
		return t
	}
	if s.Size() != t.Size() || !s.valid() {
		panic("glyph: Reshape: " + t.Shape.String() + " to " + s.String())
	}
	t.Shape = s
	return t
}

// Head views the first n rows: a short batch in the buffer of a full one.
func (t Tensor) Head(n int) Tensor {
	if t.IsZero() {
		return t
	}
	if n < 1 || n > t.Shape[0] {
		panic("glyph: Head: more rows than " + t.Shape.String() + " has, or none")
	}
	t.Shape[0] = n
	return t
}

// Flat views the tensor as one dimension.
func (t Tensor) Flat() Tensor { return t.Reshape(Shape{t.Size()}) }

// overlaps reports whether t and o share an element.
func (t Tensor) overlaps(o Tensor) bool {
	return t.Buf != nil && t.Buf == o.Buf && t.Off < o.Off+o.Size() && o.Off < t.Off+t.Size()
}

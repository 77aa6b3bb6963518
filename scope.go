package glyph

// Scope is a Backend that computes on another and has memory of its own: Close
// frees what was allocated through the Scope and leaves the other backend open.
// So work that never frees anything, such as a training, can follow other
// work on the same device.
//
// It is a decorator: it implements every method of Device itself and passes
// operations through to the other backend.
type Scope struct {
	Operations
	device Device
	memory map[Memory]bool
	closed bool
	err    error // of Close
}

var _ Backend = (*Scope)(nil)

// NewScope makes a Scope on b.
func NewScope(b Backend) *Scope {
	return &Scope{Operations: b, device: b, memory: map[Memory]bool{}}
}

// Name is the other backend's.
func (s *Scope) Name() string { return s.device.Name() }

// Alloc makes a Buffer that Close frees.
func (s *Scope) Alloc(n int) Buffer {
	CheckOpen(s.closed)
	b := s.device.Alloc(n)
	s.memory[b] = true
	return b
}

// AllocInts makes an Ints that Close frees.
func (s *Scope) AllocInts(n int) Ints {
	CheckOpen(s.closed)
	i := s.device.AllocInts(n)
	s.memory[i] = true
	return i
}

// Upload makes a Bytes that Close frees.
func (s *Scope) Upload(src []byte) Bytes {
	CheckOpen(s.closed)
	b := s.device.Upload(src)
	s.memory[b] = true
	return b
}

// Free frees memory before Close does.
func (s *Scope) Free(memory ...Memory) {
	CheckOpen(s.closed)
	s.device.Free(memory...)
	for _, m := range memory {
		delete(s.memory, m)
	}
}

// Write copies from the host.
func (s *Scope) Write(dst Tensor, src []float32) {
	CheckOpen(s.closed)
	s.device.Write(dst, src)
}

// WriteInts copies from the host.
func (s *Scope) WriteInts(dst Ints, src []int32) {
	CheckOpen(s.closed)
	s.device.WriteInts(dst, src)
}

// Read waits and copies to the host.
func (s *Scope) Read(dst []float32, src Tensor) error {
	CheckOpen(s.closed)
	return s.device.Read(dst, src)
}

// ReadInts waits and copies to the host.
func (s *Scope) ReadInts(dst []int32, src Ints) error {
	CheckOpen(s.closed)
	return s.device.ReadInts(dst, src)
}

// Repeat does what n calls of step would.
func (s *Scope) Repeat(n int, step func()) {
	CheckOpen(s.closed)
	s.device.Repeat(n, step)
}

// Sync waits, and returns the first device error.
func (s *Scope) Sync() error {
	CheckOpen(s.closed)
	return s.device.Sync()
}

// Close waits and frees what was allocated through the Scope.
func (s *Scope) Close() error {
	if s.closed {
		return s.err
	}
	s.err = s.device.Sync()
	for m := range s.memory {
		s.device.Free(m)
	}
	s.closed, s.memory = true, nil
	return s.err
}

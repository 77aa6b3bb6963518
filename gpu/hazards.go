//go:build cgo

package gpu

const (
	barrierStorage = 0x2000 // GL_SHADER_STORAGE_BARRIER_BIT
	barrierUpdate  = 0x0200 // GL_BUFFER_UPDATE_BARRIER_BIT
)

// access is a kernel's use of the bytes lo to hi of a buffer.
type access struct {
	buf    *buffer
	lo, hi int64
	write  bool
}

// hazards are the accesses since the last barrier. Kernels between two barriers
// may run at the same time and see each other's writes or not.
type hazards struct {
	since   []access
	unknown bool
}

// conflict reports whether one of the accesses must not happen at the same time
// as one since the last barrier: both touch a byte, and one of them writes.
func (h *hazards) conflict(accesses []access) bool {
	if h.unknown {
		return true
	}
	for _, a := range accesses {
		for _, o := range h.since {
			if a.buf == o.buf && (a.write || o.write) && a.lo < o.hi && o.lo < a.hi {
				return true
			}
		}
	}
	return false
}

func (h *hazards) add(accesses []access) { h.since = append(h.since, accesses...) }

func (h *hazards) clear() { h.since, h.unknown = h.since[:0], false }

// restart makes the next command conflict: what the commands before it did is
// not known.
func (h *hazards) restart() { h.unknown = true }

//go:build unix

package kernels

import (
	"testing"
	"unsafe"

	"glyph/cpu/internal/guard"
)

// The guards do fault: a test without that would find nothing.
func TestGuards(t *testing.T) {
	for _, k := range For[float32]() {
		for _, atEnd := range []bool{false, true} {
			x := guard.Slice[float32](t, 64, atEnd)
			k.relu(&x[0], len(x))
			beyond := unsafe.Add(unsafe.Pointer(&x[0]), -4)
			if atEnd {
				beyond = unsafe.Pointer(&x[1])
			}
			if !guard.Faults(func() { k.relu((*float32)(beyond), len(x)) }) {
				t.Errorf("%s at end %v: reads beyond its array", k.Name, atEnd)
			}
		}
	}
}

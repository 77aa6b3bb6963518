package device

import (
	"glyph"
	"glyph/gpu"
)

// Dry is a GPU backend without a device, which keeps the programs that it is asked for.
type Dry interface {
	glyph.Backend
	// Programs are those asked for so far, in that order, as a driver gets them.
	Programs() ([]gpu.Program, error)
}

// OpenDry opens a backend that chooses programs as on a hardware GPU of a vendor, "Intel",
// or "" for any other, and runs nothing. It needs no OpenGL, but a build with cgo.
func OpenDry(vendor string) (Dry, error) {
	b, err := gpu.Open(gpu.Options{Dry: true, Device: vendor})
	if err != nil {
		return nil, err
	}
	return b, nil
}

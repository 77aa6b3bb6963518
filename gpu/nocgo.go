//go:build !cgo

package gpu

import (
	"errors"

	"glyph"
)

var errNoOpenGL = errors.New("this build has no OpenGL: it was built with CGO_ENABLED=0")

// Backend cannot be made in this build: Open says so.
type Backend struct{ glyph.Backend }

// Open returns the error that this build has no OpenGL.
func Open(Options) (*Backend, error) { return nil, errNoOpenGL }

// Devices returns the same error.
func Devices() ([]Device, error) { return nil, errNoOpenGL }

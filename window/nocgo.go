//go:build !cgo

package window

import (
	"errors"

	"glyph"
	"glyph/train"
)

// Window can't be made in this build: Open says so.
type Window struct{}

// Open returns the error that this build has no OpenGL.
func Open(glyph.Backend, Options) (*Window, error) {
	return nil, errors.New("this build has no OpenGL: it was built with CGO_ENABLED=0")
}

// Follow does nothing.
func (*Window) Follow(*train.Training) {}

// Notes is empty.
func (*Window) Notes() []string { return nil }

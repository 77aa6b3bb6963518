//go:build cgo && !linux

package gpu

import "errors"

func eglCandidates() ([]candidate, error) {
	return nil, errors.New("no EGL on this system: build with -tags glfw")
}

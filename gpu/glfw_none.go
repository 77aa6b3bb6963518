//go:build cgo && !glfw

package gpu

import "errors"

var errNoGLFW = errors.New("this build has no GLFW: build with -tags glfw")

// CanShow says why there can be no window, or nil: this build has none.
func CanShow() error { return errNoGLFW }

func glfwCandidates() ([]candidate, error) { return nil, errNoGLFW }

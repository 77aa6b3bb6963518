//go:build cgo && !glfw

package gpu

import "errors"

var errNoGLFW = errors.New("this build has no GLFW: build with -tags glfw")

func glfwCandidates() ([]candidate, error) { return nil, errNoGLFW }

//go:build cgo

package gpu

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unsafe"
)

// context is an OpenGL context, made by one of the window systems' libraries.
type context interface {
	// current makes the context the calling thread's.
	current() error
	// close destroys it.
	close()
	// proc is the address of an OpenGL function.
	proc(name string) unsafe.Pointer
}

// candidate is a way to get a context.
type candidate struct {
	name string // "EGL device 0"
	open func() (context, error)
}

// candidates lists the ways to get a context, and says why one is unavailable.
func candidates(which string) ([]candidate, error) {
	if which == "" {
		which = os.Getenv("GLYPH_CONTEXT")
	}
	var list []candidate
	var problems []error
	if which == "" || which == "egl" {
		c, err := eglCandidates()
		list = append(list, c...)
		problems = append(problems, err)
	}
	if which == "" || which == "glfw" {
		c, err := glfwCandidates()
		list = append(list, c...)
		if which != "" || err != errNoGLFW {
			problems = append(problems, err)
		}
	}
	if which != "" && which != "egl" && which != "glfw" {
		return nil, fmt.Errorf("unknown kind of context %q; known are egl, glfw", which)
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, oneLine(errors.Join(problems...))
}

// oneLine is err on one line.
func oneLine(err error) error {
	if err == nil || !strings.Contains(err.Error(), "\n") {
		return err
	}
	return errors.New(strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; "))
}

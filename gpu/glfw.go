//go:build cgo && glfw

package gpu

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"github.com/go-gl/glfw/v3.3/glfw"
)

var errNoGLFW error

// glfwMu serialises windows: GLFW asks that they be made one at a time.
var glfwMu sync.Mutex

// glfwContext is the context of a hidden window.
type glfwContext struct {
	window *glfw.Window
	keys   []Key // pressed since Keys
	w, h   int   // of the framebuffer

	exposed  bool // the window system wants all of the window to be shown again
	copyPart unsafe.Pointer
}

func glfwCandidates() ([]candidate, error) { return []candidate{{"GLFW", openGLFW}}, nil }

// CanShow says why there can be no window, or nil. A display that is named may still
// turn out not to be there, which Open reports.
func CanShow() error {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("GLFW: no display: DISPLAY and WAYLAND_DISPLAY are not set")
	}
	return nil
}

// openGLFW makes the window. GLFW's Go binding panics where there is no
// display; that becomes an error.
func openGLFW() (c context, err error) {
	if err := CanShow(); err != nil {
		return nil, err
	}
	glfwMu.Lock()
	defer glfwMu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			if c, err = nil, fmt.Errorf("GLFW: %v", r); strings.Contains(err.Error(), "NotInitialized") {
				err = fmt.Errorf("GLFW: the display %q can't be opened", cmp.Or(os.Getenv("WAYLAND_DISPLAY"), os.Getenv("DISPLAY")))
			}
		}
	}()
	if err := initGLFW(); err != nil {
		return nil, fmt.Errorf("GLFW: %w", err)
	}
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 4)
	glfw.WindowHint(glfw.ContextVersionMinor, 3)
	glfw.WindowHint(glfw.OpenGLProfile, glfw.OpenGLCoreProfile)
	glfw.WindowHint(glfw.ContextRobustness, glfw.LoseContextOnReset)
	window, err := glfw.CreateWindow(16, 16, "glyph", nil, nil)
	if err != nil { // once more without the notification of resets
		glfw.WindowHint(glfw.ContextRobustness, glfw.NoRobustness)
		window, err = glfw.CreateWindow(16, 16, "glyph", nil, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("GLFW: %w", err)
	}
	if window == nil {
		return nil, errors.New("made no window")
	}
	return &glfwContext{window: window}, nil
}

// initGLFW is glfw.Init, whose binding logs some errors besides returning others.
func initGLFW() error {
	to := log.Writer()
	log.SetOutput(io.Discard)
	defer log.SetOutput(to)
	return glfw.Init()
}

func (c *glfwContext) current() error {
	c.window.MakeContextCurrent()
	return nil
}

func (c *glfwContext) close() {
	glfwMu.Lock()
	defer glfwMu.Unlock()
	glfw.DetachCurrentContext()
	c.window.Destroy()
}

func (c *glfwContext) proc(name string) unsafe.Pointer { return glfw.GetProcAddress(name) }

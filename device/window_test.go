package device

import (
	"errors"
	"strings"
	"testing"

	"glyph/gpu"
)

// What a window lacks is one line that says what to do, and no window is ever replaced by
// the CPU.
func TestWindow(t *testing.T) {
	for text, want := range map[string]string{
		"this build has no GLFW: build with -tags glfw":                       "this build has no windows; build one that has with: go build -tags glfw ./cmd/glyph, or leave --window out",
		"gpu: this build has no OpenGL: it was built with CGO_ENABLED=0":      "this build has no OpenGL: it was built with CGO_ENABLED=0; build it with cgo and -tags glfw, or leave --window out",
		"GLFW: no display: DISPLAY and WAYLAND_DISPLAY are not set":           "GLFW: no display: DISPLAY and WAYLAND_DISPLAY are not set; start it on a desktop or through xvfb-run, or leave --window out",
		"gpu: no hardware GPU, only llvmpipe, a software renderer":            "no hardware GPU, only llvmpipe, a software renderer; --backend gpu takes that, or leave --window out",
		"gpu: no OpenGL 4.3 device: GLFW: the display \":7\" can't be opened": "no OpenGL 4.3 device: GLFW: the display \":7\" can't be opened; start it on a desktop or through xvfb-run, or leave --window out",
	} {
		if got := windowError(errors.New(text)).Error(); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, kind := range []string{CPU, Gonum} {
		err := Choice{Kind: kind, Window: true}.CheckWindow()
		if err == nil || !strings.Contains(err.Error(), "the backend is "+kind+"; choose --backend gpu") {
			t.Errorf("a window on %s: %v", kind, err)
		}
	}
	c := Choice{Kind: GPU, Window: true}
	if cannot := gpu.CanShow(); (c.CheckWindow() != nil) != (cannot != nil) {
		t.Errorf("there can be a window: %v, and the check says %v", cannot, c.CheckWindow())
	} else if cannot == nil {
		return // and Open would show one
	}
	if d, err := c.Open(); err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "--window: ") {
		t.Errorf("without a display: %s, %v", d.Kind, err)
	}
}

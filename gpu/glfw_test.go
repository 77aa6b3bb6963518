//go:build cgo && glfw

package gpu

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Without a display GLFW's binding panics; that has to become an error. GLFW
// is asked in a process of its own, as it can be started but once.
func TestGLFWWithoutDisplay(t *testing.T) {
	if os.Getenv("GLYPH_TEST_NO_DISPLAY") != "" {
		_, err := Open(Options{Context: "glfw"})
		wantError(t, err, "GLFW")
		return
	}
	c := exec.Command(os.Args[0], "-test.run=TestGLFWWithoutDisplay", "-test.v")
	c.Env = append(os.Environ(), "GLYPH_TEST_NO_DISPLAY=1", "DISPLAY=", "WAYLAND_DISPLAY=")
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS") {
		t.Errorf("%v: %s", err, out)
	}
}

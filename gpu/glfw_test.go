//go:build cgo && glfw

package gpu

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Without a display GLFW's binding panics, and logs; that has to become an error alone. GLFW
// is asked in a process of its own, as it can be started but once.
func TestGLFWWithoutDisplay(t *testing.T) {
	if os.Getenv("GLYPH_TEST_NO_DISPLAY") != "" {
		_, err := Open(Options{Context: "glfw"})
		wantError(t, err, "GLFW")
		return
	}
	for _, display := range []string{"", ":7391"} { // none, and one that is not there
		c := exec.Command(os.Args[0], "-test.run=TestGLFWWithoutDisplay", "-test.v")
		c.Env = append(os.Environ(), "GLYPH_TEST_NO_DISPLAY=1", "DISPLAY="+display, "WAYLAND_DISPLAY=")
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS") || strings.Contains(string(out), "PlatformError") {
			t.Errorf("display %q: %v: %s", display, err, out)
		}
	}
}

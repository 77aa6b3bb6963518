//go:build cgo && glfw

package gpu

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-gl/gl/v4.3-core/gl"
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

// A part that is not within the window is not shown: X would end the process.
func TestPartBeyondTheWindow(t *testing.T) {
	b := openWith(t, Options{Context: "glfw"})
	b.call(func() {
		c := b.ctx.(*glfwContext)
		c.Show("parts", 200, 100)
		w, h, _ := c.Size()
		c.Swap() // from then on there is a buffer of the new size
		gl.Clear(gl.COLOR_BUFFER_BIT)
		if can := c.copyPart != nil; c.Part(w-5, h-5, 5, 5) != can {
			t.Errorf("a part within the window is not shown, or it is shown, and the system can show parts: %t", can)
		}
		for _, part := range [][4]int{{-1, 0, 5, 5}, {0, -1, 5, 5}, {w - 5, 0, 6, 5}, {0, h - 5, 5, 6}, {0, 0, 0, 5}, {0, 0, 5, 0}} {
			if c.Part(part[0], part[1], part[2], part[3]) {
				t.Errorf("of %d×%d, %v is shown", w, h, part)
			}
		}
		c.Hide()
	})
}

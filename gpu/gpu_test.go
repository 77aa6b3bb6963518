//go:build cgo

package gpu

import (
	"os"
	"os/exec"
	"testing"

	"glyph/internal/needs"
)

// open makes a Backend for a test. Where there is no OpenGL the test skips with
// the reason; with GLYPH_REQUIRE_GPU=1 that is a failure.
func open(t testing.TB) *Backend {
	t.Helper()
	return openWith(t, Options{})
}

func openWith(t testing.TB, o Options) *Backend {
	t.Helper()
	b, err := Open(o)
	needs.GPU(t, err)
	t.Cleanup(func() {
		if err := b.Close(); err != nil && !t.Failed() {
			t.Error(err)
		}
	})
	return b
}

// cannot skips a test that this machine's OpenGL can't run. In CI that is a failure:
// there it can.
func cannot(t *testing.T, why string) {
	t.Helper()
	if env("CI") && env("GLYPH_REQUIRE_GPU") {
		t.Fatal(why)
	}
	t.Skip(why)
}

// inAnotherProcess runs tests of this package on the software OpenGL that the environment
// chooses, which is chosen once in a process.
func inAnotherProcess(t *testing.T, tests string, environment ...string) (string, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.v", "-test.short", "-test.run", tests)
	cmd.Env = append(os.Environ(), "LIBGL_ALWAYS_SOFTWARE=1", "GLYPH_CACHE=off", "GLYPH_REQUIRE_GPU=")
	cmd.Env = append(cmd.Env, environment...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestDevices(t *testing.T) {
	open(t)
	list, err := Devices()
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range list {
		t.Logf("%+v", d)
		if d.Index != i || d.Renderer == "" || d.Limits.StorageBlock == 0 {
			t.Errorf("device %d is %+v", i, d)
		}
	}
}

// Package needs skips a test for want of something that not every machine has, and fails
// it where that has to be there.
package needs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// GPU skips the test if there is an error, the reason why it can't have OpenGL.
// GLYPH_REQUIRE_GPU=1 makes that a failure.
func GPU(t testing.TB, err error) {
	t.Helper()
	missing(t, set("GLYPH_REQUIRE_GPU"), err)
}

// KMNIST is a directory with KMNIST's files, or some of its images: GLYPH_DATA, or
// shared/kmnist-7k beside the repository. Without one the test is skipped; in CI it fails.
func KMNIST(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("GLYPH_DATA")
	if dir == "" {
		dir = filepath.Join(root(t), "..", "shared", "kmnist-7k")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Log("GLYPH_DATA names a directory with KMNIST's files")
		missing(t, set("CI"), err)
	}
	return dir
}

// Browser is the path of Chromium. Without one the test is skipped; in CI it fails.
func Browser(t testing.TB) (path string) {
	t.Helper()
	var err error
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err = exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, set("CI"), err)
	return ""
}

// Program skips the test where a program is not installed; in CI it fails.
func Program(t testing.TB, name string) {
	t.Helper()
	_, err := exec.LookPath(name)
	missing(t, set("CI"), err)
}

// root is the directory of go.mod, above that of the test.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func missing(t testing.TB, required bool, err error) {
	t.Helper()
	switch {
	case err == nil:
	case required:
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}

// set reports whether an environment variable is set, and not to 0.
func set(name string) bool { v := os.Getenv(name); return v != "" && v != "0" }

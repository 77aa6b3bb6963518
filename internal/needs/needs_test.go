package needs

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// What is missing skips a test where it may be missing, and fails it where it may not;
// what is there does neither.
func TestMissing(t *testing.T) {
	none := t.TempDir()
	t.Setenv("GLYPH_DATA", filepath.Join(none, "none"))
	t.Setenv("PATH", none)
	gone := errors.New("no OpenGL")
	for name, c := range map[string]struct {
		variable string
		need     func(testing.TB)
	}{
		"GPU":     {"GLYPH_REQUIRE_GPU", func(t testing.TB) { GPU(t, gone) }},
		"KMNIST":  {"CI", func(t testing.TB) { KMNIST(t) }},
		"browser": {"CI", func(t testing.TB) { Browser(t) }},
	} {
		for value, want := range map[string]string{"": "skipped", "0": "skipped", "1": "failed"} {
			t.Setenv(c.variable, value)
			r := &recorder{TB: t}
			if c.need(r); r.was != want {
				t.Errorf("%s with %s=%q: %q, want %q", name, c.variable, value, r.was, want)
			}
		}
	}
	r := &recorder{TB: t}
	t.Setenv("GLYPH_DATA", none)
	if err := os.WriteFile(filepath.Join(none, "chromium"), nil, 0o777); err != nil {
		t.Fatal(err)
	}
	if GPU(r, nil); KMNIST(r) != none || Browser(r) == "" || r.was != "" {
		t.Errorf("what is there: %q", r.was)
	}
	t.Setenv("GLYPH_DATA", "")
	if _, err := os.Stat(filepath.Join(root(t), "imports_test.go")); err != nil {
		t.Error(err)
	}
}

// recorder is a test that notes how it would have ended.
type recorder struct {
	testing.TB
	was string
}

func (r *recorder) Skip(...any)  { r.was = "skipped" }
func (r *recorder) Fatal(...any) { r.was = "failed" }
func (r *recorder) Log(...any)   {}

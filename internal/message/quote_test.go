package message

import (
	"os/exec"
	"strings"
	"testing"

	"glyph/internal/needs"
)

func TestQuote(t *testing.T) {
	for s, want := range map[string]string{
		"runs/a b":    "runs/a b",
		"お":           "お",
		"":            `""`,
		"a\nb":        `"a\nb"`,
		"\x1b[2Jx":    `"\x1b[2Jx"`,
		"\xff":        `"\xff"`,
		"a\u202eb":    `"a\u202eb"`,
		"tab\t":       `"tab\t"`,
		`quote "me"`:  `quote "me"`,
		"back\\slash": "back\\slash",
	} {
		if got := Quote(s); got != want {
			t.Errorf("%q is printed as %s, want %s", s, got, want)
		}
	}
	if got, want := Lines("a\x1b\n\nb\n"), "\"a\\x1b\"\n\nb\n"; got != want {
		t.Errorf("lines: %q, want %q", got, want)
	}
}

func TestClip(t *testing.T) {
	for s, want := range map[string]string{
		"a b":                          `"a b"`,
		"a\n":                          `"a\n"`,
		strings.Repeat("x", 61):        `"` + strings.Repeat("x", 60) + `…"`,
		strings.Repeat("お", 100):       `"` + strings.Repeat("お", 20) + `…"`,
		"x" + strings.Repeat("お", 100): `"x` + strings.Repeat("お", 19) + `…"`,
	} {
		if got := Clip(s); got != want {
			t.Errorf("%q is clipped to %s, want %s", s, got, want)
		}
	}
}

// What Shell writes, a shell reads back, byte by byte.
func TestShell(t *testing.T) {
	needs.Program(t, "bash")
	for _, s := range []string{"plain", "", "a b", "it's", "$HOME", "`id`", "-x", "!a", "a\nb\x1b", "\xff\x80", `back\slash`, "お", "~", "*", "{a,b}", "#a", "a=b"} {
		out, err := exec.Command("bash", "-c", "printf %s "+Shell(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q became %s, which is read as %q (%v)", s, Shell(s), out, err)
		}
	}
	if got := Shell("glyph", "eval", "a b"); got != "glyph eval 'a b'" {
		t.Errorf("a command is %s", got)
	}
}

// A command that is printed for copying takes a path for a path, whatever it
// begins with.
func TestOperand(t *testing.T) {
	for path, want := range map[string]string{"-run": "./-run", "--help": "./--help", "runs/a-b": "runs/a-b", "": ""} {
		if got := Operand(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

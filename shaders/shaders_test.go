package shaders

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

var small = map[string]string{
	"k.comp":     "first\n#include \"t.glsl\" name=x vec=VEC_X\nlast\n",
	"t.glsl":     "buffer $name_block {\n#if $vec\n  vec4 $name[];\n#include \"inner.glsl\"\n#endif\n};\n",
	"inner.glsl": "inner\n",
	"self.comp":  "#include \"self.comp\"\n",
	"lost.comp":  "\n\n#include \"nowhere.glsl\"\n",
	"bare.comp":  "#include \"t.glsl\" name=x\n",
	"odd.comp":   "#include <t.glsl>\n",
}

func readSmall(name string) (string, error) {
	if text, ok := small[name]; ok {
		return text, nil
	}
	return "", fmt.Errorf("open %s: %w", name, fs.ErrNotExist)
}

func TestExpand(t *testing.T) {
	s, err := expand("k.comp", []Define{{"BM", 128}, {"VEC_X", 1}}, readSmall)
	if err != nil {
		t.Fatal(err)
	}
	want := Version + "\n#define BM 128\n#define VEC_X 1\nfirst\nbuffer x_block {\n#if VEC_X\n  vec4 x[];\ninner\n#endif\n};\nlast\n"
	if s.Text != want {
		t.Errorf("text is\n%s\nwant\n%s", s.Text, want)
	}
	if got, want := len(s.lines), strings.Count(s.Text, "\n"); got != want {
		t.Errorf("the table has %d lines, the text %d", got, want)
	}
}

func TestExpandErrorsNameTheLine(t *testing.T) {
	for name, want := range map[string]string{
		"self.comp":    "self.comp:1: self.comp includes itself",
		"lost.comp":    "lost.comp:3: open nowhere.glsl",
		"bare.comp":    "t.glsl:2: no value for #if $vec",
		"odd.comp":     "odd.comp:1: want #include",
		"missing.comp": "open missing.comp",
	} {
		_, err := expand(name, nil, readSmall)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", name, err, want)
		}
	}
}

// The logs are as the drivers write them, for an error in line 8 of the text,
// which is inner.glsl's only line, or in line 11, k.comp's last.
func TestTranslate(t *testing.T) {
	s, err := expand("k.comp", []Define{{"BM", 128}, {"VEC_X", 1}}, readSmall)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ driver, log, want string }{
		{"NVIDIA", "0(8) : error C1008: undefined variable \"x\"\n0(11) : error C0000: syntax error",
			"inner.glsl:1 : error C1008: undefined variable \"x\"\nk.comp:3 : error C0000: syntax error"},
		{"Mesa", "0:8(12): error: `x' undeclared\n", "inner.glsl:1:12: error: `x' undeclared\n"},
		{"AMD", "ERROR: 0:8: error(#143) Undeclared identifier: x\nERROR: error(#273) 1 compilation errors.  No code generated\n",
			"ERROR: inner.glsl:1: error(#143) Undeclared identifier: x\nERROR: error(#273) 1 compilation errors.  No code generated\n"},
		{"Intel", "ERROR: 0:11: 'x' : undeclared identifier \n", "ERROR: k.comp:3: 'x' : undeclared identifier \n"},
		{"defines", "0:2(9): warning: redefined", "defines:1:9: warning: redefined"},
		{"out of range", "0:99(1): error: unexpected end", "0:99(1): error: unexpected end"},
	} {
		if got := s.Translate(c.log); got != c.want {
			t.Errorf("%s: %q, want %q", c.driver, got, c.want)
		}
	}
}

// Every kernel of the package must expand, stay short, and say on its first
// line what it computes.
func TestKernelsExpand(t *testing.T) {
	names := Names()
	if len(names) < 10 {
		t.Fatalf("only %d kernels: %v", len(names), names)
	}
	for _, name := range names {
		s, err := Expand(name, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		text, _ := files.ReadFile(name)
		if !strings.HasPrefix(string(text), "// ") {
			t.Errorf("%s does not begin with a comment", name)
		}
		if n := strings.Count(string(text), "\n"); n > 100 {
			t.Errorf("%s has %d lines", name, n)
		}
		if strings.Contains(s.Text, "isnan(") {
			t.Errorf("%s uses isnan, which drivers may optimise away", name)
		}
	}
}

// No number of a binding or a location stands in a shader: Go gives them, as
// BINDING_x and UNIFORM_n.
func TestNoLiteralNumbers(t *testing.T) {
	literal := regexp.MustCompile(`(binding|location) ?= ?\d|base\[\d`)
	entries, err := files.ReadDir(".")
	if err != nil || len(entries) < 30 {
		t.Fatal(len(entries), err)
	}
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range literal.FindAllString(string(text), -1) {
			t.Errorf("%s: %s", e.Name(), found)
		}
	}
}

// eachLine calls found with every line of the shaders, without its comment. Left out are
// the arithmetic of a test, and a kernel whose results nobody reads.
func eachLine(t *testing.T, found func(file string, number int, code string)) {
	t.Helper()
	entries, err := files.ReadDir(".")
	if err != nil || len(entries) < 30 {
		t.Fatal(len(entries), err)
	}
	for _, e := range entries {
		if e.Name() == "peak.comp" || e.Name() == "perturb.glsl" {
			continue
		}
		text, err := files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			code, _, _ := strings.Cut(line, "//")
			found(e.Name(), i+1, code)
		}
	}
}

// Compilers may take numbers to be finite, so that a comparison with a literal, a maximum,
// isnan and isinf are decided by the functions of nan.glsl instead.
func TestFloatsAreDecidedByTheirBits(t *testing.T) {
	decides := regexp.MustCompile(`([<>]|[=!<>]=) *-?[0-9]+\.[0-9]|[0-9]\.[0-9]+ *([<>]|[=!<>]=)|\b(isnan|isinf|sign|step|smoothstep)\(|\b(max|min|clamp)\(.*[0-9]\.[0-9]`)
	eachLine(t, func(file string, number int, code string) {
		if decides.MatchString(code) && file != "movingaverage.comp" { // of the step alone
			t.Errorf("%s:%d: %s", file, number, code)
		}
	})
}

// What GLSL does not round exactly is divide, exp, log and sqrt, which perturb.glsl can make
// as rough as it may be. A mix of numbers is only a choice.
func TestRoughFunctionsCanBePerturbed(t *testing.T) {
	rough := regexp.MustCompile(`\b(pow|exp2|log2|inversesqrt|sin|cos|tan|asin|acos|atan|sinh|cosh|tanh|normalize|length|distance|mod|fract)\(|[0-9]\.[0-9]+ */|/ *(-?[0-9]+\.[0-9]|float\(|vec[234]\(|intBitsToFloat)|\bmix\(([^v]|vec4\([^0]|vec4\(0\), *[0-9.])`)
	eachLine(t, func(file string, number int, code string) {
		if strings.Contains(code, "(1.0 / 65536.0)") { // a constant, and exact
			return
		}
		if rough.MatchString(code) {
			t.Errorf("%s:%d: %s", file, number, code)
		}
	})
}

// Before it counts a part of what groups do together as done, the invocation that counts
// makes visible to the whole device what the others of its group have written.
func TestCountFollowsABarrier(t *testing.T) {
	counts := 0
	eachLine(t, func(file string, _ int, code string) { counts += strings.Count(code, "atomicAdd") })
	for _, file := range []string{"arrived.glsl", "clock_last.glsl"} {
		text, err := files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`(?m)== 0u\) \{\n\s*memoryBarrierBuffer\(\);.*\n\s*\w+ = atomicAdd`).Match(text) {
			t.Errorf("%s counts without memoryBarrierBuffer in the invocation that counts", file)
		}
	}
	if counts != 3 { // and confusion.comp, where nobody waits for another
		t.Errorf("the shaders have %d atomic additions, of which 3 are looked at", counts)
	}
}

// Bytes of a data set are numbered without a sign, up to 4 GiB of them: where images
// is indexed, by at, that is a uint.
func TestBytesAreNumberedWithoutSign(t *testing.T) {
	unsigned := regexp.MustCompile(`^images\[(at|\(at \+ uint\(j\)\)) >> 2\]|^images\[\]`)
	for _, name := range []string{"batch.comp", "augment.comp", "batch.glsl"} {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, index := range regexp.MustCompile(`images\[.*?\]`).FindAllString(string(text), -1) {
			if !unsigned.MatchString(index) {
				t.Errorf("%s: %s", name, index)
			}
		}
		for _, declared := range regexp.MustCompile(`\w+ (at|begin)( =|,)`).FindAllString(string(text), -1) {
			if !strings.HasPrefix(declared, "uint ") {
				t.Errorf("%s: %s", name, declared)
			}
		}
	}
}

// In every kernel all uniforms are hidden but base, on which no branch depends; the lines
// of a log are what they were, and with them the files.
func TestHideUniforms(t *testing.T) {
	s := &Source{Text: "a\nlayout(location = UNIFORM_n) uniform int n; // how many\nint m;\n"}
	s.HideUniforms()
	if want := "a\nlayout(location = UNIFORM_n) uniform int given_n; int n = given_n + int(gl_WorkGroupID.y); // how many\nint m;\n"; s.Text != want {
		t.Errorf("text is\n%s\nwant\n%s", s.Text, want)
	}
	seen := regexp.MustCompile(`\buniform (?:int|uint|float|bool|[iub]?vec\d) (\w+)`)
	for _, name := range Names() {
		s, err := Expand(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		lines, uniforms := strings.Count(s.Text, "\n"), len(seen.FindAllString(s.Text, -1))
		s.HideUniforms()
		if n := strings.Count(s.Text, "\n"); n != lines {
			t.Errorf("%s has %d lines with hidden uniforms, %d without", name, n, lines)
		}
		found := seen.FindAllStringSubmatch(s.Text, -1)
		if len(found) != uniforms || uniforms < 2 {
			t.Errorf("%s has %d uniforms with hidden ones, %d without", name, len(found), uniforms)
		}
		for _, m := range found {
			if m[1] != "base" && !strings.HasPrefix(m[1], "given_") {
				t.Errorf("%s: uniform %s is not hidden", name, m[1])
			}
		}
	}
}

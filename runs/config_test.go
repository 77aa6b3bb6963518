package runs

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// hostile are values that a careless writer or reader changes.
var hostile = []any{
	true, false,
	int64(0), int64(math.MaxInt64), int64(math.MinInt64), int64(-1),
	uint64(0), uint64(math.MaxInt64), uint64(math.MaxInt64) + 1, uint64(math.MaxUint64),
	0.0, math.Copysign(0, -1), 1.0, 0.1, 1.0 / 3, math.MaxFloat64, math.SmallestNonzeroFloat64, -math.MaxFloat64,
	1e21, 123456789012345680000.0, 1e-7, math.Nextafter(1, 2), math.Inf(1), math.Inf(-1),
	"", "kmnist", `"`, `'`, `\`, "\"\"\"", "'''", "a\nb", "a\r\nb", "\x00", "\x1b[31mx", "\a\b\f\v", "\x7f", "\u0085\u2028\u202e", "お\U0001F600",
	"# no comment", "a = b", " ", "[x]", "1", "true", `c:\new\table`, strings.Repeat("x", 4096),
	[]int64{256}, []int64{math.MinInt64, math.MaxInt64}, []float64{0, math.SmallestNonzeroFloat64, 1.0 / 3, 1e22},
}

// plain is a value as ParseConfig gives it.
func plain(v any) any {
	switch v := v.(type) {
	case uint64:
		if v > math.MaxInt64 {
			return strconv.FormatUint(v, 10)
		}
		return int64(v)
	case []int64:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	case []float64:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	return v
}

// same compares to the bit: -0 is not 0.
func same(a, b any) bool {
	x, ok := a.(float64)
	y, also := b.(float64)
	if ok && also {
		return math.Float64bits(x) == math.Float64bits(y)
	}
	return reflect.DeepEqual(a, b)
}

func TestConfigRoundTrip(t *testing.T) {
	var all []ConfigEntry
	for i, v := range hostile {
		all = append(all, ConfigEntry{"key-" + strconv.Itoa(i), v})
	}
	text, err := FormatConfig(all)
	if err != nil {
		t.Fatal(err)
	}
	var strict map[string]any // without the forms that ParseConfig reads besides
	if _, err := toml.Decode(string(text), &strict); err != nil {
		t.Errorf("not TOML: %v", err)
	}
	got, err := ParseConfig(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(got) != len(all) {
		t.Errorf("%d keys of %d", len(got), len(all))
	}
	for _, e := range all {
		if want := plain(e.Value); !same(got[e.Name], want) {
			t.Errorf("%#v came back as %#v", want, got[e.Name])
		}
	}
	if _, err := FormatConfig([]ConfigEntry{{"data", "a\xffb"}}); err == nil || !strings.Contains(err.Error(), "data is \"a\\xffb\"") {
		t.Errorf("bytes that are no text: %v", err)
	}
}

// Configs that older versions wrote read back, although they are not TOML.
func TestOldConfigs(t *testing.T) {
	const rest = "model = \"mlp\"\nhidden = [32, 16]\nlr = 1e-05\nl2 = 0.001\naugment = false\nbatch = 64\ncheckpoint = \"5m0s\"\n"
	for _, c := range []struct {
		line string
		want any
	}{
		{"seed = 18446744073709551615", "18446744073709551615"},
		{"seed = 9223372036854775808", "9223372036854775808"},
		{`data = "data\a\x1b[31mx"`, "data\a\x1b[31mx"},
		{`data = "a\vb\x7f"`, "a\vb\x7f"},
	} {
		got, err := ParseConfig([]byte(configHeader + rest + c.line + "\n"))
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		name, _, _ := strings.Cut(c.line, " ")
		if got[name] != c.want || got["lr"] != 1e-5 || got["augment"] != false || got["batch"] != int64(64) || !reflect.DeepEqual(got["hidden"], []any{int64(32), int64(16)}) {
			t.Errorf("%s: %#v", c.line, got)
		}
	}
	for _, text := range []string{
		"seed = 18446744073709551615\n",                             // not one of ours
		configHeader + "seed = 18446744073709551615\nseed = 1\n",    // twice
		configHeader + "seed = 18446744073709551616\n",              // above every seed
		configHeader + "data = \"\\a\"\nmodel = mlp\n",              // not a value
		configHeader + "data = \"\\a\"\n[table]\nmodel = \"mlp\"\n", // never written
	} {
		if got, err := ParseConfig([]byte(text)); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// Texts that would overflow the parser's stack or take gigabytes are refused at
// once.
func TestConfigLimits(t *testing.T) {
	for name, text := range map[string]string{
		"dotted key":         strings.Repeat("a.", 300_000) + "a = 1\n",
		"short dotted key":   strings.Repeat("a.", 20_000) + "a = 1\n",
		"inline tables":      "x = " + strings.Repeat("{a=", 200_000) + "1" + strings.Repeat("}", 200_000) + "\n",
		"few inline tables":  "x = " + strings.Repeat("{a=", 9_000) + "1" + strings.Repeat("}", 9_000) + "\n",
		"arrays":             "x = " + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000),
		"after a string":     "a = \"\\\"]\"\nb = ']'\nc = '''\n'''\nx = " + strings.Repeat("[", 30_000),
		"in a broken string": "a = \"\nx = " + strings.Repeat("[", 30_000),
		"large":              "a = \"" + strings.Repeat("x", MaxConfig) + "\"",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := ParseConfig([]byte(text))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 50<<20 {
			t.Errorf("%s: took %d MB, %v", name, used>>20, took)
		}
	}
	// What looks nested and is not.
	for _, text := range []string{
		"data = \"" + strings.Repeat("../", 1300) + "\"", "data = '" + strings.Repeat("[", 5000) + "'",
		"# " + strings.Repeat("{", 5000) + "\nlr = 1", "data = \"\"\"" + strings.Repeat("[\"\n", 500) + "\"\"\"",
		"dropout = [" + strings.Repeat("0.25, ", 100) + "]",
	} {
		if _, err := ParseConfig([]byte(text)); err != nil {
			t.Errorf("%.40q…: %v", text, err)
		}
	}
	endless := filepath.Join(t.TempDir(), "config.toml")
	if err := os.Symlink("/dev/zero", endless); err != nil {
		t.Skip(err)
	}
	if _, err := ReadConfig(endless); err == nil || !strings.Contains(err.Error(), "65,536 bytes") {
		t.Errorf("an endless file: %v", err)
	}
}

// FuzzParseConfig: whatever the text, there is a result or an error in one line
// that a terminal shows as it is; and what reads is written back to the same.
func FuzzParseConfig(f *testing.F) {
	for _, text := range []string{
		"", "lr = 0.1\n", "hidden = [256, 128]\n", configHeader + "seed = 18446744073709551615\n", configHeader + "data = \"\\a\\x1b\"\n",
		"[a]\nb = 1", "a.b.c = 1", "x = {a={a=1}}", "a = '''\n", "a = \"\x1b\"", "t = 1979-05-27T07:32:00Z", "\xff", "a = 0x10\nb = +inf\nc = nan\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		values, err := ParseConfig(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") || !utf8.ValidString(err.Error()) {
				t.Errorf("not a line: %q", err)
			}
			return
		}
		var entries []ConfigEntry
		for name, v := range values {
			switch v.(type) {
			case string, bool, int64, float64:
				entries = append(entries, ConfigEntry{name, v})
			}
		}
		written, err := FormatConfig(entries)
		if err != nil {
			t.Fatal(err)
		}
		if len(written) > MaxConfig {
			return
		}
		again, err := ParseConfig(written)
		if err != nil {
			t.Fatalf("%v in\n%s", err, written)
		}
		for _, e := range entries {
			if x, ok := e.Value.(float64); ok && math.IsNaN(x) {
				continue
			}
			if !same(again[e.Name], e.Value) {
				t.Errorf("%#v came back as %#v", e.Value, again[e.Name])
			}
		}
	})
}

package flags

import (
	"fmt"
	"glyph/runs"
	"glyph/settings"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newTrain is a command with the flags of glyph train.
func newTrain() *cobra.Command {
	var f Train
	cmd := &cobra.Command{}
	f.Add(cmd.Flags())
	AddConfig(cmd)
	return cmd
}

// hostileTexts are values of a flag's type that are hard to write down.
func hostileTexts(kind string) []string {
	floats := []string{"0", "-0", "1", "0.1", "0.30000000000000004", "3.3333333333333333e-1", "5e-324", "-1.7976931348623157e308", "1e21", "123456789012345678901", "1e-7", "inf", "-Inf", "16777217"}
	switch kind {
	case "bool":
		return []string{"true", "false"}
	case "int":
		return []string{"0", "1", strconv.Itoa(math.MaxInt), strconv.Itoa(math.MinInt), "0x10", "-5"}
	case "uint64":
		return []string{"0", "9223372036854775807", "9223372036854775808", "18446744073709551615"}
	case "float64":
		return floats
	case "duration":
		return []string{"0s", "1ns", "2562047h47m16.854775807s", "-2562047h47m16.854775808s", "1.000000001s", "5m"}
	case "intSlice":
		return []string{"256", "256,128", strconv.Itoa(math.MaxInt) + "," + strconv.Itoa(math.MinInt)}
	case "float64Slice":
		return []string{"0.1", strings.Join(floats, ",")}
	}
	return []string{"kmnist", "./kmnist", "a b", `"`, `'`, `\`, `\n`, "\"\"\"", "'''", "a\nb", "\r\n", "\x00", "\x1b[31mx", "\a\b\f\v\x7f", "\u0085\u2028\u202e", "お\U0001F600",
		"# no comment", "a = b", " ", "[x]", "1", "true", "1979-05-27", strings.Repeat("x", 4096), "{}", ",", "a,b"}
}

// bits is a flag's value without the rounding of a print.
func bits(f *pflag.Flag) string {
	if v, ok := f.Value.(*singleValue); ok {
		return fmt.Sprint(math.Float64bits(v.given), math.Float32bits(*v.to))
	}
	if v, ok := f.Value.(*floatsValue); ok {
		var list []uint64
		for _, x := range *v.to {
			list = append(list, math.Float64bits(x))
		}
		return fmt.Sprint(list)
	}
	value, err := configValue(f.Value.Type(), f.Value.String())
	if x, ok := value.(float64); ok {
		value = math.Float64bits(x)
	}
	return fmt.Sprintf("%#v %v", value, err)
}

// Every value of every flag of glyph train comes back from the config that it
// was written into, bit for bit, or is refused before anything is trained.
func TestEveryFlagComesBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), runs.ConfigFile)
	seen := 0
	newTrain().Flags().VisitAll(func(f *pflag.Flag) {
		if slices.Contains(notInConfig, f.Name) {
			return
		}
		seen++
		for _, text := range hostileTexts(f.Value.Type()) {
			wrote, read := newTrain(), newTrain()
			if err := wrote.Flags().Set(f.Name, text); err != nil {
				t.Errorf("--%s=%q: %v", f.Name, text, err)
				continue
			}
			if err := Recordable(wrote.Flags()); err != nil {
				t.Errorf("--%s=%q: %v", f.Name, text, err)
				continue
			}
			config, err := Config(wrote.Flags(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, config, 0o666); err != nil {
				t.Fatal(err)
			}
			read.Flags().Set("config", file)
			if err := ReadConfig(read); err != nil {
				t.Errorf("--%s=%q: %v in\n%s", f.Name, text, err, config)
				continue
			}
			wrote.Flags().VisitAll(func(w *pflag.Flag) {
				if r := read.Flags().Lookup(w.Name); w.Name != "config" && bits(r) != bits(w) {
					t.Errorf("--%s=%q: --%s came back as %s, not %s, from\n%s", f.Name, text, w.Name, bits(r), bits(w), config)
				}
			})
		}
		if f.Value.Type() != "string" {
			return
		}
		cmd := newTrain()
		cmd.Flags().Set(f.Name, "a\xffb")
		if err := Recordable(cmd.Flags()); err == nil || !strings.Contains(err.Error(), "--"+f.Name+" ") {
			t.Errorf("--%s of bytes that are not text: %v", f.Name, err)
		}
	})
	if seen < len(settings.All()) {
		t.Errorf("only %d flags", seen)
	}
}

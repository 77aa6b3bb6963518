package glyph_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows lists which packages of this module each package may import, tests
// aside. A package without an entry fails: a new package needs a rule.
var arrows = map[string][]string{
	"glyph":                      {"glyph/internal/affine", "glyph/internal/message"},
	"glyph/internal/affine":      {},
	"glyph/internal/message":     {},
	"glyph/internal/atomicfile":  {"glyph/internal/message"},
	"glyph/internal/filelock":    {},
	"glyph/internal/needs":       {},                                               // imports testing
	"glyph/internal/browser":     {"glyph/internal/local", "glyph/internal/needs"}, // imports testing
	"glyph/internal/version":     {},
	"glyph/internal/filetype":    {},
	"glyph/internal/local":       {"glyph/internal/message"},
	"glyph/cpu":                  {"glyph", "glyph/cpu/internal/kernels", "glyph/internal/message"},
	"glyph/cpu/internal/kernels": {"glyph"},
	"glyph/cpu/internal/guard":   {},
	"glyph/bench/products":       {"glyph/cpu"},
	"glyph/bench/isa":            {},
	"glyph/gpu":                  {"glyph", "glyph/shaders"},
	"glyph/shaders":              {},
	"glyph/models":               {"glyph", "glyph/internal/message"},
	"glyph/train":                {"glyph", "glyph/models", "glyph/internal/message"},
	"glyph/settings":             {"glyph", "glyph/internal/message", "glyph/kmnist", "glyph/models", "glyph/train"},
	"glyph/study":                {"glyph/internal/version", "glyph", "glyph/kmnist", "glyph/models", "glyph/settings", "glyph/train", "glyph/study/space", "glyph/runs/plots", "glyph/internal/atomicfile", "glyph/internal/filelock", "glyph/internal/message", "glyph/internal/filetype"},
	"glyph/study/space":          {"glyph/settings", "glyph/internal/message"},
	"glyph/kmnist":               {"glyph/internal/atomicfile", "glyph/internal/message", "glyph/internal/filetype", "glyph/recognise/ink"},
	"glyph/study/file":           {"glyph/study", "glyph/study/space", "glyph/settings", "glyph/models", "glyph/internal/message", "glyph/internal/filetype"},
	"glyph/runs":                 {"glyph/runs/tensorboard", "glyph/settings", "glyph", "glyph/kmnist", "glyph/internal/message", "glyph/models", "glyph/exchange/safetensors", "glyph/train", "glyph/internal/atomicfile", "glyph/internal/filelock", "glyph/internal/filetype"},
	"glyph/runs/training":        {"glyph/device", "glyph/internal/message", "glyph/kmnist", "glyph/models", "glyph/runs", "glyph/runs/tensorboard", "glyph/settings", "glyph/train", "glyph"},
	"glyph/runs/convert":         {"glyph/train", "glyph/cpu", "glyph/exchange/onnx", "glyph/exchange/pytorch", "glyph/exchange/safetensors", "glyph/internal/message", "glyph/kmnist", "glyph/models", "glyph/runs"},
	"glyph/runs/report":          {"glyph/internal/message", "glyph/train"},
	"glyph/runs/review":          {"glyph/internal/version", "glyph", "glyph/train", "glyph/kmnist", "glyph/models", "glyph/runs", "glyph/runs/plots", "glyph/runs/report", "glyph/runs/tensorboard", "glyph/internal/atomicfile", "glyph/internal/message"},
	"glyph/runs/board":           {"glyph/runs", "glyph/runs/review", "glyph/runs/report", "glyph/runs/plots", "glyph/settings", "glyph/study", "glyph/kmnist", "glyph/internal/atomicfile", "glyph/internal/filelock", "glyph/internal/local", "glyph/internal/message"},
	"glyph/runs/plots":           {"glyph/internal/atomicfile", "glyph/internal/message"},
	"glyph/runs/tensorboard":     {},
	"glyph/exchange/onnx":        {"glyph", "glyph/models", "glyph/internal/message", "glyph/internal/filetype"},
	"glyph/exchange/pytorch":     {"glyph", "glyph/models", "glyph/exchange/safetensors", "glyph/internal/atomicfile", "glyph/internal/message", "glyph/internal/filetype"},
	"glyph/exchange/safetensors": {"glyph/models", "glyph/internal/atomicfile", "glyph/internal/message", "glyph/internal/filetype"},
	"glyph/recognise":            {"glyph/internal/message", "glyph/recognise/ink", "glyph/kmnist", "glyph/models"},
	"glyph/recognise/ink":        {"glyph/internal/filetype", "glyph/internal/message"},
	"glyph/recognise/page":       {"glyph/models", "glyph/recognise", "glyph/recognise/ink", "glyph/internal/local"},
	"glyph/backendtest":          {"glyph", "glyph/models"},
	"glyph/backendtest/suite":    {"glyph", "glyph/backendtest"}, // imports testing
	"glyph/backendtest/compare":  {"glyph", "glyph/backendtest", "glyph/models", "glyph/train"},
	"glyph/backendtest/timing":   {"glyph", "glyph/backendtest", "glyph/internal/message", "glyph/kmnist", "glyph/models", "glyph/train"},
	"glyph/cmd/glyph": {
		"glyph", "glyph/device", "glyph/cpu", "glyph/models", "glyph/train", "glyph/settings", "glyph/study", "glyph/study/file", "glyph/study/space", "glyph/kmnist", "glyph/backendtest", "glyph/backendtest/compare", "glyph/backendtest/timing",
		"glyph/runs", "glyph/runs/convert", "glyph/runs/training", "glyph/runs/review", "glyph/runs/plots", "glyph/runs/tensorboard", "glyph/exchange/onnx", "glyph/exchange/pytorch", "glyph/exchange/safetensors",
		"glyph/recognise", "glyph/recognise/ink", "glyph/recognise/page", "glyph/runs/board", "glyph/window", "glyph/internal/atomicfile", "glyph/internal/version", "glyph/internal/local", "glyph/internal/message",
		"glyph/cmd/glyph/internal/flags", "glyph/cmd/glyph/internal/interrupt", "glyph/cmd/glyph/internal/progress", "glyph/cmd/glyph/internal/terminal", "glyph/cmd/glyph/internal/usage",
	},
	"glyph/cmd/glyph/internal/flags":     {"glyph/cmd/glyph/internal/usage", "glyph/kmnist", "glyph/runs/training", "glyph", "glyph/device", "glyph/models", "glyph/runs", "glyph/settings", "glyph/study/space", "glyph/internal/message"},
	"glyph/cmd/glyph/internal/interrupt": {},
	"glyph/cmd/glyph/internal/progress":  {"glyph/runs", "glyph/study", "glyph/train", "glyph/internal/message", "glyph/cmd/glyph/internal/terminal"},
	"glyph/cmd/glyph/internal/terminal":  {"glyph/train", "glyph/kmnist", "glyph/internal/message"},
	"glyph/cmd/glyph/internal/usage":     {"glyph/internal/message", "glyph/cmd/glyph/internal/terminal"},
	"glyph/window":                       {"glyph", "glyph/gpu", "glyph/internal/message", "glyph/models", "glyph/train"},
	"glyph/device":                       {"glyph", "glyph/cpu", "glyph/gpu", "glyph/internal/message"},
}

// outside lists which other modules a package may use.
var outside = map[string][]string{
	"glyph/cpu":                  {"gonum.org/v1/gonum"},
	"glyph/cpu/internal/kernels": {"golang.org/x/sys/cpu"},
	"glyph/bench/products":       {"gonum.org/v1/gonum"},
	"glyph/gpu":                  {"github.com/go-gl/"},
	"glyph/internal/browser":     {"github.com/chromedp/"},
	"glyph/window":               {"github.com/go-gl/gl/", "golang.org/x/image/"},
	"glyph/runs/plots":           {"gonum.org/v1/plot"},
	"glyph/recognise/ink":        {"golang.org/x/image/", "github.com/bep/imagemeta"},
	"glyph/runs":                 {"github.com/BurntSushi/toml"},
	"glyph/runs/tensorboard":     {"google.golang.org/protobuf/encoding/protowire"},
	"glyph/study":                {"gonum.org/v1/gonum/stat"},
	"glyph/study/file":           {"github.com/pelletier/go-toml/v2"},
	"glyph/exchange/onnx":        {"google.golang.org/protobuf/encoding/protowire"},
	"glyph/cmd/glyph":            {"github.com/spf13/"},

	"glyph/cmd/glyph/internal/flags":    {"github.com/spf13/"},
	"glyph/cmd/glyph/internal/progress": {"golang.org/x/term"},
	"glyph/cmd/glyph/internal/usage":    {"github.com/spf13/"},
	"glyph/cmd/glyph/internal/terminal": {"github.com/schollz/progressbar", "golang.org/x/term", "github.com/rivo/uniseg"},
}

// modules are directories with a go.mod of their own, whose requirements the
// program does not have.
var modules = []string{"cpu/internal/kernels/gen"}

func TestImports(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != "." {
			if !slices.Contains(modules, filepath.ToSlash(path)) {
				t.Errorf("%s is a module of its own, and has no rule in imports_test.go", path)
			}
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		seen++
		for _, complaint := range complaints(t, path) {
			t.Error(complaint)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("saw only %d files", seen)
	}
}

// The program does not link package testing, which would give it its flags and
// its weight: what needs that is in backendtest/suite.
func TestProgramDoesNotLinkTesting(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./cmd/glyph").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "glyph/backendtest") {
		t.Error("the program is without package backendtest, or go list says something else")
	}
	for _, dep := range deps {
		if dep == "testing" || strings.HasPrefix(dep, "testing/") {
			t.Errorf("the program links %s", dep)
		}
	}
}

// complaints are the imports of a file that no rule allows.
func complaints(t *testing.T, path string) (bad []string) {
	pkg := "glyph"
	if dir := filepath.ToSlash(filepath.Dir(path)); dir != "." {
		pkg += "/" + dir
	}
	allowed, ruled := arrows[pkg]
	if !ruled {
		return []string{path + ": package " + pkg + " has no rule in imports_test.go"}
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		first, _, _ := strings.Cut(name, "/")
		switch {
		case first == "glyph":
			if !slices.Contains(allowed, name) {
				bad = append(bad, path+": "+pkg+" must not import "+name)
			}
		case strings.Contains(first, "."):
			if !slices.ContainsFunc(outside[pkg], func(p string) bool { return strings.HasPrefix(name, p) }) {
				bad = append(bad, path+": "+pkg+" must not use "+name)
			}
		}
	}
	return bad
}

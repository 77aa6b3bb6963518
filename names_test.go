package glyph_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"glyph"
)

// An operation has one base name in every package, so that ls conv2d* */conv2d*
// shows the whole of it: the contract's check, both backends, the shaders, the
// specification.
func TestOperationsHaveOneName(t *testing.T) {
	checks, cpu, gpu := functions(t, "."), functions(t, "cpu"), functions(t, "gpu")
	for m := range reflect.TypeFor[glyph.Operations]().Methods() {
		base := checks["Check"+m.Name]
		if base == "" {
			t.Errorf("no Check%s", m.Name)
			continue
		}
		for where, got := range map[string]string{"cpu": cpu[m.Name], "gpu": gpu[m.Name]} {
			if got != base {
				t.Errorf("%s is in %s.go here and in %q in %s", m.Name, base, got, where)
			}
		}
		for _, file := range []string{"shaders/" + base + ".comp", "backendtest/" + base + ".go"} {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
		}
	}
}

// functions is the base name of the file of each function and method of Backend.
func functions(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		base := strings.TrimSuffix(filepath.Base(name), ".go")
		if strings.HasSuffix(base, "_test") || base == "nocgo" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && (f.Recv == nil || ofBackend(f)) {
				found[f.Name.Name] = base
			}
		}
	}
	return found
}

func ofBackend(f *ast.FuncDecl) bool {
	of := f.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if generic, ok := of.(*ast.IndexExpr); ok {
		of = generic.X
	}
	name, ok := of.(*ast.Ident)
	return ok && name.Name == "Backend"
}

package glyph_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// No error or message begins with the name of the Go package that made it: a user who
// gave a wrong path to --data has not heard of package kmnist. gpu is also what users
// call a backend, and says which of two an error is of. A panic is for programmers.
func TestMessagesDoNotBeginWithPackages(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || e.IsDir() && path != "." && strings.HasPrefix(e.Name(), "."):
			return cmpDir(err)
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil || file.Name.Name == "gpu" {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "panic" {
				return false
			}
			if len(call.Args) > 0 {
				if text := firstWords(call.Args[0]); text != "" {
					if seen++; strings.HasPrefix(text, file.Name.Name+": ") {
						t.Errorf("%s: a message begins with the name of its package: %q", files.Position(call.Pos()), text)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 1000 {
		t.Errorf("%v, found only %d texts", err, seen)
	}
}

// cmpDir leaves a folder out unless there is an error.
func cmpDir(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// firstWords is the string that an expression begins with, if it is a literal.
func firstWords(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return firstWords(e.X)
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); e.Kind == token.STRING && err == nil {
			return text
		}
	}
	return ""
}

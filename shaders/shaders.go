// Package shaders holds the compute shaders of Glyph and prepares their text:
// it puts #version and #define lines in front, expands #include, and turns the
// line numbers of a driver's log back into file and line. It knows no OpenGL.
//
// # Files
//
// A file x.comp is one kernel: a sentence with the formula, the bindings in the
// order of the Go arguments (results first), uniforms, code. A file x.glsl is
// included by kernels. Every kernel begins with
//
//	#include "kernel.glsl"
//
// which declares the uniforms that all have. Names that are written in capitals
// are #defines given by the caller. BINDING_x says where operand x is bound and
// UNIFORM_n where uniform n is: no such number stands in a file.
//
// # Include
//
//	#include "tensor_in.glsl" name=x vec=VEC_X
//
// puts the text of tensor_in.glsl there with x for $name and VEC_X for $vec: GLSL has no
// token pasting, and a template such as gemm.glsl stands in a kernel twice under two names.
package shaders

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.comp *.glsl
var files embed.FS

// Version is the first line of every shader.
const Version = "#version 430 core"

// Define is one #define in front of a kernel.
type Define struct {
	Name  string
	Value int
}

// Source is the text of a kernel, ready for the driver.
type Source struct {
	Name string // the file of the kernel, "dense.comp"
	Text string

	lines []position // of every line of Text
}

type position struct {
	file string
	line int
}

// Names lists the kernels.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the files are part of the binary
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".comp") {
			names = append(names, e.Name())
		}
	}
	return names
}

// Hash is the SHA-256 of all shaders, which tells versions of them apart.
func Hash() string { return hash() }

var hash = sync.OnceValue(func() string {
	sum := sha256.New()
	entries, err := files.ReadDir(".")
	for _, e := range entries {
		text, readErr := files.ReadFile(e.Name())
		if err = errors.Join(err, readErr); err != nil {
			panic(err) // the files are part of the binary
		}
		fmt.Fprintf(sum, "%s %d\n%s", e.Name(), len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil))
})

// Expand makes the text of the kernel in file name under the defines.
func Expand(name string, defines []Define) (*Source, error) {
	return expand(name, defines, func(file string) (string, error) {
		text, err := files.ReadFile(file)
		return string(text), err
	})
}

func expand(name string, defines []Define, read func(string) (string, error)) (*Source, error) {
	e := expander{read: read}
	e.add(Version, position{"version", 1})
	for i, d := range defines {
		e.add("#define "+d.Name+" "+strconv.Itoa(d.Value), position{"defines", i + 1})
	}
	if err := e.file(name, nil); err != nil {
		return nil, fmt.Errorf("shader %s: %w", name, err)
	}
	return &Source{Name: name, Text: e.text.String(), lines: e.lines}, nil
}

// HideUniforms declares every uniform int x of the text under another name, and x as a
// variable that begins as the uniform's value. No compiler can tell that it is just that:
// what is added is 0, since work groups lie along x, but isn't known to be. So no driver
// can compile the value of a uniform that steers a loop or a branch into a program.
func (s *Source) HideUniforms() {
	s.Text = uniformLine.ReplaceAllString(s.Text, "layout(location = $1) uniform int given_$2; int $2 = given_$2 + int(gl_WorkGroupID.y);")
}

var uniformLine = regexp.MustCompile(`(?m)^layout\(location = (\w+)\) uniform int (\w+);`)

type expander struct {
	read  func(string) (string, error)
	text  strings.Builder
	lines []position
	open  []string // files that are being expanded, outermost first
}

func (e *expander) add(line string, at position) {
	e.text.WriteString(line)
	e.text.WriteByte('\n')
	e.lines = append(e.lines, at)
}

// file adds the lines of a file; arguments are pairs for a strings.Replacer.
func (e *expander) file(name string, arguments []string) error {
	if slices.Contains(e.open, name) {
		return fmt.Errorf("%s includes itself", name)
	}
	text, err := e.read(name)
	if err != nil {
		return err
	}
	e.open = append(e.open, name)
	defer func() { e.open = e.open[:len(e.open)-1] }()
	replace := strings.NewReplacer(arguments...)
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		line = replace.Replace(line)
		rest, found := strings.CutPrefix(line, "#include ")
		if !found {
			if strings.Contains(line, "$") {
				return fmt.Errorf("%s:%d: no value for %s", name, i+1, strings.TrimSpace(line))
			}
			e.add(line, position{name, i + 1})
			continue
		}
		included, arguments, err := parseInclude(rest)
		if err == nil {
			err = e.file(included, arguments)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// parseInclude splits `"file" a=1 b=2` into the file and the replacements
// $a -> 1, $b -> 2.
func parseInclude(s string) (file string, arguments []string, err error) {
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields[0]) < 3 || fields[0][0] != '"' || fields[0][len(fields[0])-1] != '"' {
		return "", nil, fmt.Errorf(`want #include "file" name=value ..., got #include %s`, s)
	}
	// The longest names first: $a_along_m is not $a.
	slices.SortStableFunc(fields[1:], func(a, b string) int { return strings.Index(b, "=") - strings.Index(a, "=") })
	for _, f := range fields[1:] {
		name, value, ok := strings.Cut(f, "=")
		if !ok || name == "" {
			return "", nil, fmt.Errorf("include argument %q is not name=value", f)
		}
		arguments = append(arguments, "$"+name, value)
	}
	return strings.Trim(fields[0], `"`), arguments, nil
}

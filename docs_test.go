package glyph_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages are the documents whose paths and targets are held to the tree.
func pages(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(found, "README.md", "CONTRIBUTING.md")
}

// elsewhere matches what a page names that is not in the tree: what Glyph and
// make write, and files of data sets.
var elsewhere = regexp.MustCompile(`^(\.\./|bin/|dist/|parts/|KMNIST/|run\.sh$|runs/(cnn|mlp|study|lr\S*|[A-Z]\S*)(/|$))`)

var (
	fence    = regexp.MustCompile("(?ms)^```.*?^```")
	span     = regexp.MustCompile("`([^`]+)`")
	link     = regexp.MustCompile(`\]\(([^)#\s]+)`)
	path     = regexp.MustCompile(`^[\w.*-]*[\w*]([/.][\w*-]+)*/?$`)
	source   = regexp.MustCompile(`\.(go|comp|glsl|md|c|h|sh|py|s|tmpl|yaml)$`)
	target   = regexp.MustCompile(`\bmake ([a-z][a-z-]*)`)
	goTest   = regexp.MustCompile(`\bgo (?:test|build|vet|run) (.*)`)
	testName = regexp.MustCompile(`^Test[A-Z]\w+$`)
	oneTest  = regexp.MustCompile(`-run '?(\w+)`)
)

// code is the code of a page: its blocks and what stands in backticks.
func code(text string) (blocks, spans []string) {
	blocks = fence.FindAllString(text, -1)
	for _, m := range span.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		spans = append(spans, m[1])
	}
	return blocks, spans
}

// Every path that a page names or links to exists.
func TestDocumentsNameWhatExists(t *testing.T) {
	seen, tests := 0, testNames(t)
	for _, page := range pages(t) {
		text := readText(t, page)
		_, spans := code(text)
		for _, name := range spans {
			if testName.MatchString(name) && !slices.Contains(tests, name) {
				t.Errorf("%s names %s, and no test is called that", page, name)
			}
			inTree := strings.Contains(name, "/") || source.MatchString(name)
			if !inTree || !path.MatchString(name) || isModule(name) || isPlaceholder(name) || elsewhere.MatchString(name) {
				continue
			}
			seen++
			if found, err := filepath.Glob(name); err != nil || len(found) == 0 {
				t.Errorf("%s names `%s`, which is not there", page, name)
			}
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			seen++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
	if seen < 40 {
		t.Errorf("found only %d paths", seen)
	}
}

// isModule reports whether a name is that of a Go module: its first part has a
// dot, as in golang.org/x/sys.
func isModule(name string) bool {
	first, _, more := strings.Cut(name, "/")
	return more && strings.Contains(strings.Trim(first, "."), ".")
}

// isPlaceholder reports whether a name stands for others: cpu/name.go.
func isPlaceholder(name string) bool {
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	return base == "name" || base == "NAME"
}

// Every make target, Go package and test that a page tells a reader to run is
// there.
func TestDocumentsRunWhatExists(t *testing.T) {
	makefile, tests := readText(t, "Makefile"), testNames(t)
	seen := 0
	for _, page := range pages(t) {
		blocks, spans := code(readText(t, page))
		for _, text := range append(blocks, spans...) {
			for _, m := range target.FindAllStringSubmatch(text, -1) {
				if seen++; !strings.Contains(makefile, "\n"+m[1]+":") {
					t.Errorf("%s: there is no target for make %s", page, m[1])
				}
			}
			for _, m := range goTest.FindAllStringSubmatch(text, -1) {
				for _, word := range strings.Fields(m[1]) {
					if !strings.HasPrefix(word, "./") {
						continue
					}
					seen++
					if _, err := os.Stat(strings.TrimSuffix(word, "/...")); err != nil {
						t.Errorf("%s: go test %s: %v", page, m[1], err)
					}
				}
				if one := oneTest.FindStringSubmatch(m[1]); one != nil && !strings.Contains(strings.Join(tests, "\n"), one[1]) {
					t.Errorf("%s: no test is called %s", page, one[1])
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("found only %d commands", seen)
	}
}

// Every direct dependency has a line that says why, in CONTRIBUTING.md.
func TestDependenciesHaveReasons(t *testing.T) {
	page := readText(t, "CONTRIBUTING.md")
	_, table, found := strings.Cut(page, "## Dependencies")
	if !found {
		t.Fatal("CONTRIBUTING.md has no section Dependencies")
	}
	modules := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(readText(t, "go.mod"), -1)
	if len(modules) < 10 {
		t.Fatalf("found only %d direct dependencies in go.mod", len(modules))
	}
	for _, m := range modules {
		short := m[1][strings.LastIndex(m[1], "/")+1:]
		if !strings.Contains(table, "`"+m[1]+"`") && !strings.Contains(table, "`, `"+short+"`") {
			t.Errorf("CONTRIBUTING.md does not say what %s is for", m[1])
		}
	}
}

// testNames is the names of all tests.
func testNames(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*_test.go", "*/*_test.go", "*/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllStringSubmatch(readText(t, file), -1) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

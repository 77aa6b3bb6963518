package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// The help of every command lists each of its flags once; those of glyph train stand
// under headings. The version says what was built.
func TestHelpPages(t *testing.T) {
	root := newRoot()
	for _, cmd := range append(root.Commands(), root) {
		out, errOut, status := runGlyph(t, append(strings.Fields(cmd.CommandPath())[1:], "--help")...)
		if status != 0 {
			t.Fatalf("%s: status %d: %s", cmd.CommandPath(), status, errOut)
		}
		listed := map[string]int{}
		for _, m := range regexp.MustCompile(`(?m)^(?:      |  -\w, )(--[\w-]+)`).FindAllStringSubmatch(out, -1) {
			listed[m[1]]++
		}
		cmd.InitDefaultHelpFlag()
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && listed["--"+f.Name] != 1 {
				t.Errorf("%s: --%s stands there %d times in\n%s", cmd.CommandPath(), f.Name, listed["--"+f.Name], out)
			}
		})
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() && strings.Count(out, "\n  "+sub.Name()+" ") != 1 {
				t.Errorf("%s: no %s in\n%s", cmd.CommandPath(), sub.Name(), out)
			}
		}
	}
	out, _, _ := runGlyph(t, "train", "--help")
	for _, heading := range []string{"Where to start", "Network", "Data", "Augmentation", "Optimisation", "Where to compute", "How long", "The run", "Other flags"} {
		if strings.Count(out, "\n"+heading+":\n") != 1 {
			t.Errorf("no heading %q in\n%s", heading, out)
		}
	}
	if _, rest, _ := strings.Cut(out, "Other flags:\n"); strings.Count(rest, "--") != 1 { // --help
		t.Errorf("flags without a heading:\n%s", rest)
	}
	if out, _, status := runGlyph(t, "--version"); status != 0 || !regexp.MustCompile(`^glyph .+, go1\.\d+.*\n$`).MatchString(out) {
		t.Errorf("--version: status %d: %q", status, out)
	}
}

package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var (
	docCommand = regexp.MustCompile("(?m)(?:^(?:\\$ )?(?:bin/)?|^  |`)glyph((?: [^`\n#]*)?)")
	docFlag    = regexp.MustCompile(`(?:^|[\s,])--([a-z][a-z0-9-]*)`)
	docSpan    = regexp.MustCompile("`(--[a-z][^`]*)`")
)

// The commands and flags that the documents and the examples of the help name
// are there, and every command is in the README.
func TestDocumentsNameCommands(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, file := range append(files, "../../README.md", "../../CONTRIBUTING.md") {
		pages[file] = string(read(t, file))
	}
	root, known := newRoot(), map[string]bool{}
	everyCommand(root, func(cmd *cobra.Command) {
		pages["help of "+cmd.CommandPath()] = cmd.Example
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
	})
	seen := 0
	for page, text := range pages {
		for _, m := range docCommand.FindAllStringSubmatch(text, -1) {
			seen++
			checkCommand(t, page, m[1])
		}
		for _, m := range docSpan.FindAllStringSubmatch(text, -1) {
			for _, flag := range docFlag.FindAllStringSubmatch(m[1], -1) {
				if seen++; !known[flag[1]] && flag[1] != "array" { // Slurm's
					t.Errorf("%s: no command has a flag --%s", page, flag[1])
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("found only %d commands and flags", seen)
	}
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() && !strings.Contains(pages["../../README.md"], "`glyph "+cmd.Name()) {
			t.Errorf("README.md leaves out glyph %s", cmd.Name())
		}
	}
}

// checkCommand parses what stands after "glyph" in a document.
func checkCommand(t *testing.T, page, line string) {
	t.Helper()
	// "data download\|verify\|show" is three commands; what follows is of each.
	head, tail, _ := strings.Cut(strings.TrimSpace(line), " --")
	words := strings.Fields(strings.ReplaceAll(head, `\|`, " | "))
	var alternatives []string
	for i := 1; i+1 < len(words); i++ {
		if words[i] == "|" {
			alternatives = append(alternatives, words[i-1], words[i+1])
		}
	}
	if alternatives != nil {
		for _, name := range alternatives {
			checkCommand(t, page, words[0]+" "+name)
		}
		return
	}
	cmd, rest, err := newRoot().Find(words)
	if err != nil {
		t.Errorf("%s: glyph%s: %v", page, line, err)
		return
	}
	if cmd.HasSubCommands() {
		if err := cmd.ValidateArgs(rest); err != nil {
			t.Errorf("%s: glyph%s: %v", page, line, err)
		}
	}
	for _, flag := range docFlag.FindAllStringSubmatch(" --"+tail, -1) {
		if cmd.Flags().Lookup(flag[1]) == nil && cmd.InheritedFlags().Lookup(flag[1]) == nil {
			t.Errorf("%s: glyph%s: %s has no flag --%s", page, line, cmd.CommandPath(), flag[1])
		}
	}
}

// everyCommand visits a command and all below it.
func everyCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range cmd.Commands() {
		everyCommand(sub, visit)
	}
}

// The help of a flag shows no default where there is none.
func TestHelpShowsNoEmptyDefault(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.UsageString()) {
			if strings.Contains(line, "(default )") || strings.Contains(line, "(default [])") {
				t.Errorf("%s: %s", cmd.CommandPath(), line)
			}
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRoot())
}

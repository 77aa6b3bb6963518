package main

import (
	"regexp"
	"strings"
	"testing"
)

// What README.md tells a reader to type works in its order, on small data: what trains
// and evaluates runs, make train too, and of what serves a page the flags are taken and
// the run is there.
func TestCommandsOfTheReadme(t *testing.T) {
	data := tinyData(t)
	text, makefile := string(read(t, "../../README.md")), string(read(t, "../../Makefile"))
	options := regexp.MustCompile(`(?m)^TRAIN \?= (.*)$`).FindStringSubmatch(makefile)
	if options == nil || !strings.Contains(makefile, "\ntrain: build\n\tbin/glyph train --data $(DATA) $(TRAIN)\n") {
		t.Fatal("the Makefile trains in another way")
	}
	if n := strings.Count(text, "\n"); n >= 150 {
		t.Errorf("README.md has %d lines, and no newcomer reads so many", n)
	}
	t.Chdir(t.TempDir())
	ran := map[string]int{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "$ "), " #")
		line = strings.TrimSpace(line)
		if line == "make train" {
			ran["make"]++
			line = "bin/glyph train " + options[1]
		}
		args := strings.Fields(line)
		if len(args) < 2 || args[0] != "bin/glyph" {
			continue
		}
		args = args[1:]
		ran[args[0]]++
		switch args[0] {
		case "train":
			args = append(args, "--data", data, "--limit", "40", "--epochs", "1", "--backend", "cpu", "--report=false")
			if ran["train"] > 2 { // the same run again, shown with what it prints
				args = append(args, "--out", "runs/again")
			}
		case "compare": // on what every machine has
			args = append(args, "--backend", "cpu", "--batch", "4", "--steps", "1")
		case "serve", "ui": // which would wait for a browser
			cmd, _, err := newRoot().Find(args)
			if err != nil || cmd.ParseFlags(args[1:]) != nil {
				t.Errorf("%s: %v", line, err)
			}
			if args[0] == "serve" {
				args = []string{"eval", args[1], "--backend", "cpu"}
				break
			}
			continue
		}
		if out, errOut, status := runGlyph(t, args...); status != 0 {
			t.Errorf("%s: status %d, %s%s", line, status, out, errOut)
		}
	}
	if ran["make"] != 1 || ran["train"] < 3 || ran["serve"] < 2 || ran["ui"] == 0 || ran["compare"] == 0 {
		t.Errorf("found only %v", ran)
	}
}

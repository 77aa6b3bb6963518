package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documented is the blocks of a page in a language.
func documented(t *testing.T, page, language string) (blocks []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllStringSubmatch(string(read(t, page)), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// Every command of docs/sweeps.md runs, in its order and on its files, and every file
// that the page shows is one that glyph takes.
func TestSweepsPage(t *testing.T) {
	notShort(t)
	const page = "../../docs/sweeps.md"
	data, err := filepath.Abs(tinyData(t))
	if err != nil {
		t.Fatal(err)
	}
	blocks, files := documented(t, page, "sh"), documented(t, page, "toml")
	t.Chdir(t.TempDir())
	for _, text := range files {
		name, ok := strings.CutPrefix(strings.SplitN(text, "\n", 2)[0], "# ")
		if !ok || !strings.HasSuffix(name, ".toml") {
			t.Fatalf("a file without its name in the first line:\n%s", text)
		}
		write(t, name, []byte(text))
	}
	ran := 0
	for _, block := range blocks {
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, " #")
			args := strings.Fields(line)
			if len(args) < 2 || args[0] != "bin/glyph" {
				t.Fatalf("not a command of glyph: %q", line)
			}
			for i, arg := range args {
				if arg == "DIR" {
					args[i] = data
				}
			}
			if strings.Contains(line, "--data") {
				args = append(args, "--backend", "cpu")
			}
			if out, errOut, status := runGlyph(t, args[1:]...); status != 0 {
				t.Errorf("%s: status %d: %s%s", line, status, out, errOut)
			}
			ran++
		}
	}
	for _, name := range files {
		if !strings.Contains(strings.Join(blocks, ""), strings.TrimPrefix(strings.SplitN(name, "\n", 2)[0], "# ")) {
			t.Errorf("no command uses %.30s", name)
		}
	}
	if ran < 7 {
		t.Errorf("only %d commands", ran)
	}
	if _, err := os.Stat("runs/sweep/leaderboard.json"); err != nil {
		t.Error(err)
	}
}

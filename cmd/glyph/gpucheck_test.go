package main

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"glyph/runs"
)

// The script that is carried to GPU machines runs rarely: what it asks of this
// program is there, and the files it compares are those that a run leaves.
func TestGPUCheckScript(t *testing.T) {
	text, err := os.ReadFile("../../bench/gpucheck/run.sh")
	if err != nil {
		t.Fatal(err)
	}
	script := string(text)
	calls := regexp.MustCompile(`"\$glyph" (\w+)(.*)`).FindAllStringSubmatch(script, -1)
	if len(calls) < 4 {
		t.Fatalf("found %d calls of glyph", len(calls))
	}
	for _, call := range calls {
		cmd, _, err := newRoot().Find([]string{call[1]})
		if err != nil || cmd.Name() != call[1] {
			t.Errorf("%s: there is no glyph %s", call[0], call[1])
			continue
		}
		for _, flag := range regexp.MustCompile(`--([a-z0-9-]+)`).FindAllStringSubmatch(call[2], -1) {
			if cmd.Flags().Lookup(flag[1]) == nil {
				t.Errorf("glyph %s has no --%s", call[1], flag[1])
			}
		}
	}
	for _, set := range []string{"epoch-mlp --model mlp --batch 16", "epoch-cnn --model cnn --filters 32,64,128 --batch 128", "SGEMM\\/4096", `compared="mlp cnn kmnist-benchmark vgg resnet"`} {
		if !strings.Contains(script, set) {
			t.Errorf("the script is without %s", set)
		}
	}
	files := regexp.MustCompile(`"\$out/train-\d/([^"]+)"`).FindAllStringSubmatch(script, -1)
	if len(files) != 2 {
		t.Fatalf("compares %d files", len(files))
	}
	for _, file := range files {
		if path.Base(file[1]) != runs.LastFile || strings.Contains(file[1], "/") {
			t.Errorf("compares %s, not %s", file[1], runs.LastFile)
		}
	}
}

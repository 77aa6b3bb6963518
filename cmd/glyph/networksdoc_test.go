package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every command of docs/networks.md works, one after the other, on a few images and for
// one epoch.
func TestCommandsOfTheNetworksPage(t *testing.T) {
	notShort(t)
	const page = "../../docs/networks.md"
	data, err := filepath.Abs(tinyData(t))
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^(?:\$ )?bin/glyph ([^#\n]*)`).FindAllStringSubmatch(string(read(t, page)), -1)
	if len(commands) < 5 {
		t.Fatalf("found only %d commands", len(commands))
	}
	t.Chdir(t.TempDir())
	few := []string{"--data", data, "--backend", "cpu"}
	train := func(args ...string) {
		t.Helper()
		args = append(append([]string{"train"}, args...), append(few, "--epochs", "1", "--report=false")...)
		if out, errOut, status := runGlyph(t, args...); status != 0 {
			t.Errorf("glyph %v: status %d: %s%s", args, status, out, errOut)
		}
	}
	for _, run := range []string{"a", "b", "c", "resnet-2", "resnet-3"} { // which the page speaks of
		train("--model", "linear", "--out", "runs/"+run)
	}
	for _, c := range commands {
		args := strings.Fields(c[1])
		switch args[0] {
		case "train":
			if strings.Contains(c[1], "--limit 1000 ") {
				args = append(args, "--limit", "20")
			}
			if strings.Contains(c[1], "--warmup ") {
				args = append(args, "--warmup", "0") // there is one epoch
			}
			train(args[1:]...)
		case "eval":
			if out, errOut, status := runGlyph(t, append(args, few...)...); status != 0 || !strings.Contains(out, "together 3 networks") {
				t.Errorf("glyph %s: status %d: %s%s", c[1], status, out, errOut)
			}
		default:
			t.Errorf("nothing here runs glyph %s", c[1])
		}
	}
}

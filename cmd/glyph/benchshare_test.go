package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A shared file names neither the machine nor its user nor a folder, whatever they are
// called, reads back, and takes the place of no other file.
func TestBenchShare(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(t.TempDir(), "zaphod-home")
	t.Setenv("HOME", home)
	t.Setenv("USER", "zaphod-user")
	t.Setenv("LOGNAME", "zaphod-user")
	file := filepath.Join(t.TempDir(), "zaphod.json")
	args := []string{"bench", "--backend", "cpu", "--model", "mlp", "--time", "1ms", "--operations=false", "--share", file}
	out, errOut, status := runGlyph(t, args...)
	if status != 0 || !strings.Contains(out, "wrote ") {
		t.Fatal(out, errOut)
	}
	text := strings.ToLower(string(read(t, file)))
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{host, "zaphod", home, here, os.TempDir(), os.Args[0]} {
		if strings.Contains(text, strings.ToLower(secret)) {
			t.Errorf("%q is in\n%s", secret, text)
		}
	}
	shown, errOut, status := runGlyph(t, "bench", "--show", file)
	if status != 0 || strings.Count(shown, "\n| mlp | ") != 2 {
		t.Error(shown, errOut)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("%v are left beside the file", left)
	}
	if isDir("/proc/self/fd") { // where nobody can make a file
		if _, errOut, status := runGlyph(t, "bench", "--backend", "cpu", "--share", "/proc/self/figures.json"); status == 0 || !strings.Contains(errOut, "/proc/self/figures.json: no file can be made there: ") {
			t.Error(errOut)
		}
	}
	other := filepath.Join(t.TempDir(), "other.json")
	if err := os.WriteFile(other, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"exists already": args, "not a file of glyph bench --share": {"bench", "--show", other}, "no such file": {"bench", "--show", file + ".no"},
		"choose one": {"bench", "--json", "--share", file + ".new"}, "there is no directory": {"bench", "--share", filepath.Join(file, "new")},
		"--share is empty": {"bench", "--share", ""}, "--show is empty": {"bench", "--show="}, "--dump-shaders is empty": {"bench", "--dump-shaders", ""},
	} {
		if _, errOut, status := runGlyph(t, args...); status == 0 || !strings.Contains(errOut, want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%q: %s", args, errOut)
		}
	}
}

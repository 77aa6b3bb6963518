package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// directive is the arguments of a directive of the Containerfile, which is there once.
func directive(t *testing.T, name string) []string {
	t.Helper()
	text := string(read(t, "../../Containerfile"))
	found := regexp.MustCompile(`(?m)^`+name+` (.*)$`).FindAllStringSubmatch(text, -1)
	if len(found) != 1 {
		t.Fatalf("%d directives %s", len(found), name)
	}
	return regexp.MustCompile(`[^\s\["\],]+`).FindAllString(found[0][1], -1)
}

// The Containerfile copies what make static writes, runs what it copied, and the
// files that the builder sees have it; the Kubernetes example runs the same path.
func TestContainerfile(t *testing.T) {
	makefile := string(read(t, "../../Makefile"))
	static := regexp.MustCompile(`(?m)^static:\n(?:\t.*\n)*?\tCGO_ENABLED=0 \$\(GO\) build .*-o (\S+) \./cmd/glyph$`).FindStringSubmatch(makefile)
	if static == nil {
		t.Fatal("make static does not build the program without cgo")
	}
	if !regexp.MustCompile(`(?m)^image: static\n(?:\t.*\n)*\t\$\(BUILDER\) build --file Containerfile `).MatchString(makefile) {
		t.Error("make image does not build the Containerfile after make static")
	}
	if from := directive(t, "FROM"); !slices.Equal(from, []string{"scratch"}) {
		t.Errorf("the image begins from %v", from)
	}
	copied := directive(t, "COPY")
	if len(copied) != 2 || copied[0] != static[1] {
		t.Fatalf("the image has %v, and make static writes %s", copied, static[1])
	}
	if entry := directive(t, "ENTRYPOINT"); !slices.Equal(entry, copied[1:]) {
		t.Errorf("the image runs %v, and has %s", entry, copied[1])
	}
	if ignored := string(read(t, "../../.dockerignore")); !strings.Contains(ignored, "\n*\n!"+copied[0]+"\n") {
		t.Errorf("the builder does not see %s:\n%s", copied[0], ignored)
	}
	for _, name := range []string{"kubernetes.yaml", "sweep.yaml"} {
		command := regexp.MustCompile(`(?m)^ +command: \[(\S+), `).FindStringSubmatch(string(read(t, filepath.Join(cluster, name))))
		if command == nil || command[1] != copied[1] {
			t.Errorf("%s runs %v, and the image has %s", name, command, copied[1])
		}
	}
}

// builder is a program that builds images here, or "".
func builder() string {
	for _, name := range []string{"podman", "buildah", "docker"} {
		if exec.Command(name, "info").Run() == nil { // that it is there does not mean that it works
			return name
		}
	}
	return ""
}

// The image builds and trains, where there is a builder. With GLYPH_TEST_IMAGE=1 and
// without one, the program runs as in the image: alone in an empty root.
func TestImage(t *testing.T) {
	notShort(t)
	name, wanted := builder(), os.Getenv("GLYPH_TEST_IMAGE") != ""
	if name == "" && !(wanted && os.Geteuid() == 0) {
		t.Skip("no podman, buildah or docker works here")
	}
	train := []string{"train", "--data", "synthetic", "--limit", "200", "--model", "mlp", "--hidden", "8", "--epochs", "1", "--out", "run"}
	target := []string{"-C", "../..", "static"}
	if name != "" {
		target = []string{"-C", "../..", "image", "BUILDER=" + name, "IMAGE=localhost/glyph-test"}
	}
	if out, err := exec.Command("make", target...).CombinedOutput(); err != nil {
		t.Fatalf("make %v: %v\n%s", target, err, out)
	}
	var cmd *exec.Cmd
	switch name {
	case "":
		root := t.TempDir()
		copied := directive(t, "COPY")
		program := filepath.Join(root, copied[1])
		write(t, program, read(t, filepath.Join("../..", copied[0])))
		work := directive(t, "WORKDIR")[0]
		if err := os.MkdirAll(filepath.Join(root, work), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(program, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd = &exec.Cmd{
			Path: copied[1], Args: append(copied[1:], train...), Dir: work, Env: []string{},
			SysProcAttr: &syscall.SysProcAttr{Chroot: root},
		}
	case "buildah":
		t.Skip("built; buildah does not run images by name")
	default:
		cmd = exec.Command(name, append([]string{"run", "--rm", "localhost/glyph-test"}, train...)...)
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "accuracy") {
		t.Errorf("%v\n%s", err, out)
	}
}

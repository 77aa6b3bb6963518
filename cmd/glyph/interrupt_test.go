package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets a test run the command as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("GLYPH_TEST_MAIN") != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// An interrupted training finishes its step, evaluates, saves and says where.
func TestInterrupt(t *testing.T) {
	out := t.TempDir()
	cmd, pipe, errOut := started(t, tinyTrain(tinyData(t), out, "--epochs", "10000000")...)
	var last []string
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "epoch 10 ") {
			cmd.Process.Signal(syscall.SIGINT)
		}
		if !strings.HasPrefix(line, "epoch") {
			last = append(last, line)
		}
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit status %d, want 130", code)
	}
	text := strings.Join(last, "\n")
	for _, part := range []string{"interrupted", "test     loss", "saved    " + out} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	if !strings.Contains(errOut.String(), "finishing the step") {
		t.Errorf("standard error: %s", errOut.String())
	}
	if _, stderr, status := runGlyph(t, "eval", filepath.Join(out)); status != 0 {
		t.Errorf("what was saved can't be evaluated: %s", stderr)
	}
}

// started is glyph as a process of its own, with what it prints as it comes, and
// what it complains of once it has ended. It is killed with the test.
func started(t *testing.T, args ...string) (cmd *exec.Cmd, out io.Reader, errOut *strings.Builder) {
	t.Helper()
	cmd = exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "GLYPH_TEST_MAIN=1")
	errOut = new(strings.Builder)
	cmd.Stderr = errOut
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() }) //nolint:errcheck // it has ended
	return cmd, out, errOut
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"glyph/runs"
)

// TestMain lets a test run the command as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("GLYPH_TEST_MAIN") != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	status := m.Run()
	removeTrained()
	os.Exit(status)
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

// A terminal that is closed saves a training, as SIGTERM does.
func TestHangup(t *testing.T) {
	// Under nohup the signal is ignored, and the command would inherit that.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	dir := filepath.Join(t.TempDir(), "run")
	cmd, terminal, seen := onTerminal(t, nil, tinyTrain(tinyData(t), dir, "--epochs", "10000000", "--backend", "cpu")...)
	seen.wait(t, "epoch 3/")
	terminal.Close()
	cmd.Wait() //nolint:errcheck // the exit status says it
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit status %d, want 130 (%v)", code, cmd.ProcessState)
	}
	if c, note, err := runs.ReadCheckpoint(dir); err != nil || note != nil || c.State.Epoch < 1 {
		t.Errorf("no good checkpoint: %+v, %v, %v", c, note, err)
	}
	if r, err := runs.Open(dir); err != nil || r.State != runs.Interrupted || !r.Resumable || r.TestAccuracy == nil {
		t.Errorf("the run is left as %+v (%v)", r, err)
	}
}

// An evaluation that Ctrl-C stops says so and nothing else.
func TestInterruptedCommands(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--epochs", "1")...); status != 0 {
		t.Fatal(errOut)
	}
	picture := filepath.Join(t.TempDir(), "a.png")
	write(t, picture, []byte("no picture: it is never read"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"eval", dir}, {"plot", dir}, {"report", dir}, {"predict", dir, picture}, {"gradcheck"},
		{"compare", "--backend", "cpu", "--model", "linear"}, {"bench", "--backend", "cpu", "--model", "mlp", "--time", "1ms"},
		{"data", "show", "--data", data}, {"train", "--data", data, "--out", "none"},
	} {
		var out, errOut bytes.Buffer
		if status := execute(ctx, args, &out, &errOut); status != 130 || !strings.Contains(errOut.String(), "interrupted") || strings.Contains(errOut.String(), "canceled") || strings.Count(errOut.String(), "\n") != 1 {
			t.Errorf("%v: status %d: %s%s", args, status, out.String(), errOut.String())
		}
	}
}

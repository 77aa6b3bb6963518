package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"glyph/runs"
)

// TestLive trains on a terminal, saves with a key, stops with another, and finds
// the terminal as it was and the run ready to be resumed.
func TestLive(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	cmd, terminal, seen := onTerminal(t, nil, tinyTrain(data, dir, "--epochs", "10000000", "--backend", "cpu", "--holdout", "8")...)
	seen.wait(t, "epoch 3/")
	seen.wait(t, "s saves a checkpoint")
	io.WriteString(terminal, "s")
	seen.wait(t, "saved a checkpoint")
	io.WriteString(terminal, "q")
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit status %d, want 130:\n%s", code, seen)
	}
	seen.wait(t, "glyph train --resume")
	after, err := term.GetState(int(terminal.Fd()))
	if err != nil || !reflect.DeepEqual(seen.before, after) {
		t.Errorf("the terminal is left changed: %+v, %+v, %v", seen.before, after, err)
	}
	if c, _, err := runs.ReadCheckpoint(dir); err != nil || c.State.Steps != 0 {
		t.Errorf("the run stopped inside an epoch: %+v, %v", c, err)
	}
	if !strings.Contains(seen.String(), "\x1b[38;5;208m━━\x1b[0m val") {
		t.Error("no curves were drawn")
	}
}

// With NO_COLOR the curves have none, and on a terminal that can't move its
// cursor there are lines.
func TestLiveWithoutColours(t *testing.T) {
	data := tinyData(t)
	args := func() []string {
		return tinyTrain(data, filepath.Join(t.TempDir(), "run"), "--backend", "cpu", "--holdout", "8")
	}
	cmd, _, seen := onTerminal(t, []string{"NO_COLOR=1"}, args()...)
	cmd.Wait() //nolint:errcheck // what was drawn says it
	seen.wait(t, "┅┅ val")
	if seen.wait(t, "saved "); regexp.MustCompile("\x1b\\[[0-9;]*m").MatchString(seen.String()) {
		t.Errorf("colours in %q", seen)
	}
	cmd, _, seen = onTerminal(t, []string{"TERM=dumb"}, args()...)
	cmd.Wait() //nolint:errcheck // as above
	if seen.wait(t, "saved "); strings.Contains(seen.String(), "\x1b") {
		t.Errorf("a dumb terminal got %q", seen)
	}
}

// On a terminal the help of a command is no wider, and no word of it is broken; examples
// are left as they are, to be copied.
func TestHelpFitsTheTerminal(t *testing.T) {
	cmd, _, seen := onTerminal(t, nil, "train", "--help")
	cmd.Wait() //nolint:errcheck // what it printed says it
	seen.wait(t, "help for train")
	before, rest, _ := strings.Cut(strings.ReplaceAll(seen.String(), "\r", ""), "Examples:\n")
	_, after, found := strings.Cut(rest, "\n\n")
	for line := range strings.Lines(before + after) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); !found || n > 100 {
			t.Errorf("%d columns of 100: %q", n, line)
		}
	}
}

// onTerminal starts glyph on a terminal of its own of 100×30 characters, with the
// other end of it and what was drawn so far.
func onTerminal(t *testing.T, env []string, args ...string) (cmd *exec.Cmd, terminal *os.File, seen *screenText) {
	t.Helper()
	limit, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(limit, os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), "GLYPH_TEST_MAIN=1", "TERM=xterm-256color", "NO_COLOR="), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	terminal, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer tty.Close()
	t.Cleanup(func() { terminal.Close() })
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	seen = &screenText{}
	if seen.before, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() }) //nolint:errcheck // it has ended
	go io.Copy(seen, terminal)               //nolint:errcheck // until the terminal is gone
	return cmd, terminal, seen
}

// screenText is what a terminal was sent.
type screenText struct {
	before *term.State

	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed by the next write, if anybody waits
}

func (s *screenText) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	return s.text.Write(p)
}

func (s *screenText) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// wait returns once the text has that part, and fails after half a minute.
func (s *screenText) wait(t *testing.T, part string) {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		s.mu.Lock()
		if bytes.Contains(s.text.Bytes(), []byte(part)) {
			s.mu.Unlock()
			return
		}
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("never %q in\n%s", part, s)
		}
	}
}

func TestRunsWatchAndDiff(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	a, b := filepath.Join(root, "a"), filepath.Join(root, "b")
	for dir, lr := range map[string]string{a: "0.1", b: "0.0001"} {
		if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--lr", lr, "--holdout", "8", "--epochs", "4")...); status != 0 {
			t.Fatal(errOut)
		}
	}
	os.Mkdir(filepath.Join(root, "other"), 0o777)
	rows := func(args ...string) []string {
		t.Helper()
		out, errOut, status := runGlyph(t, append([]string{"runs", root}, args...)...)
		if status != 0 {
			t.Fatal(errOut)
		}
		return strings.Split(strings.TrimSpace(out), "\n")
	}
	names := func(lines []string) (list string) {
		for _, l := range lines[1:] {
			list += strings.Fields(l)[0]
		}
		return list
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--sort", "validation"}, "ab"}, {[]string{"--sort", "holdout"}, "ab"}, {[]string{"--sort", "name"}, "ab"}, {[]string{"--filter", "lr=1e-4"}, "b"},
		{[]string{"--filter", "state=finished", "--filter", "lr=0.10"}, "a"}, {[]string{"--filter", "model=cnn"}, ""},
	} {
		if got := names(rows(c.args...)); got != c.want {
			t.Errorf("runs %v: %q, want %q", c.args, got, c.want)
		}
	}
	// A run that was killed has no summary and can go on.
	if err := os.Remove(filepath.Join(b, runs.SummaryFile)); err != nil {
		t.Fatal(err)
	}
	if got := names(rows("--filter", "state=crashed")); got != "b" {
		t.Errorf("crashed: %q", got)
	}
	out, _, status := runGlyph(t, "runs", "diff", a, b)
	for _, part := range []string{"lr ", "0.1 ", "0.0001", "finished", "crashed", "train loss"} {
		if status != 0 || !strings.Contains(out, part) {
			t.Errorf("no %q in\n%s", part, out)
		}
	}
	if out, _, _ := runGlyph(t, "runs", "diff", a, a); !strings.Contains(out, "the same") {
		t.Errorf("a run differs from itself:\n%s", out)
	}
	if out, _, _ := runGlyph(t, "watch", a); strings.Count(out, "epoch ") != 4 || !strings.Contains(out, "finished: test accuracy") {
		t.Errorf("watch:\n%s", out)
	}
	if out, _, _ := runGlyph(t, "watch", b); !strings.Contains(out, "crashed") || !strings.Contains(out, "--resume") {
		t.Errorf("watch:\n%s", out)
	}
}

// Two Ctrl-C end a training without an evaluation. What was trained is saved, the
// terminal is given back, and the run can be resumed.
func TestLiveAbort(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cmd, terminal, seen := onTerminal(t, nil, tinyTrain(tinyData(t), dir, "--epochs", "10000000", "--backend", "cpu")...)
	seen.wait(t, "epoch 3/")
	io.WriteString(terminal, "\x03\x03") //nolint:errcheck // or it never ends
	cmd.Wait()                           //nolint:errcheck // the exit status says it
	seen.wait(t, "stopped without an evaluation; resume with: glyph train --resume "+dir)
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit status %d, want 130:\n%s", code, seen)
	}
	if after, err := term.GetState(int(terminal.Fd())); err != nil || !reflect.DeepEqual(seen.before, after) {
		t.Errorf("the terminal is left changed: %+v, %+v, %v", seen.before, after, err)
	}
	if _, err := os.Stat(filepath.Join(dir, runs.SummaryFile)); err == nil {
		t.Error("it was evaluated")
	}
	if r, err := runs.Open(dir); err != nil || !r.Resumable || r.Epoch < 2 {
		t.Errorf("the run is left as %+v (%v)", r, err)
	}
}

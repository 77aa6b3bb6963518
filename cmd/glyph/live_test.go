package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"glyph/runs"
	"glyph/train"
)

// TestLive trains on a terminal, saves with a key, stops with another, and finds
// the terminal as it was and the run ready to go on.
func TestLive(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	limit, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(limit, os.Args[0], tinyTrain(data, dir, "--epochs", "10000000", "--backend", "cpu", "--holdout", "8")...)
	cmd.Env = append(os.Environ(), "GLYPH_TEST_MAIN=1", "TERM=xterm-256color")
	terminal, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer terminal.Close()
	defer tty.Close()
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	seen := &screenText{}
	go io.Copy(seen, terminal)

	seen.wait(t, "epoch 3/")
	seen.wait(t, "s saves a checkpoint")
	io.WriteString(terminal, "s")
	seen.wait(t, "saved a checkpoint")
	io.WriteString(terminal, "q")
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit status %d, want 130:\n%s", code, seen)
	}
	seen.wait(t, "go on with: glyph train --resume")
	after, err := term.GetState(int(tty.Fd()))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the terminal is left changed: %+v, %+v, %v", before, after, err)
	}
	if c, _, err := runs.ReadCheckpoint(dir); err != nil || c.State.Steps != 0 {
		t.Errorf("the run stopped inside an epoch: %+v, %v", c, err)
	}
	if !strings.Contains(seen.String(), "validation set (orange)") {
		t.Error("no curves were drawn")
	}
}

// Keys act at the next chance: s on the next step, q at the end of the epoch.
func TestLiveKeys(t *testing.T) {
	saved, cancelled := 0, 0
	l := &live{of: 32, cancel: func() { cancelled++ }}
	l.screen = screen{out: io.Discard, size: func() (int, int) { return 80, 24 }}
	say := l.callbacks(train.Callbacks{
		Due:  func(ends bool) bool { return ends },
		Save: func(*train.State) error { saved++; return nil },
	}, nil)
	state := &train.State{Epoch: 4, Sums: train.Sums{Samples: 16}}
	if say.Due(false) || !say.Due(true) {
		t.Error("due changed though no key was pressed")
	}
	if say.Save(state); saved != 1 || l.screen.now.note != "" {
		t.Errorf("%d saved, %q said of what nobody asked for", saved, l.screen.now.note)
	}
	l.save.Store(true)
	if !say.Due(false) {
		t.Error("s does not save on the next step")
	}
	if say.Save(state); saved != 2 || l.screen.now.note != "saved a checkpoint in epoch 5, after 16 images" {
		t.Errorf("%d saved, said %q", saved, l.screen.now.note)
	}
	if say.Due(false) {
		t.Error("s saves more than once")
	}
	say.Epoch(train.Epoch{Images: 32})
	if cancelled != 0 {
		t.Error("ended without q")
	}
	l.stop.Store(true)
	if say.Progress(train.Progress{Of: 32}); cancelled != 0 || l.screen.now.note != "stopping after this epoch" {
		t.Errorf("q ended the training inside an epoch, or said %q", l.screen.now.note)
	}
	if say.Epoch(train.Epoch{Images: 32}); cancelled != 1 || len(l.screen.epochs) != 2 {
		t.Errorf("q did not end the training, or %d points are drawn", len(l.screen.epochs))
	}
}

// screenText is what a terminal was sent.
type screenText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screenText) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screenText) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *screenText) wait(t *testing.T, part string) {
	t.Helper()
	for range 600 {
		if strings.Contains(s.String(), part) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never %q in\n%s", part, s)
}

// Whatever the terminal's size, no line is wider and the drawing not higher.
func TestScreenFits(t *testing.T) {
	held, accuracy := 0.5, 0.9
	for _, size := range [][2]int{{200, 60}, {100, 30}, {80, 24}, {60, 14}, {40, 10}, {20, 5}} {
		s := screen{size: func() (int, int) { return size[0], size[1] }, title: strings.Repeat("title ", 40), keys: liveKeys}
		for i := range 30 {
			s.epochs = append(s.epochs, point{1 / float64(i+1), 1 - 1/float64(i+2), &held, &accuracy})
		}
		s.now = status{epoch: 3, epochs: 30, part: 0.5, loss: 0.2, accuracy: 0.9, speed: 1e5, left: time.Minute, note: "a note"}
		var drawn bytes.Buffer
		s.out = &drawn
		if s.draw(true); !strings.HasPrefix(drawn.String(), "\r") { // wherever the cursor was
			t.Errorf("%v: drawn from the cursor on: %q", size, drawn.String()[:40])
		}
		lines := s.lines()
		for _, line := range lines {
			if n := visible(line); n >= size[0] {
				t.Errorf("%v: a line of %d columns: %q", size, n, line)
			}
		}
		if len(lines) > max(size[1]-1, 5) {
			t.Errorf("%v: %d lines", size, len(lines))
		}
		if curves := len(lines) > 6; curves != (size[0] >= 60) {
			t.Errorf("%v: %d lines", size, len(lines))
		}
	}
}

// The time left is told where it is known, and no 0 in its place.
func TestScreenLeft(t *testing.T) {
	for _, c := range []struct {
		now  status
		want bool
	}{{status{part: 0.5, left: time.Minute}, true}, {status{part: 0.5}, false}, {status{part: 1}, true}} {
		s := screen{size: func() (int, int) { return 100, 30 }, now: c.now}
		if got := strings.Contains(strings.Join(s.lines(), "\n"), " left"); got != c.want {
			t.Errorf("%+v: time left told: %v", c.now, got)
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
		{[]string{"--sort", "holdout"}, "ab"}, {[]string{"--sort", "name"}, "ab"}, {[]string{"--filter", "lr=1e-4"}, "b"},
		{[]string{"--filter", "state=finished", "--filter", "lr=0.10"}, "a"}, {[]string{"--filter", "model=cnn"}, ""},
	} {
		if got := names(rows(c.args...)); got != c.want {
			t.Errorf("runs %v: %q, want %q", c.args, got, c.want)
		}
	}
	r, err := runs.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	r.ImagesPerSecond = 100
	if got := stepsTake(r, 50); got != 50*16*time.Second/100 {
		t.Errorf("50 steps of 16 images take %v at 100 images/s", got)
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

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"glyph/runs"
)

// A training killed at random moments, each time it has gone on, ends with the
// weights, the metrics and the test figures of one that was never killed. What
// is random here is only when the kills come.
func TestKilledRunsEndTheSame(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 8
	}
	data, root := tinyData(t), t.TempDir()
	whole, killed := filepath.Join(root, "whole"), filepath.Join(root, "killed")
	args := func(dir string) []string {
		return tinyTrain(data, dir, "--epochs", "150", "--optimizer", "adam", "--lr", "0.001", "--dropout", "0.1", "--holdout", "8",
			"--checkpoint", "1ms", "--augment", "--batch", "3", "--backend", "cpu")
	}
	start := time.Now()
	if out, code := process(t, 0, args(whole)...); code != 0 {
		t.Fatal(out)
	}
	typical := time.Since(start)

	done, restarts := 0, 0
	next := args(killed)
	for done < kills {
		// Long enough to start, short enough not to end: a third of a run at most.
		out, code := process(t, time.Duration(rand.Int64N(int64(typical/3)))+2*time.Millisecond, next...)
		if code == 0 || strings.Contains(out, "is finished") { // ended before the kill: start over
			restarts++
			if restarts > 100 {
				t.Fatalf("%d kills after %d runs to the end", done, restarts)
			}
			same(t, whole, killed)
			if err := os.RemoveAll(killed); err != nil {
				t.Fatal(err)
			}
			next = args(killed)
			continue
		}
		if code != -1 {
			t.Fatalf("after %d kills: status %d: %s", done, code, out)
		}
		done++
		if _, err := os.Stat(filepath.Join(killed, runs.ConfigFile)); err == nil {
			if _, _, err := runs.ReadCheckpoint(killed); err == nil {
				next = []string{"train", "--resume", killed, "--report=false"}
				continue
			}
		}
		if err := os.RemoveAll(killed); err != nil { // killed before the first checkpoint: nothing to go on from
			t.Fatal(err)
		}
		next = args(killed)
	}
	if out, code := process(t, 0, next...); code != 0 && !strings.Contains(out, "is finished") {
		t.Fatal(out)
	}
	same(t, whole, killed)
	t.Logf("%d kills, %d other runs to the end", done, restarts)
}

// process runs glyph as a process of its own, killed after that time if any. It
// returns -1 for a process that was killed.
func process(t *testing.T, kill time.Duration, args ...string) (out string, code int) {
	t.Helper()
	end := time.Now().Add(kill)
	return processUntil(t, func() bool { return kill > 0 && time.Now().After(end) }, args...)
}

// processUntil runs glyph as a process of its own, killed when that becomes true,
// which it asks every millisecond.
func processUntil(t *testing.T, kill func() bool, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "GLYPH_TEST_MAIN=1")
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended, polled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(polled)
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-ended:
				tick.Stop()
				return
			case <-tick.C:
				if kill() {
					cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may have ended just now
				}
			}
		}
	}()
	cmd.Wait() //nolint:errcheck // the exit status says it
	close(ended)
	<-polled
	return text.String(), cmd.ProcessState.ExitCode()
}

// same compares what two runs left.
func same(t *testing.T, a, b string) {
	t.Helper()
	for _, file := range []string{runs.LastFile, runs.BestFile} {
		if !bytes.Equal(read(t, filepath.Join(a, file)), read(t, filepath.Join(b, file))) {
			t.Errorf("%s differs", file)
		}
	}
	var metrics [2][]runs.Metric
	for i, dir := range []string{a, b} {
		list, err := runs.ReadMetrics(dir)
		if err != nil {
			t.Fatal(err)
		}
		for j := range list {
			if m := list[j]; m.ImagesPerSecond <= 0 || m.GradientNorm <= 0 || m.Loss <= 0 || m.LR <= 0 {
				t.Errorf("%s: metrics %+v", dir, m)
			}
			list[j].ImagesPerSecond = 0
		}
		metrics[i] = list
	}
	if len(metrics[0]) == 0 || !reflect.DeepEqual(metrics[0], metrics[1]) {
		t.Errorf("%d lines of metrics and %d, or others", len(metrics[0]), len(metrics[1]))
	}
	for _, dir := range []string{a, b} {
		if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

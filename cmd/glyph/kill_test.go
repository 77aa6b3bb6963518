package main

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"glyph/runs"
)

// killsVariable is the environment variable that says how often a training is
// killed in TestKilledRunsEndTheSame.
const killsVariable = "GLYPH_TEST_KILLS"

// kills is how often: 8 times, or as often as the environment says.
func kills(t *testing.T) int {
	text := os.Getenv(killsVariable)
	if text == "" {
		return 8
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s: want a number of at least 1", killsVariable, text)
	}
	return n
}

// A training that is killed again and again, each time it has come further, ends
// with the weights, the metrics and the test figures of one that never was. It is
// killed by what it has written: first when it has hardly begun, and then in turn
// after so much more of its metrics, and when it has a file half written.
// TestCheckpointSurvivesEveryCrash in package runs stops a writer after every call.
func TestKilledRunsEndTheSame(t *testing.T) {
	notShort(t)
	data, root := tinyData(t), t.TempDir()
	whole, killed := filepath.Join(root, "whole"), filepath.Join(root, "killed")
	args := func(dir string) []string {
		return append([]string{"train", "--data", data, "--report=false", "--out", dir, "--model", "vgg", "--filters", "3,4"},
			"--epochs", "30", "--optimizer", "adam", "--lr", "0.001", "--dropout", "0.1", "--holdout", "8",
			"--checkpoint", "1ns", "--augment", "--elastic", "2", "--stroke", "0.5", "--cutout", "9", "--ema", "0.9", "--batch", "3", "--backend", "cpu")
	}
	if out, code := process(t, args(whole)...); code != 0 {
		t.Fatal(out)
	}
	total, wanted := metricsSize(whole), kills(t)
	done, ended := 0, 0
	for next := args(killed); done < wanted; {
		seen := metricsSize(killed)
		further := seen + 1 + rand.Int64N(2*total/int64(wanted+1))
		out, code := processUntil(t, func() bool {
			size := metricsSize(killed)
			switch done % 4 {
			case 0:
				return size > seen || seen == 0 && exists(filepath.Join(killed, runs.ConfigFile))
			case 1:
				return size > seen && halfWritten(t, killed)
			}
			return size >= further
		}, next...)
		if strings.Contains(out, "is finished") { // killed when all was written
			code = 0
		}
		switch code {
		case -1:
			done++
			next = []string{"train", "--resume", killed, "--report=false"}
			if _, _, err := runs.ReadCheckpoint(killed); errors.Is(err, fs.ErrNotExist) { // it starts again in the same place
				next = args(killed)
			}
		case 0: // it ended before it was to be killed: once more from the start
			if ended++; ended > wanted {
				t.Fatalf("%d kills and %d runs to the end", done, ended)
			}
			same(t, whole, killed)
			if err := os.RemoveAll(killed); err != nil {
				t.Fatal(err)
			}
			next = args(killed)
		default:
			t.Fatalf("after %d kills: status %d: %s", done, code, out)
		}
	}
	if _, _, err := runs.ReadCheckpoint(killed); err == nil {
		if out, code := process(t, "train", "--resume", killed, "--report=false"); code != 0 && !strings.Contains(out, "is finished") {
			t.Fatal(out)
		}
		same(t, whole, killed)
	}
	t.Logf("%d kills, %d other runs to the end", done, ended)
}

// metricsSize is how much a run has written of its metrics.
func metricsSize(dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, "metrics.jsonl"))
	if err != nil {
		return 0
	}
	return info.Size()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// halfWritten reports whether a run has a file that is being written.
func halfWritten(t *testing.T, dir string) bool {
	left, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	if err != nil {
		t.Error(err)
	}
	return len(left) > 0 || exists(filepath.Join(dir, "checkpoint.next"))
}

// process runs glyph as a process of its own to its end.
func process(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	return processUntil(t, func() bool { return false }, args...)
}

// processUntil runs glyph as a process of its own, killed when that becomes true,
// which it asks every millisecond. The code of a process that was killed is -1.
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

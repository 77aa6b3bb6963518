package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"glyph/runs"
)

// A disk that fills up during a training ends it with one line. With room again,
// a run that had come to a checkpoint resumes, and ends as if nothing had been.
func TestTrainOnAFullDisk(t *testing.T) {
	data, dir, whole := tinyData(t), t.TempDir(), filepath.Join(t.TempDir(), "whole")
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12k"); err != nil {
		t.Skipf("a small file system to fill needs the right to mount one: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	if _, errOut, status := runGlyph(t, tinyTrain(data, whole, "--hidden", "64")...); status != 0 {
		t.Fatal(errOut)
	}
	resumed := false
	for _, size := range []string{"12k", "40k", "1200k"} {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size="+size); err != nil {
			t.Fatal(err)
		}
		run := filepath.Join(dir, size)
		_, errOut, status := runGlyph(t, tinyTrain(data, run, "--hidden", "64")...)
		if status != 1 || strings.Count(errOut, "no space left") != 1 || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: status %d: %s", size, status, errOut)
		}
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=16m"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := runs.ReadCheckpoint(run); err != nil {
			continue
		}
		resumed = true
		if _, errOut, status := runGlyph(t, "train", "--resume", run, "--report=false"); status != 0 {
			t.Errorf("%s: %s", size, errOut)
		}
		if !bytes.Equal(read(t, filepath.Join(run, runs.LastFile)), read(t, filepath.Join(whole, runs.LastFile))) {
			t.Errorf("%s: other weights", size)
		}
	}
	if !resumed {
		t.Error("no run came to a checkpoint")
	}
}

//go:build unix

package kmnist

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A named pipe would keep a reader waiting for its writer.
func TestPipeIsRefusedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), testLabels)
	if err := syscall.Mkfifo(path, 0o666); err != nil {
		t.Skip(err)
	}
	answer := make(chan error, 2)
	go func() {
		_, err := ReadLabels(path)
		answer <- err
		reports, err := Verify(filepath.Dir(path))
		if err != nil {
			answer <- err
			return
		}
		answer <- reports[3].Err
	}()
	for range 2 {
		select {
		case err := <-answer:
			if err == nil || !strings.Contains(err.Error(), "regular file") {
				t.Errorf("error %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("still waiting for the pipe's other end")
		}
	}
}

// A named pipe among pictures is left alone.
func TestPipeIsNoPicture(t *testing.T) {
	dir := folders(t, 20, 20, map[string]int{"a": 3, "b": 3})
	if err := syscall.Mkfifo(filepath.Join(dir, "a", "pipe.png"), 0o666); err != nil {
		t.Skip(err)
	}
	read := make(chan int, 1)
	go func() {
		d, err := Load(dir)
		if err != nil {
			t.Error(err)
		}
		read <- d.Train.Len() + d.Test.Len()
	}()
	select {
	case n := <-read:
		if n != 6 {
			t.Errorf("read %d pictures of 6", n)
		}
	case <-time.After(time.Minute):
		t.Error("still waiting for the pipe's writer")
	}
}

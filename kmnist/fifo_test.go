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

package tensorboard

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What can't be written is told once, not once an event.
func TestFullDiskIsOneError(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	w := &Writer{f: full, w: bufio.NewWriter(full), now: time.Now}
	defer w.f.Close()
	for step := range int64(1000) {
		w.Scalar("loss", step, 1)
		if err = w.Flush(); !errors.Is(err, syscall.ENOSPC) || strings.Count(err.Error(), "no space") != 1 {
			t.Fatalf("step %d: %v", step, err)
		}
	}
}

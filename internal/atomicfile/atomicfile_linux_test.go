package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"glyph/internal/message"
)

// A disk of 64 KiB fills up while a larger file is saved over a small one.
func TestWriteFileToFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no disk to fill: mounting one needs root: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	path := filepath.Join(dir, "f")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	err := WriteFile(path, make([]byte, 1<<20))
	if err == nil || err.Error() != path+" not saved: no space left on device" {
		t.Errorf("error %v", err)
	}
	untouched(t, path, "old")
}

// The error of a real full device comes through as it is.
func TestFullDevice(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	_, err = full.Write([]byte("x"))
	if got := message.Cause(err); got != syscall.ENOSPC || strings.Contains(got.Error(), "/dev") {
		t.Errorf("cause of %v is %v", err, got)
	}
}

// A pipe, or a device, is not replaced by a file.
func TestWriteFileToPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o666); err != nil {
		t.Skip(err)
	}
	if err := WriteFile(path, nil); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("error %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() {
		t.Errorf("the pipe became %v, %v", info, err)
	}
}

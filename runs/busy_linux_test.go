package runs

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// Another user, who may read a run and write nothing of it, sees that it is being
// written.
func TestBusyForOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	d, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := os.Chmod(filepath.Join(dir, lockFile), 0o444); err != nil {
		t.Fatal(err)
	}
	for path := dir; path != os.TempDir() && path != "/"; path = filepath.Dir(path) {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o5 != 0o5 {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if os.Getuid() != 0 {
		if !Busy(dir) {
			t.Error("not busy for one who may only read")
		}
		return
	}
	// root may write everything: look with the rights of nobody, on a thread of its
	// own that ends with the goroutine.
	busy := make(chan bool)
	writable := make(chan error)
	go func() {
		runtime.LockOSThread()
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0); errno != 0 {
			t.Error(errno)
		}
		f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR, 0)
		if err == nil {
			f.Close() //nolint:errcheck // nothing was written
		}
		writable <- err
		busy <- Busy(dir)
	}()
	if err := <-writable; err == nil {
		t.Skip("the rights of others can't be taken on")
	}
	if !<-busy {
		t.Error("not busy for one who may only read")
	}
}

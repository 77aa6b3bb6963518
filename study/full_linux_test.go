package study

import (
	"context"
	"strings"
	"syscall"
	"testing"
)

// A disk that is full stops the study with a line; what was finished is there,
// and once there is room the study goes on.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16k"); err != nil {
		t.Skipf("a small file system to fill needs the right to mount one: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	p := tinyPlan(t, 2)
	store, err := OpenStore(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	var c tally
	err = Run(context.Background(), p, store, c.options(Shard{}))
	if err == nil || !strings.Contains(err.Error(), "no space left") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a full disk: %v", err)
	}
	store.Close()
	kept, err := ReadContents(dir)
	if err != nil || len(kept.Results) == 0 {
		t.Fatalf("after a full disk: %v, %d results", err, len(kept.Results))
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=1m"); err != nil {
		t.Fatal(err)
	}
	all, again := runIn(t, dir, p, Shard{})
	if again+len(kept.Results) != len(all.Results) {
		t.Errorf("%d trials after %d of %d", again, len(kept.Results), len(all.Results))
	}
}

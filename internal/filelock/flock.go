//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

// Package filelock locks a file for one process. The system releases the lock
// when the process ends, however it ends.
package filelock

import (
	"errors"
	"os"
	"syscall"
)

// ErrLocked is the error of a file that another process has locked.
var ErrLocked = errors.New("another process has it locked")

// TryLock locks the file for this process, or fails at once with [ErrLocked].
// Closing the file releases it.
func TryLock(f *os.File) error { return flock(f, syscall.LOCK_EX) }

// TryShared locks the file together with others that do so.
func TryShared(f *os.File) error { return flock(f, syscall.LOCK_SH) }

func flock(f *os.File, how int) error {
	err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}

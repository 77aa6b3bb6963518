//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package filelock

import (
	"errors"
	"os"
)

// ErrLocked is the error of a file that another process has locked.
var ErrLocked = errors.New("another process has it locked")

// TryLock does nothing where there is no flock.
func TryLock(*os.File) error { return nil }

// TryShared does nothing where there is no flock.
func TryShared(*os.File) error { return nil }

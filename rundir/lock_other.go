//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package rundir

// Lock does nothing where there is no flock.
func Lock(string) (release func(), err error) { return func() {}, nil }

// Busy is not known there.
func Busy(string) bool { return false }

//go:build unix

package kernels

import "runtime/debug"

// faults reports whether f reads or writes memory that it must not.
func faults(f func()) (yes bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { yes = recover() != nil }()
	f()
	return false
}

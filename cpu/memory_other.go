//go:build !linux

package cpu

import "unsafe"

func adviseHuge(unsafe.Pointer, int) {}

//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"glyph"
)

// SetTiming has every kernel timed from here on, or not: by timer queries, or
// by a clock around a kernel run alone on devices that compute on the CPU,
// whose queries read 0. Timed kernels run one after the other.
func (b *Backend) SetTiming(on bool) { b.call(func() { b.setTiming(on) }) }

func (b *Backend) setTiming(on bool) {
	switch {
	case !on:
		b.state.timing = C.GLYPH_NO_TIMES
	case b.device.Software:
		b.state.timing = C.GLYPH_CLOCK_TIMES
	default:
		b.state.timing = C.GLYPH_QUERY_TIMES
	}
}

// Times lists the kernels timed since the last call, the slowest first.
func (b *Backend) Times() []glyph.KernelTime {
	var list []glyph.KernelTime
	b.call(func() { list = b.times() })
	return list
}

func (b *Backend) times() []glyph.KernelTime {
	var list []glyph.KernelTime
	for _, p := range b.programs {
		if p.c.calls > 0 {
			list = append(list, glyph.KernelTime{Name: p.name(), File: p.kernel.file, Calls: int(p.c.calls), Total: time.Duration(p.c.nanoseconds)})
			p.c.calls, p.c.nanoseconds = 0, 0
		}
	}
	slices.SortFunc(list, func(a, b glyph.KernelTime) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func printTimes(w io.Writer, list []glyph.KernelTime) {
	fmt.Fprintf(w, "%12s %8s %12s  kernel\n", "total", "calls", "each")
	for _, k := range list {
		fmt.Fprintf(w, "%12v %8d %12v  %s\n", k.Total.Round(time.Microsecond), k.Calls, (k.Total / time.Duration(k.Calls)).Round(10*time.Nanosecond), k.Name)
	}
}

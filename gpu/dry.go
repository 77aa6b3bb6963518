//go:build cgo

package gpu

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// dryDevice stands for a hardware GPU of no particular kind: the limits are those
// that the smaller ones of today have.
var dryDevice = Device{
	Renderer: "no device", Vendor: "none", Version: "none", OpenGL: "4.3", Context: "none",
	Limits: Limits{
		StorageBlock: 1 << 30, StorageBindings: 16, SharedMemory: 32 << 10, Invocations: 1024,
		GroupSize: [3]int{1024, 1024, 64}, Groups: [3]int{65535, 65535, 65535}, OffsetAlignment: 256,
	},
}

// Programs are the programs that the Backend has been asked for, in the order in which
// it was.
func (b *Backend) Programs() (list []Program, err error) {
	sorted := slices.SortedFunc(maps.Values(b.programs), func(p, q *program) int { return cmp.Compare(p.number, q.number) })
	for _, p := range sorted {
		source, err := b.source(p)
		if err != nil {
			return nil, fmt.Errorf("gpu: %w", err)
		}
		list = append(list, Program{p.kernel.file, p.name(), source.Text})
	}
	return list, nil
}

//go:build cgo

package gpu

import (
	"fmt"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// getInt asks the current context for a number, 0 where the driver does not know it.
func getInt(name uint32) int {
	var v int32
	gl.GetIntegerv(name, &v)
	return int(v)
}

// limits asks the current context for its limits.
func limits() Limits {
	get := getInt
	l := Limits{
		StorageBindings: min(get(gl.MAX_COMPUTE_SHADER_STORAGE_BLOCKS), get(gl.MAX_SHADER_STORAGE_BUFFER_BINDINGS)),
		SharedMemory:    get(gl.MAX_COMPUTE_SHARED_MEMORY_SIZE),
		Invocations:     get(gl.MAX_COMPUTE_WORK_GROUP_INVOCATIONS),
		OffsetAlignment: get(gl.SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT),
	}
	gl.GetInteger64v(gl.MAX_SHADER_STORAGE_BLOCK_SIZE, &l.StorageBlock)
	for i := range uint32(3) {
		var v int32
		gl.GetIntegeri_v(gl.MAX_COMPUTE_WORK_GROUP_COUNT, i, &v)
		l.Groups[i] = int(v)
		gl.GetIntegeri_v(gl.MAX_COMPUTE_WORK_GROUP_SIZE, i, &v)
		l.GroupSize[i] = int(v)
	}
	return l
}

// check reports what the kernels need and the device does not have. OpenGL 4.3
// promises all of it but the size of a block, 16 MiB there.
func (l Limits) check() error {
	for _, need := range []struct {
		what      string
		has, want int64
	}{
		{"storage blocks of %d bytes; %d are needed", l.StorageBlock, 16 << 20},
		{"%d storage blocks a kernel; %d are needed", int64(l.StorageBindings), maxBindings},
		{"%d bytes of shared memory; %d are needed", int64(l.SharedMemory), 32 << 10},
		{"%d invocations a work group; %d are needed", int64(l.Invocations), 256},
		{"%d invocations along x; %d are needed", int64(l.GroupSize[0]), 256},
		{"%d work groups a dispatch; %d are needed", int64(l.Groups[0]), 65535},
	} {
		if need.has < need.want {
			return fmt.Errorf("only "+need.what, need.has, need.want)
		}
	}
	if l.OffsetAlignment > bindAlign {
		return fmt.Errorf("storage blocks begin at multiples of %d bytes; at most %d is supported", l.OffsetAlignment, bindAlign)
	}
	return nil
}

// deviceMemory is what GL_NVX_gpu_memory_info or GL_ATI_meminfo report, in bytes.
func deviceMemory() (total, free int64) {
	const (
		dedicatedNVX = 0x9047
		availableNVX = 0x9049
		freeATI      = 0x87FC // four numbers, the first the free memory
	)
	var v [4]int32 // KiB
	switch {
	case hasExtension("GL_NVX_gpu_memory_info"):
		gl.GetIntegerv(dedicatedNVX, &v[0])
		gl.GetIntegerv(availableNVX, &v[1])
		return int64(v[0]) << 10, int64(v[1]) << 10
	case hasExtension("GL_ATI_meminfo"):
		gl.GetIntegerv(freeATI, &v[0])
		return 0, int64(v[0]) << 10
	}
	return 0, 0
}

package gpu

import "fmt"

// Options choose the device of a Backend and how it is monitored. The zero value
// is the first hardware GPU, or software OpenGL where there is none.
type Options struct {
	// Device is an index of Devices, or a part of a renderer's name in any
	// case: "1", "h200". Empty chooses the first hardware GPU, else whatever
	// OpenGL there is.
	Device string
	// Hardware excludes devices that compute on the CPU, for a caller with a
	// faster way to do that.
	Hardware bool
	// Context is "egl", "glfw", or empty for EGL first.
	Context string
	// Dry makes a Backend without a device, which needs no OpenGL: it chooses
	// programs as on a hardware GPU, keeps their sources for Programs, and
	// counts commands without running them. What is read from it is zero. Device is
	// then the vendor whose programs these are: "Intel", or empty for every other.
	Dry bool
	// Time has every kernel timed, as GLYPH_GL_TIME=1 does.
	Time bool
	// Cache is the folder for program binaries; empty takes GLYPH_CACHE, else
	// the user's cache folder. "off" keeps none.
	Cache string
	// Fuse is "off" to have a recorded step done operation by operation, as
	// GLYPH_GPU_FUSE=off does, and not compiled; "on", or empty without that variable,
	// compiles. The numbers are the same.
	Fuse string
	// Tune is "on" to have the tiles of products chosen by time, "fixed" to have only
	// what was measured before, or "off", as GLYPH_GPU_TUNE does. Empty is on for
	// hardware and off for software OpenGL. The numbers are the same.
	Tune string
}

// Program is a program as a driver gets it.
type Program struct {
	Kernel string // its file, "dense.comp"
	Name   string // the file with the values it is specialised for
	Text   string // GLSL, after #include and #define
}

// Device describes an OpenGL device.
type Device struct {
	Index    int    `json:"index"`
	Renderer string `json:"renderer"` // "NVIDIA H200/PCIe/SSE2"
	Vendor   string `json:"vendor"`
	Version  string `json:"version"`  // OpenGL version with the driver's: "4.6.0 NVIDIA 550.90.07"
	OpenGL   string `json:"opengl"`   // "4.6"
	Context  string `json:"context"`  // "EGL device 0", "EGL surfaceless", "GLFW"
	Software bool   `json:"software"` // computes on the CPU

	Memory     int64 `json:"memory"`      // bytes of its own, or 0 where the driver does not tell
	MemoryFree int64 `json:"memory_free"` // the same, free

	// Work groups run on multiprocessors, which execute an instruction for a warp of
	// invocations at once. Each of these is 0 where the driver does not tell.
	Multiprocessors int `json:"multiprocessors"`
	Warps           int `json:"warps"` // that a multiprocessor runs at a time
	Warp            int `json:"warp"`  // invocations

	Limits Limits `json:"limits"`
}

// Limits are those of OpenGL's limits that decide what a device can run.
type Limits struct {
	StorageBlock    int64  `json:"storage_block"`    // bytes of the largest tensor
	StorageBindings int    `json:"storage_bindings"` // tensors of a kernel
	SharedMemory    int    `json:"shared_memory"`    // bytes of a work group
	Invocations     int    `json:"invocations"`      // of a work group
	GroupSize       [3]int `json:"group_size"`       // invocations along each direction
	Groups          [3]int `json:"groups"`           // of a dispatch along each direction
	OffsetAlignment int    `json:"offset_alignment"` // bytes
}

// Kind is "hardware" or "software".
func (d Device) Kind() string {
	if d.Software {
		return "software"
	}
	return "hardware"
}

func (d Device) String() string { return fmt.Sprintf("%s (OpenGL %s)", d.Renderer, d.OpenGL) }

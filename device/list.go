package device

import (
	"fmt"
	"runtime"

	"glyph/cpu"
	"glyph/gpu"
	"glyph/internal/message"
)

// Inventory is the devices of this machine. As JSON it is what glyph devices --json
// prints.
type Inventory struct {
	CPU       string       `json:"cpu"`
	Workers   int          `json:"workers"`
	Kernels   string       `json:"kernels"` // what computes products on the CPU
	GPUs      []gpu.Device `json:"gpus"`
	GPUError  string       `json:"gpu_error,omitempty"`
	Auto      string       `json:"auto"` // what auto takes: a renderer or "cpu"
	AutoCause string       `json:"auto_cause,omitempty"`
	Advice    []Advice     `json:"advice,omitempty"` // what keeps OpenGL from a hardware GPU

	Plain string `json:"-"` // why the CPU is without kernels in assembly, or ""
}

// List looks for devices, and opens what auto takes, to know that it can.
func List() (Inventory, error) {
	r := Inventory{CPU: cpu.Device(), Workers: runtime.GOMAXPROCS(0), Kernels: cpu.Kernel(), Plain: cpu.Plain(), Auto: CPU}
	var err error
	if r.GPUs, err = gpu.Devices(); err != nil {
		r.GPUError = err.Error()
	}
	r.Advice = here().diagnose(r.GPUs, r.GPUError)
	auto, err := Choice{Kind: Auto}.Open()
	if err != nil {
		return r, err
	}
	r.AutoCause = auto.Note
	if auto.Kind == GPU {
		r.Auto = auto.Hardware
	}
	return r, auto.Close()
}

// TilesOf says where the tiles that were measured for a GPU are.
func TilesOf(d gpu.Device) string {
	path, n := gpu.TileFile(d)
	switch {
	case path == "":
		return "no file: there is no cache folder"
	case n > 0:
		return fmt.Sprintf("measured for %s, in %s; delete it to measure again", message.Count(n, "product"), message.Quote(path))
	case d.Software:
		return "none measured; with GLYPH_GPU_TUNE=on they go to " + message.Quote(path)
	}
	return "none measured yet; they go to " + message.Quote(path)
}

// MultiprocessorsOf is what the driver tells about a GPU's multiprocessors: "132, warps of 32".
func MultiprocessorsOf(d gpu.Device) string {
	text := "unknown"
	if d.Multiprocessors > 0 {
		text = fmt.Sprint(d.Multiprocessors)
	}
	if d.Warp > 0 {
		text += fmt.Sprintf(", warps of %d", d.Warp)
	}
	return text
}

// Package device opens a backend by name: the GPU, the CPU, or whichever is
// available.
//
// It knows every backend, so it stands beside them and is part of none; trainings
// and studies open theirs through it.
package device

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"

	"glyph"
	"glyph/cpu"
	"glyph/gpu"
)

// Kinds are the names to choose from: auto takes a hardware GPU, or the CPU if there
// is none.
func Kinds() []string { return []string{Auto, GPU, CPU, Gonum} }

// The kinds, and that of the oracle, which computes in float64 on the CPU.
const (
	Auto  = "auto"
	GPU   = "gpu"
	CPU   = "cpu"
	Gonum = "gonum" // the CPU without assembly, slowly: a Device of the kind CPU
	CPU64 = "cpu64"
)

// Choice is the user's choice of backend.
type Choice struct {
	Kind  string // one of Kinds
	Which string // a GPU, by its number or a part of its name; "" for the first

	// Window asks for a GPU in a context that can show a window: that of the display.
	// It is never replaced by the CPU.
	Window bool
}

// Device is an open backend and its description.
type Device struct {
	glyph.Backend
	Kind     string // GPU, CPU or CPU64
	Hardware string // the processor or the renderer
	Note     string // why it was chosen, or a warning, or ""
	Version  string // of OpenGL, with the driver's; or ""
}

// Software reports whether a GPU's backend computes on the processor.
func (d Device) Software() bool {
	g, ok := d.Backend.(*gpu.Backend)
	return ok && g.Software()
}

// Memory is the bytes that a GPU has, or 0 where that is not known.
func (d Device) Memory() int64 {
	if g, ok := d.Backend.(*gpu.Backend); ok {
		return g.Device().Memory
	}
	return 0
}

// Title is the backend with its hardware.
func (d Device) Title() string {
	if d.Kind != GPU {
		return d.Name() + ", " + d.Hardware
	}
	return d.Name()
}

// Arithmetic is what decides the bits of its results: of a processor the number
// type, the kernels and the architecture, but neither the model nor the number of
// workers.
func (d Device) Arithmetic() string {
	c, ok := d.Backend.(glyph.Kernels)
	if !ok || d.Kind != CPU {
		return d.Name()
	}
	text := "cpu float32, " + c.Arithmetic()
	if runtime.GOARCH != "amd64" { // older versions did not say so
		text += ", " + runtime.GOARCH
	}
	return text
}

// Kernels says what computes products on the CPU; it is "" for other devices.
func (d Device) Kernels() string {
	if c, ok := d.Backend.(glyph.Kernels); ok && d.Kind == CPU {
		return c.Kernel()
	}
	return ""
}

// Open opens what was asked for. A GPU that was asked for is never replaced by the
// CPU; auto does that, and its note says why. The error is one line.
func (c Choice) Open() (Device, error) {
	switch {
	case !slices.Contains(Kinds(), c.Kind):
		return Device{}, message.Unknown("backend", c.Kind, Kinds())
	case c.Window:
		return openGPU(c.options())
	case c.Kind == CPU:
		return OpenCPU(), nil
	case c.Kind == Gonum:
		return Device{Backend: cpu.NewGonum[float32](0), Kind: CPU, Hardware: cpu.Device()}, nil
	case c.Kind == GPU || c.Which != "":
		d, err := openGPU(c.options())
		if err != nil && strings.Contains(c.Which, ",") {
			err = fmt.Errorf("%w; several GPUs are for glyph study and glyph sweep", err)
		}
		return d, err
	}
	d, err := openGPU(c.options())
	if err != nil {
		d = OpenCPU()
		d.Note = strings.TrimSuffix(fmt.Sprintf("auto chose the cpu: %s\n%s", strings.TrimPrefix(err.Error(), "gpu: "), d.Note), "\n")
	}
	return d, nil
}

// options are those of the GPU: auto takes hardware alone.
func (c Choice) options() gpu.Options {
	o := gpu.Options{Device: c.Which, Hardware: c.Kind == Auto}
	if c.Window {
		o.Context = "glfw"
	}
	return o
}

// CheckWindow says in a line why no window can be shown for the choice, and what to do.
func (c Choice) CheckWindow() error {
	switch err := gpu.CanShow(); {
	case c.Kind == CPU || c.Kind == Gonum:
		return fmt.Errorf("a window is drawn by the GPU that trains, and the backend is %s; choose --backend gpu, or leave --window out", c.Kind)
	case err != nil:
		return windowError(err)
	}
	return nil
}

// windowError is err with what to do about it.
func windowError(err error) error {
	text, advice := strings.TrimPrefix(err.Error(), "gpu: "), "leave --window out"
	switch {
	case strings.Contains(text, "-tags glfw"):
		text, advice = "this build has no windows", "build one that has with: go build -tags glfw ./cmd/glyph, or leave --window out"
	case strings.Contains(text, "CGO_ENABLED=0"):
		advice = "build it with cgo and -tags glfw, or leave --window out"
	case strings.Contains(text, "display") || strings.Contains(text, "DISPLAY"):
		advice = "start it on a desktop or through xvfb-run, or leave --window out"
	case strings.Contains(text, "no hardware GPU"):
		advice = "--backend gpu takes that, or leave --window out"
	}
	return fmt.Errorf("%s; %s", text, advice)
}

// OpenCPU opens the CPU with a worker for each processor.
func OpenCPU() Device {
	d := Device{Backend: cpu.New[float32](0), Kind: CPU, Hardware: cpu.Device()}
	if plain := cpu.Plain(); plain != "" {
		d.Note = "warning: the cpu backend runs on gonum, several times slower: " + plain
	}
	return d
}

// OpenOracle opens the CPU in float64, which every other backend is held to.
func OpenOracle() Device {
	return Device{Backend: cpu.NewOracle(0), Kind: CPU64, Hardware: cpu.Device()}
}

// oldZink is a warning of zink in a Mesa that is older than the one it was found right in,
// of software, or "".
func oldZink(renderer, version string) string {
	_, mesa, found := strings.Cut(version, "Mesa ")
	major, _, _ := strings.Cut(mesa, ".")
	if n, err := strconv.Atoi(major); !strings.HasPrefix(renderer, "zink ") || !found || err != nil || n >= 25 {
		return ""
	}
	return "; zink gives wrong numbers in Mesa 22.3.6, and right ones in 25.0.7, and GALLIUM_DRIVER=llvmpipe gives right ones in both"
}

func openGPU(o gpu.Options) (Device, error) {
	b, err := gpu.Open(o)
	if err != nil && o.Context == "glfw" {
		err = fmt.Errorf("--window: %w", windowError(err))
	}
	if err != nil {
		return Device{}, err
	}
	d := Device{Backend: b, Kind: GPU, Hardware: b.Device().Renderer, Version: b.Device().Version}
	if b.Software() {
		d.Note = fmt.Sprintf("warning: %s is a software renderer; the cpu backend is faster%s", d.Hardware, oldZink(d.Hardware, d.Version))
	}
	if note := b.TileNote(); note != "" {
		d.Note = strings.TrimPrefix(d.Note+"\n"+note, "\n")
	}
	return d, nil
}

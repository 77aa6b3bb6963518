package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/cpu"
	"glyph/gpu"
)

// backendFlags say where to compute.
type backendFlags struct{ kind, which string }

func (f *backendFlags) add(flags *pflag.FlagSet, kind string) {
	flags.StringVar(&f.kind, "backend", kind, "where to compute: auto (a hardware GPU, else the CPU), gpu, cpu, or gonum (the CPU in plain order, slowly)")
	flags.StringVar(&f.which, "device", "", "`GPU` by its number in glyph devices or a part of its name")
}

// backendKinds are the values of --backend.
var backendKinds = []string{"auto", "gpu", "cpu"}

// check tells what is wrong with the flags before anything is opened.
func (f *backendFlags) check() error {
	switch {
	case !slices.Contains([]string{"auto", "gpu", "cpu", "gonum"}, f.kind):
		return fmt.Errorf("--backend must be auto, gpu, cpu or gonum, not %q", f.kind)
	case (f.kind == "cpu" || f.kind == "gonum") && f.which != "":
		return fmt.Errorf("--device chooses a GPU; leave it out with --backend %s", f.kind)
	}
	return nil
}

// device is an open backend and how to speak of it.
type device struct {
	glyph.Backend
	kind string // "cpu", "cpu64" or "gpu"
	name string // the processor or the renderer
	note string // why this one, or what to beware of, or ""

	version string // of OpenGL, with the driver's; or ""
}

// title is the backend with its device.
func (d device) title() string {
	if d.kind != "gpu" {
		return d.Name() + ", " + d.name
	}
	return d.Name()
}

// arithmetic is what decides the bits of its results: of a processor the number
// type, the kernels and the architecture, but neither the model nor the number of
// workers.
func (d device) arithmetic() string {
	c, ok := d.Backend.(*cpu.Backend[float32])
	if !ok {
		return d.Name()
	}
	text := "cpu float32, " + c.Arithmetic()
	if runtime.GOARCH != "amd64" { // older versions did not say so
		text += ", " + runtime.GOARCH
	}
	return text
}

// open opens the backend of the flags. gpu never falls back; auto does, and
// says why.
func (f *backendFlags) open() (device, error) {
	if err := f.check(); err != nil {
		return device{}, err
	}
	switch f.kind {
	case "gpu":
		return openGPU(gpu.Options{Device: f.which})
	case "cpu":
		return openCPU(""), nil
	case "gonum":
		return device{Backend: cpu.NewGonum[float32](0), kind: "cpu", name: cpu.Device()}, nil
	}
	d, err := openGPU(gpu.Options{Device: f.which, Hardware: true})
	if err != nil && f.which != "" {
		return device{}, err // a device asked for is not replaced by another
	}
	if err != nil {
		return openCPU(fmt.Sprintf("auto chose the cpu: %v", err)), nil
	}
	return d, nil
}

// kernels says what computes products on the CPU, or "".
func (d device) kernels() string {
	if c, ok := d.Backend.(*cpu.Backend[float32]); ok {
		return c.Kernel()
	}
	return ""
}

func openCPU(note string) device {
	if plain := cpu.Plain(); plain != "" {
		note = strings.TrimPrefix(note+"\nwarning: the cpu backend runs on gonum, several times slower: "+plain, "\n")
	}
	return device{Backend: cpu.New[float32](0), kind: "cpu", name: cpu.Device(), note: note}
}

func openGPU(o gpu.Options) (device, error) {
	b, err := gpu.Open(o)
	if err != nil {
		return device{}, err
	}
	d := device{Backend: b, kind: "gpu", name: b.Device().Renderer, version: b.Device().Version}
	if b.Software() {
		d.note = fmt.Sprintf("warning: %s is a software renderer; the cpu backend is faster", b.Device().Renderer)
	}
	return d, nil
}

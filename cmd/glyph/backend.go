package main

import (
	"fmt"

	"glyph"
	"glyph/cpu"
)

// device is an open backend and how to speak of it.
type device struct {
	glyph.Backend
	kind string // "cpu" or "gpu"
	name string // the processor or the renderer
	note string // why this one, where it was chosen
}

// openBackend opens the backend of --backend.
func openBackend(kind string) (device, error) {
	switch kind {
	case "auto":
		return device{cpu.New[float32](0), "cpu", cpu.Device(), "auto chose the cpu: this version has no gpu backend"}, nil
	case "cpu":
		return device{cpu.New[float32](0), "cpu", cpu.Device(), ""}, nil
	case "gpu":
		return device{}, fmt.Errorf("--backend gpu: this version has no gpu backend; use --backend cpu")
	}
	return device{}, fmt.Errorf("--backend %s: want auto, gpu or cpu", kind)
}

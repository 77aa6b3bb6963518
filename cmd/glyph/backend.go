package main

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"glyph/device"
)

// backendFlags say where to compute.
type backendFlags struct{ device.Choice }

func (f *backendFlags) add(flags *pflag.FlagSet, kind string) {
	flags.StringVar(&f.Kind, "backend", kind, "where to compute: auto (a hardware GPU, else the CPU), gpu, cpu, or gonum (the CPU in plain order, slowly)")
	flags.StringVar(&f.Which, "device", "", "`GPU` by its number in glyph devices or a part of its name")
}

// check tells what is wrong with the flags before anything is opened.
func (f *backendFlags) check() error {
	switch {
	case !slices.Contains(device.Kinds(), f.Kind):
		return fmt.Errorf("--backend must be auto, gpu, cpu or gonum, not %q", f.Kind)
	case (f.Kind == device.CPU || f.Kind == device.Gonum) && f.Which != "":
		return fmt.Errorf("--device chooses a GPU; leave it out with --backend %s", f.Kind)
	}
	return nil
}

// open opens the backend of the flags.
func (f *backendFlags) open() (device.Device, error) {
	if err := f.check(); err != nil {
		return device.Device{}, err
	}
	return f.Open()
}

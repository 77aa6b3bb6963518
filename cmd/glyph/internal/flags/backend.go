package flags

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"glyph/device"
)

// Backend is the flags that say where to compute.
type Backend struct{ device.Choice }

// Add adds the flags, with the default kind.
func (f *Backend) Add(fs *pflag.FlagSet, kind string) {
	fs.StringVar(&f.Kind, "backend", kind, "where to compute: auto (a hardware GPU, else the CPU), gpu, cpu, or gonum (the CPU without assembly, slowly)")
	fs.StringVar(&f.Which, "device", "", "`GPU` by its number in glyph devices or a part of its name")
}

// Check reports what is wrong with the flags before anything is opened.
func (f *Backend) Check() error {
	switch {
	case !slices.Contains(device.Kinds(), f.Kind):
		return fmt.Errorf("--backend must be auto, gpu, cpu or gonum, not %q", f.Kind)
	case (f.Kind == device.CPU || f.Kind == device.Gonum) && f.Which != "":
		return fmt.Errorf("--device chooses a GPU; leave it out with --backend %s", f.Kind)
	case f.Window:
		if err := f.CheckWindow(); err != nil {
			return fmt.Errorf("--window: %w", err)
		}
	}
	return nil
}

// Open opens the backend of the flags.
func (f *Backend) Open() (device.Device, error) {
	if err := f.Check(); err != nil {
		return device.Device{}, err
	}
	return f.Choice.Open()
}

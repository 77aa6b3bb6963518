package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"glyph/cpu"
	"glyph/device"
	"glyph/gpu"
	"glyph/internal/message"
)

// devicesReport is what glyph devices --json prints.
type devicesReport struct {
	CPU       string       `json:"cpu"`
	Workers   int          `json:"workers"`
	Kernels   string       `json:"kernels"` // what computes products on the CPU
	GPUs      []gpu.Device `json:"gpus"`
	GPUError  string       `json:"gpu_error,omitempty"`
	Auto      string       `json:"auto"` // what auto takes: a renderer or "cpu"
	AutoCause string       `json:"auto_cause,omitempty"`
}

func newDevices() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "List the available devices, and which one auto takes",
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := devicesReport{CPU: cpu.Device(), Workers: runtime.GOMAXPROCS(0), Kernels: cpu.Kernel(), Auto: "cpu"}
			var err error
			if r.GPUs, err = gpu.Devices(); err != nil {
				r.GPUError = err.Error()
			}
			auto, err := device.Choice{Kind: device.Auto}.Open()
			if err != nil {
				return err
			}
			defer auto.Close() //nolint:errcheck // nothing ran on it
			r.AutoCause = auto.Note
			if auto.Kind == "gpu" {
				r.Auto = auto.Hardware
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r)
			}
			return printDevices(cmd.OutOrStdout(), r)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func printDevices(out io.Writer, r devicesReport) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "cpu\t%s, %s\n", r.CPU, message.Count(r.Workers, "worker"))
	if plain := cpu.Plain(); plain != "" {
		fmt.Fprintf(w, "kernels\t%s, several times slower than assembly: %s\n", r.Kernels, plain)
	} else {
		fmt.Fprintf(w, "kernels\t%s\n", r.Kernels)
	}
	for _, d := range r.GPUs {
		l := d.Limits
		fmt.Fprintf(w, "\t\ngpu %d\t%s\n", d.Index, d.Renderer)
		fmt.Fprintf(w, "\t%s, %s\n", d.Kind(), d.Context)
		fmt.Fprintf(w, "vendor\t%s\n", d.Vendor)
		fmt.Fprintf(w, "OpenGL\t%s\n", d.Version)
		if d.Memory > 0 {
			fmt.Fprintf(w, "memory\t%s, %s free\n", byteSize(d.Memory), byteSize(d.MemoryFree))
		} else {
			fmt.Fprintf(w, "memory\tnot reported by the driver\n")
		}
		fmt.Fprintf(w, "largest tensor\t%s\n", byteSize(l.StorageBlock))
		fmt.Fprintf(w, "work group\t%d invocations, %d × %d × %d, %s shared\n", l.Invocations, l.GroupSize[0], l.GroupSize[1], l.GroupSize[2], byteSize(int64(l.SharedMemory)))
		fmt.Fprintf(w, "dispatch\t%d × %d × %d groups, %d storage buffers\n", l.Groups[0], l.Groups[1], l.Groups[2], l.StorageBindings)
	}
	if r.GPUError != "" {
		fmt.Fprintf(w, "\t\ngpu\tnone: %s\n", r.GPUError)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Auto == "cpu" {
		fmt.Fprintf(out, "\n%s\n", r.AutoCause)
	} else {
		fmt.Fprintf(out, "\nauto chooses %s, the first hardware GPU\n", r.Auto)
	}
	return nil
}

// byteSize writes a size in the unit that suits it.
func byteSize(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.size {
			return fmt.Sprintf("%.4g %s", float64(n)/float64(u.size), u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

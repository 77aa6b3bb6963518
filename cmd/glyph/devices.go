package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"glyph/device"
	"glyph/internal/message"
)

func newDevices() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "List the available devices, and which one auto takes",
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := device.List()
			if err != nil {
				return err
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

func printDevices(out io.Writer, r device.Inventory) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "cpu\t%s, %s\n", r.CPU, message.Count(r.Workers, "worker"))
	if r.Plain != "" {
		fmt.Fprintf(w, "kernels\t%s, several times slower than assembly: %s\n", r.Kernels, r.Plain)
	} else {
		fmt.Fprintf(w, "kernels\t%s\n", r.Kernels)
	}
	for _, d := range r.GPUs {
		l := d.Limits
		fmt.Fprintf(w, "\t\ngpu %d\t%s\n", d.Index, d.Renderer)
		where := "computes by itself"
		if d.Software {
			where = "computes on the processor"
		}
		fmt.Fprintf(w, "kind\t%s: it %s (%s)\n", d.Kind(), where, d.Context)
		fmt.Fprintf(w, "vendor\t%s\n", d.Vendor)
		fmt.Fprintf(w, "OpenGL\t%s\n", d.Version)
		if d.Memory > 0 {
			fmt.Fprintf(w, "memory\t%s, %s free\n", message.Bytes(d.Memory), message.Bytes(d.MemoryFree))
		} else {
			fmt.Fprintf(w, "memory\tnot reported by the driver\n")
		}
		fmt.Fprintf(w, "largest tensor\t%s\n", message.Bytes(l.StorageBlock))
		fmt.Fprintf(w, "work group\t%d invocations, %d × %d × %d, %s shared\n", l.Invocations, l.GroupSize[0], l.GroupSize[1], l.GroupSize[2], message.Bytes(int64(l.SharedMemory)))
		fmt.Fprintf(w, "dispatch\t%d × %d × %d groups, %d storage buffers\n", l.Groups[0], l.Groups[1], l.Groups[2], l.StorageBindings)
	}
	if r.GPUError != "" {
		fmt.Fprintf(w, "\t\ngpu\tnone: %s\n", r.GPUError)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, a := range r.Advice {
		if i == 0 {
			fmt.Fprintln(out, "\nwhy OpenGL finds no hardware GPU, and what to do:")
		}
		fmt.Fprintf(out, "- %s:\n  %s\n", message.Escape(a.Why), message.Escape(a.Do))
	}
	if r.Auto == "cpu" {
		fmt.Fprintf(out, "\n%s\n", r.AutoCause)
	} else {
		fmt.Fprintf(out, "\nauto chooses %s, the first hardware GPU\n", r.Auto)
	}
	return nil
}

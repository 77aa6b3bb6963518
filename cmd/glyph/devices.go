package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/terminal"
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
	width := terminal.Width(out)
	rows := [][2]string{{"cpu", r.CPU + ", " + message.Count(r.Workers, "worker")}, {"kernels", r.Kernels}}
	if r.Plain != "" {
		rows[1][1] += ", several times slower than assembly: " + r.Plain
	}
	for i := range r.GPUs {
		rows = append(rows, deviceRows(r, i)...)
	}
	if r.GPUError != "" {
		rows = append(rows, [2]string{}, [2]string{"gpu", "none: " + r.GPUError})
	}
	text := terminal.Fields(rows, width)
	for i, a := range r.Advice {
		if i == 0 {
			text += "\n" + terminal.Wrap("", "why OpenGL finds no hardware GPU, and what to do:", width)
		}
		text += terminal.Wrap("- ", message.Escape(a.Why)+":", width) + terminal.Wrap("  ", message.Escape(a.Do), width)
	}
	last := r.AutoCause
	if r.Auto != "cpu" {
		last = fmt.Sprintf("auto chooses %s, the first hardware GPU", r.Auto)
	}
	text += "\n"
	for _, line := range strings.Split(last, "\n") {
		text += terminal.Wrap("", line, width)
	}
	_, err := io.WriteString(out, text)
	return err
}

// deviceRows describe GPU i, below an empty line.
func deviceRows(r device.Inventory, i int) [][2]string {
	d := r.GPUs[i]
	l, where, memory := d.Limits, "computes by itself", "not reported by the driver"
	if d.Software {
		where = "computes on the processor"
	}
	if d.Memory > 0 {
		memory = message.Bytes(d.Memory) + ", " + message.Bytes(d.MemoryFree) + " free"
	}
	return [][2]string{
		{}, {fmt.Sprint("gpu ", d.Index), d.Renderer},
		{"kind", fmt.Sprintf("%s: it %s (%s)", d.Kind(), where, d.Context)},
		{"vendor", d.Vendor},
		{"OpenGL", d.Version},
		{"memory", memory},
		{"multiprocessors", device.MultiprocessorsOf(d)},
		{"largest tensor", message.Bytes(l.StorageBlock)},
		{"work group", fmt.Sprintf("%d invocations, %d × %d × %d, %s shared", l.Invocations, l.GroupSize[0], l.GroupSize[1], l.GroupSize[2], message.Bytes(int64(l.SharedMemory)))},
		{"tiles", device.TilesOf(d)},
		{"dispatch", fmt.Sprintf("%d × %d × %d groups, %d storage buffers", l.Groups[0], l.Groups[1], l.Groups[2], l.StorageBindings)},
	}
}

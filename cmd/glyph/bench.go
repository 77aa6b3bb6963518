package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/backendtest/timing"
	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/device"
)

func newBench() *cobra.Command {
	var where flags.Backend
	var o timing.Options
	var asJSON bool
	var dump, shared, show string
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure operations and training steps on a backend",
		Long: `Measure each operation of a training step of the presets: its arithmetic, its
memory traffic, and its share of the roofline, the lower of the limits set by the
device's arithmetic and its memory, both measured in the same run (on a CPU, by
its arithmetic alone; operations bound by memory, such as batch normalisation, stand
beside a copy of as many bytes). Then measure whole training steps.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := notEmpty(cmd.Flags(), "share", "show", "dump-shaders"); err != nil {
				return err
			}
			if cmd.Flags().Changed("dump-shaders") {
				return dumpShaders(cmd.OutOrStdout(), dump, o.Network)
			}
			if cmd.Flags().Changed("show") {
				return showShared(cmd.OutOrStdout(), show)
			}
			if shared != "" && asJSON {
				return errors.New("--share writes a file and --json prints; choose one")
			}
			if err := checkShare(shared); shared != "" && err != nil {
				return err
			}
			if o.Each < time.Millisecond || o.Each > time.Minute {
				return fmt.Errorf("--time must be from 1ms to 1m, not %v", o.Each)
			}
			if err := o.Check(); err != nil {
				return fmt.Errorf("--model: %w", err)
			}
			dev, err := where.Open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // Measure has reported device errors
			r := timing.Report{Backend: dev.Kind, Device: dev.Hardware, Version: dev.Version, Kernels: dev.Kernels()}
			out := cmd.OutOrStdout()
			if !asJSON {
				err := r.Measure(cmd.Context(), dev.Backend, o, showOn(out, dev))
				if err == nil && shared != "" {
					err = share(out, shared, cmd.Root().Version, dev, r)
				}
				return err
			}
			if err := r.Measure(cmd.Context(), dev.Backend, o, timing.Show{}); err != nil {
				return err
			}
			return json.NewEncoder(out).Encode(r)
		},
	}
	where.Add(cmd.Flags(), "auto")
	cmd.Flags().DurationVar(&o.Each, "time", 200*time.Millisecond, "how long to measure each thing")
	cmd.Flags().StringVar(&o.Network, "model", "", "measure only this `preset` (default: "+strings.Join(timing.Networks(), ", ")+")")
	cmd.Flags().BoolVar(&o.Operations, "operations", true, "measure single operations besides whole steps")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of tables")
	cmd.Flags().StringVar(&shared, "share", "", "write the figures to `FILE`, without anything personal, to share")
	cmd.Flags().StringVar(&show, "show", "", "print the tables of a `FILE` that --share wrote, and measure nothing")
	cmd.Flags().StringVar(&dump, "dump-shaders", "", "write the programs that a hardware GPU is given to `DIR` and measure nothing; it needs no GPU")
	return cmd
}

// showOn prints results as they come.
func showOn(out io.Writer, dev device.Device) timing.Show {
	return timing.Show{
		Peak: func(r *timing.Report) {
			if dev.Note != "" {
				terminal.Say(out, "%s", dev.Note)
			}
			terminal.Fold(out, 2, dev.Title())
			printPeak(out, r)
		},
		Operations: func(r *timing.Report, ops []timing.Operation) { printOps(out, ops, r.PeakFLOPS > 0) },
		Steps: func(r *timing.Report) {
			printSteps(out, r.Steps)
			printTiles(out, r.Tiles)
		},
	}
}

// notEmpty reports a flag that is given without the path it takes.
func notEmpty(fs *pflag.FlagSet, names ...string) error {
	for _, name := range names {
		if f := fs.Lookup(name); f.Changed && f.Value.String() == "" {
			return fmt.Errorf("--%s is empty: which file or folder?", name)
		}
	}
	return nil
}

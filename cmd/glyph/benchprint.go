package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"glyph"
	"glyph/backendtest/timing"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
)

func printPeak(out io.Writer, r *timing.Report) {
	switch {
	case r.Version != "":
		terminal.Fold(out, 2, fmt.Sprintf("OpenGL %s\npeak %.4g GFLOP/s, %.4g GB/s", r.Version, r.PeakFLOPS/1e9, r.PeakBytes/1e9))
	case r.PeakFLOPS > 0:
		terminal.Fold(out, 2, fmt.Sprintf("peak %.4g GFLOP/s: multiply-adds in registers", r.PeakFLOPS/1e9))
	}
}

func printOps(out io.Writer, ops []timing.Operation, peak bool) {
	copies := slices.ContainsFunc(ops, func(o timing.Operation) bool { return o.CopyGBytes > 0 })
	head := []string{fmt.Sprintf("%s, batch %d", ops[0].Model, ops[0].Batch), "", "time", "GFLOP/s", "GB/s"}
	if copies {
		head = append(head, "GB/s of a copy")
	}
	if peak {
		head = append(head, "of the roofline")
	}
	rows := [][]string{head}
	known := func(format string, v float64) string { // 0 is not known
		if v > 0 {
			return fmt.Sprintf(format, v)
		}
		return "-"
	}
	for _, o := range ops {
		row := []string{o.Op, o.Shape, message.Brief(seconds(o.Seconds)).String(), known("%.4g", o.GFLOPS), fmt.Sprintf("%.3g", o.GBytes)}
		if copies {
			row = append(row, known("%.3g", o.CopyGBytes))
		}
		if peak {
			row = append(row, known("%.1f %%", 100*o.Roofline))
		}
		rows = append(rows, row)
	}
	printTable(out, rows)
}

// printTable prints rows below an empty line, as wide as the terminal.
func printTable(out io.Writer, rows [][]string) {
	fmt.Fprint(out, "\n", terminal.Table(rows, terminal.Width(out), false))
}

func printSteps(out io.Writer, steps []timing.Step) {
	rows := [][]string{{"training", "batch", "a step", "images/s", "epoch of 60,000", "GFLOP/s"}}
	if steps[0].Counts != nil {
		rows[0] = append(rows[0], "dispatches", "barriers", "transfers", "waits per step")
	}
	for _, s := range steps {
		row := []string{
			s.Model, fmt.Sprint(s.Batch), message.Brief(seconds(s.Seconds)).String(), message.Thousands(int(s.ImagesPerSecond)),
			message.Brief(seconds(s.Epoch)).String(), fmt.Sprintf("%.4g", s.GFLOPS),
		}
		if c := s.Counts; c != nil {
			row = append(row, fmt.Sprint(c.Dispatches), fmt.Sprint(c.Barriers), fmt.Sprint(c.Transfers), fmt.Sprint(c.Waits))
		}
		rows = append(rows, row)
	}
	printTable(out, rows)
	printCosts(out, steps)
}

// printCosts is what recorded steps ask of a device that compiles them.
func printCosts(out io.Writer, steps []timing.Step) {
	if steps[0].Compiled == nil {
		return
	}
	rows := [][]string{{"a recorded step", "batch", "", "dispatches", "barriers", "bindings", "MB moved"}}
	for _, s := range steps {
		for i, c := range [...]*glyph.StepCost{s.Asked, s.Compiled} {
			how := [...]string{"as asked for", "compiled"}[i]
			rows = append(rows, []string{
				s.Model, fmt.Sprint(s.Batch), how, fmt.Sprint(c.Dispatches), fmt.Sprint(c.Barriers), fmt.Sprint(c.Bindings), fmt.Sprintf("%.2f", float64(c.Bytes)/1e6),
			})
		}
	}
	printTable(out, rows)
}

// printTiles is which tile each product takes, and how that was chosen.
func printTiles(out io.Writer, tiles []glyph.TileChoice) {
	if len(tiles) == 0 {
		return
	}
	rows := [][]string{{"product", "tile", "parts of a sum", "chosen"}}
	for _, t := range tiles {
		rows = append(rows, []string{t.Product, t.Tile, fmt.Sprint(t.Parts), t.How})
	}
	printTable(out, rows)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

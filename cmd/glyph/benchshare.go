package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"glyph/backendtest/timing"
	"glyph/device"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
)

// checkShare reports that the file can't be written, before minutes are spent.
func checkShare(file string) error {
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("--share %s exists already; name a new file", message.Quote(file))
	}
	dir := filepath.Dir(file)
	if !isDir(dir) {
		return fmt.Errorf("--share %s: there is no directory %s", message.Quote(file), message.Quote(dir))
	}
	probe, err := os.CreateTemp(dir, ".glyph-share-*")
	if err != nil {
		return fmt.Errorf("--share %s: no file can be made there: %w", message.Quote(file), message.Cause(err))
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// share writes the report to a file that can be given away.
func share(out io.Writer, file, version string, dev device.Device, r timing.Report) error {
	s := timing.Shared{
		Glyph: version, Day: time.Now().UTC().Format(time.DateOnly), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Software: dev.Software(), Memory: dev.Memory(), Report: r,
	}
	text, err := s.Encode()
	if err == nil {
		err = atomicfile.WriteFile(file, text)
	}
	if err != nil {
		return fmt.Errorf("--share: %w", err)
	}
	fmt.Fprintf(out, "\nwrote %s: the device, the driver and the figures above, and no name, path or number of this machine\n", message.Quote(file))
	return nil
}

// showShared prints a shared report as the tables of docs/gpus.md are.
func showShared(out io.Writer, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("--show: %w", err)
	}
	s, err := timing.DecodeShared(text)
	if err != nil {
		return fmt.Errorf("--show %s: %w", message.Quote(file), err)
	}
	kind := "hardware"
	if s.Software {
		kind = "software"
	}
	fmt.Fprintf(out, "%s, %s, glyph %s, %s\n", message.Quote(s.Report.Device), kind, message.Quote(s.Glyph), s.Day)
	if s.Memory > 0 {
		fmt.Fprintf(out, "memory %s\n", message.Bytes(s.Memory))
	}
	r := s.Report
	r.Version = message.Quote(r.Version)
	printPeak(out, &r)
	fmt.Fprintln(out, "\n| network | batch | µs a step | images/s | epoch of 60,000 |\n|---|---|---|---|---|")
	for _, step := range r.Steps {
		fmt.Fprintf(out, "| %s | %d | %.1f | %s | %v |\n", message.Quote(step.Model), step.Batch, step.Seconds*1e6,
			message.Thousands(int(step.ImagesPerSecond)), message.Brief(seconds(step.Epoch)))
	}
	return nil
}

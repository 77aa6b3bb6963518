package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"glyph/backendtest"
	"glyph/device"
	"glyph/internal/message"
)

// programsFile lists the programs that dumpShaders writes.
const programsFile = "programs.tsv"

// dumpIntel is the folder in dumpShaders's for the programs that Intel's GPUs are given.
const dumpIntel = "intel"

// dumpShaders writes the programs that a hardware GPU is given for the preset, or for
// all, in a file each, and a list of them: the file, what asked for it first, and what
// it is specialised for. Those for Intel's, which has tiles of its own, are in a folder
// in that one.
func dumpShaders(out io.Writer, dir, preset string) error {
	networks, err := backendtest.VariantNetworks(preset)
	if err != nil {
		return fmt.Errorf("--model: %w", err)
	}
	if err := newFolder(dir); err != nil {
		return fmt.Errorf("--dump-shaders: %w", err)
	}
	n, err := dumpFor("", dir, networks, preset == "")
	if err != nil {
		return err
	}
	intel := filepath.Join(dir, dumpIntel)
	if err := os.Mkdir(intel, 0o755); err != nil {
		return err
	}
	m, err := dumpFor("Intel", intel, networks, preset == "")
	if err == nil {
		fmt.Fprintf(out, "wrote %s to %s, and %d for Intel to %s in it, each listed in %s\n",
			message.Count(n, "program"), message.Quote(dir), m, dumpIntel, programsFile)
	}
	return err
}

// dumpFor writes the programs for a vendor's GPU, and with others those of operations
// that no network has.
func dumpFor(vendor, dir string, networks []backendtest.VariantNetwork, others bool) (int, error) {
	b, err := device.OpenDry(vendor)
	if err != nil {
		return 0, err
	}
	defer b.Close() //nolint:errcheck // it has no device that could fail
	var why []string
	asked := func(what string) {
		list, programsErr := b.Programs()
		for err = errors.Join(err, programsErr); len(why) < len(list); {
			why = append(why, what)
		}
	}
	for _, n := range networks {
		if err := errors.Join(n.Ask(b, asked), err); err != nil {
			return 0, err
		}
	}
	if others {
		err = errors.Join(backendtest.AskOthers(b), err)
		asked("other operations")
	}
	return writePrograms(dir, b, why, err)
}

// newFolder makes a folder, which may be there if it is empty: programs of an earlier
// version beside those of this one would be taken for them.
func newFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	list, err := os.ReadDir(dir)
	if err == nil && len(list) > 0 {
		err = fmt.Errorf("%s has files in it already; name a new folder", message.Quote(dir))
	}
	return err
}

func writePrograms(dir string, b device.Dry, why []string, err error) (int, error) {
	list, programsErr := b.Programs()
	if err = errors.Join(err, programsErr); err != nil {
		return 0, err
	}
	var index strings.Builder
	w := csv.NewWriter(&index)
	w.Comma = '\t'
	rows := [][]string{{"file", "first asked for by", "program"}}
	for i, p := range list {
		name := programFile(p.Name)
		rows = append(rows, []string{name, why[i], p.Name})
		if err := os.WriteFile(filepath.Join(dir, name), []byte(p.Text), 0o644); err != nil {
			return 0, err
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return 0, err
	}
	return len(list), os.WriteFile(filepath.Join(dir, programsFile), []byte(index.String()), 0o644)
}

// programFile is the file of a program: "dense.comp THREADS=64 BM=32" is in
// dense-64.32.comp.
func programFile(name string) string {
	fields := strings.Fields(name)
	var values []string
	for _, f := range fields[1:] {
		_, v, _ := strings.Cut(f, "=")
		values = append(values, v)
	}
	return strings.TrimSuffix(fields[0], ".comp") + "-" + strings.Join(values, ".") + ".comp"
}

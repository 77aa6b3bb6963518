package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"glyph/cmd/glyph/internal/flags"
	"glyph/device"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/runs/tensorboard"
	"glyph/runs/training"
	"glyph/settings"
)

func removeFile(dir, name string) error { return os.Remove(filepath.Join(dir, name)) }

// oldRun is a copy of a run that an older version left, trained on the tiny data.
func oldRun(t *testing.T, name, data string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("../../runs/testdata/old", name))); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, runs.ConfigFile)
	text := bytes.Replace(read(t, config), []byte("/nosuch/data"), []byte(data), 1)
	write(t, config, bytes.Replace(text, []byte(`"1ns"`), []byte(`"5m"`), 1)) // a checkpoint a step takes long
	return dir
}

// A run that an older version was killed in is resumed, and ends with the weights
// of one that this version trains from the beginning.
func TestRunOfAnOlderVersionResumes(t *testing.T) {
	data := tinyData(t)
	dir, whole := oldRun(t, "crashed", data), filepath.Join(t.TempDir(), "whole")
	c, _, err := runs.ReadCheckpoint(dir)
	if err != nil {
		t.Fatal(err)
	}
	out, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false")
	if status != 0 || !strings.Contains(out, "in epoch 6 of 30") {
		t.Fatalf("%s%s", out, errOut)
	}
	if _, errOut, status := runGlyph(t, "train", "--config", filepath.Join(dir, runs.ConfigFile), "--report=false", "--out", whole); status != 0 {
		t.Fatal(errOut)
	}
	same := device.OpenCPU().Arithmetic() == c.Arithmetic
	if warned := strings.Contains(out, "rounds differently"); warned == same {
		t.Errorf("with the same kernels: %v; warned: %v", same, warned)
	}
	for _, file := range []string{runs.LastFile, runs.BestFile} {
		a, err := runs.OpenWeights(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		b, err := runs.OpenWeights(filepath.Join(whole, file))
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Tensors {
			for j, v := range a.Tensors[i].Data {
				if same && v != b.Tensors[i].Data[j] {
					t.Fatalf("%s: other weights", file)
				}
			}
		}
	}
	if r, err := runs.Open(dir); err != nil || r.State != runs.Finished || r.Epoch != 30 || r.BestEpoch < 6 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A run that began with --weights is moved and resumed, and its config repeats it
// from its new place. So do those of older versions, which named the old place.
func TestMovedRunKeepsItsStart(t *testing.T) {
	data, first := trainedRun(t)
	root := t.TempDir()
	second, moved := filepath.Join(root, "second"), filepath.Join(root, "elsewhere", "moved")
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--weights", first, "--epochs", "2", "--lr", "0.001", "--report=false", "--backend", "cpu", "--out", second); status != 0 {
		t.Fatal(errOut)
	}
	want := read(t, filepath.Join(second, runs.LastFile))
	if err := os.RemoveAll(first); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(moved), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(second, moved); err != nil {
		t.Fatal(err)
	}
	old := oldRun(t, "fromweights", data) // its config names /nosuch/fromweights/start.safetensors
	for _, dir := range []string{moved, old} {
		// As if it had been killed before its last checkpoint.
		for _, file := range []string{runs.SummaryFile, "checkpoint"} {
			if err := removeFile(dir, file); err != nil {
				t.Fatal(err)
			}
		}
		if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 0 {
			t.Errorf("%s does not resume: %s", dir, errOut)
		}
		again := filepath.Join(root, "again of "+filepath.Base(dir))
		if _, errOut, status := runGlyph(t, "train", "--config", filepath.Join(dir, runs.ConfigFile), "--report=false", "--out", again); status != 0 {
			t.Errorf("the config of %s does not repeat it: %s", dir, errOut)
		}
	}
	if got := read(t, filepath.Join(moved, runs.LastFile)); !bytes.Equal(got, want) {
		t.Error("the moved run ends with other weights")
	}
	// A path on the command line is one of the present directory, and not the run's.
	if _, errOut, status := runGlyph(t, "train", "--config", filepath.Join(moved, runs.ConfigFile), "--weights", runs.StartFile, "--out", filepath.Join(root, "x")); status != 1 || !strings.Contains(errOut, "no run or file start.safetensors") {
		t.Errorf("status %d: %s", status, errOut)
	}
}

// A run that was killed between its summary and its report gets the report when it
// is resumed, and is finished then.
func TestResumeCompletesTheReport(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--report", "--backend", "cpu", "--epochs", "2")...); status != 0 {
		t.Fatal(errOut)
	}
	for _, name := range []string{runs.ReportFile, runs.PlotsDir} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	before := read(t, filepath.Join(dir, runs.SummaryFile))
	if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 1 || !strings.Contains(errOut, "is finished") {
		t.Errorf("without a report: status %d, %s", status, errOut)
	}
	out, errOut, status := runGlyph(t, "train", "--resume", dir)
	if status != 0 || !strings.Contains(out, "report   ") {
		t.Fatalf("status %d: %s%s", status, out, errOut)
	}
	if page := read(t, filepath.Join(dir, runs.ReportFile)); !bytes.Contains(page, []byte("<svg")) {
		t.Error("the report has no figures")
	}
	lines, err := runs.ReadMetrics(dir)
	if err != nil {
		t.Fatal(err)
	}
	// Once by the training, and once now: at the step that the scalars end at.
	if steps := pictureSteps(t, dir); len(steps) != 4 || slices.Min(steps) != lines[len(lines)-1].Step || slices.Max(steps) != slices.Min(steps) {
		t.Errorf("TensorBoard's pictures are at the steps %v, and the last scalars at %d", steps, lines[len(lines)-1].Step)
	}
	if !bytes.Equal(read(t, filepath.Join(dir, runs.SummaryFile)), before) {
		t.Error("the summary changed")
	}
	if _, errOut, status := runGlyph(t, "train", "--resume", dir); status != 1 || !strings.Contains(errOut, "is finished") {
		t.Errorf("complete: status %d, %s", status, errOut)
	}
}

// pictureSteps are the steps of the pictures in a run's event files.
func pictureSteps(t *testing.T, dir string) (steps []int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, tensorboard.Prefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for data := read(t, file); len(data) > 0; {
			n := binary.LittleEndian.Uint64(data) // a record: its length and its event, each with a checksum
			event := data[12 : 12+n]
			data = data[12+n+4:]
			step := 0
			for len(event) > 0 {
				number, kind, m := protowire.ConsumeTag(event)
				event = event[m:]
				switch {
				case number == 2 && kind == protowire.VarintType:
					v, m := protowire.ConsumeVarint(event)
					step, event = int(v), event[m:]
				case number == 5 && kind == protowire.BytesType:
					v, m := protowire.ConsumeBytes(event)
					event = event[m:]
					if bytes.Contains(v, []byte("\x89PNG")) {
						steps = append(steps, step)
					}
				default:
					event = event[protowire.ConsumeFieldValue(number, kind, event):]
				}
			}
		}
	}
	return steps
}

// A directory with other things in it is refused, and they stay.
func TestOutAmongOtherThings(t *testing.T) {
	data, home := tinyData(t), t.TempDir()
	write(t, filepath.Join(home, "letter.tmp"), []byte("dear"))
	_, errOut, status := runGlyph(t, tinyTrain(data, home)...)
	if status != 1 || !strings.Contains(errOut, "holds files that are not a run's, such as letter.tmp") || strings.Count(errOut, "\n") != 1 {
		t.Errorf("status %d: %s", status, errOut)
	}
	if entries, err := os.ReadDir(home); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	if text := read(t, filepath.Join(home, "letter.tmp")); string(text) != "dear" {
		t.Errorf("%q", text)
	}
}

// Trainings that name no directory get one each, even in the same second.
func TestDefaultNames(t *testing.T) {
	data := tinyData(t)
	t.Chdir(t.TempDir())
	for range 4 {
		if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "linear", "--epochs", "1", "--report=false", "--backend", "cpu"); status != 0 {
			t.Fatal(errOut)
		}
	}
	list, err := runs.List(flags.RunsDir)
	if err != nil || len(list) != 4 {
		t.Errorf("%d runs, %v", len(list), err)
	}
}

// Another number of workers rounds the same and is not warned of; other kernels
// are.
func TestResumeWarnsOfOtherKernels(t *testing.T) {
	data := tinyData(t)
	for device, warn := range map[string]bool{
		device.OpenCPU().Arithmetic() + ", 97 workers, Some Processor": false,
		"cpu float32, other packed gemm, 2 workers, AMD EPYC":          true,
	} {
		dir := oldRun(t, "crashed", data)
		c, _, err := runs.ReadCheckpoint(dir)
		if err != nil {
			t.Fatal(err)
		}
		// As version 1 had it: what rounds is a part of the device's name.
		if c.Device, c.Arithmetic = device, ""; runs.WriteCheckpoint(dir, *c) != nil {
			t.Fatal(err)
		}
		out, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false")
		if status != 0 || strings.Contains(out, "rounds differently") != warn {
			t.Errorf("from %s: status %d: %s%s", device, status, out, errOut)
		}
	}
}

// A run that a Go program began, and whose config is of its settings, is resumed by
// the command as if it were its own.
func TestResumesRunOfTheLibrary(t *testing.T) {
	data, err := kmnist.Open(t.Context(), tinyData(t), kmnist.Options{})
	if err != nil {
		t.Fatal(err)
	}
	task := training.Task{Settings: settings.Default(), Data: data}
	task.Settings.Model, task.Settings.Hidden, task.Settings.Epochs, task.Settings.Batch = "mlp", []int{4}, 2, 7
	task.Settings.Augment.Rotation, task.Settings.Validation = 7.3, 8
	dir, err := runs.Create(filepath.Join(t.TempDir(), "run"))
	if err != nil {
		t.Fatal(err)
	}
	tr, err := training.New(task)
	if err != nil {
		t.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close()
	if err := errors.Join(tr.Build(dev), tr.Record(dir)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := tr.Train(ctx)
	if err := errors.Join(err, tr.Keep(s, false)); err != nil {
		t.Fatal(err)
	}
	tr.Close()
	dir.Close()
	if out, errOut, status := runGlyph(t, "train", "--resume", dir.Path, "--report=false"); status != 0 || !strings.Contains(out, "resumed") {
		t.Fatalf("status %d: %s%s", status, out, errOut)
	}
	if r, err := runs.Open(dir.Path); err != nil || r.State != runs.Finished || r.Epoch != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

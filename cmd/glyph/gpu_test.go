package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"glyph/backendtest/timing"
	"glyph/device"
	"glyph/gpu"
	"glyph/internal/needs"
	"glyph/runs"
)

// needGPU skips the test where there is no OpenGL.
func needGPU(t *testing.T) {
	t.Helper()
	_, err := gpu.Devices()
	needs.GPU(t, err)
}

// The same training on the GPU twice writes the same weights, and a training on
// the CPU has the same losses up to rounding.
func TestTrainOnGPU(t *testing.T) {
	needGPU(t)
	data, root := tinyData(t), t.TempDir()
	loss := map[string]float64{}
	for _, run := range []string{"gpu", "gpu again", "cpu"} {
		kind, _, _ := strings.Cut(run, " ")
		dir := filepath.Join(root, strings.ReplaceAll(run, " ", "-"))
		args := append(tinyTrain(data, dir), "--backend", kind, "--json", "--dropout", "0.2", "--epochs", "3", "--optimizer", "adam", "--lr", "0.01")
		out, errOut, status := runGlyph(t, args...)
		if status != 0 {
			t.Fatal(errOut)
		}
		var got struct {
			Backend string  `json:"backend"`
			Loss    float64 `json:"train_loss"`
		}
		lastJSON(t, out, &got)
		if got.Backend != kind {
			t.Fatalf("%+v", got)
		}
		loss[run] = got.Loss
	}
	first, again := read(t, filepath.Join(root, "gpu", runs.LastFile)), read(t, filepath.Join(root, "gpu-again", runs.LastFile))
	if string(first) != string(again) {
		t.Error("the same training on the GPU wrote other weights")
	}
	// Nine steps of Adam amplify a rounding of 2⁻²⁴ by far less than 1e4.
	if d := loss["gpu"] - loss["cpu"]; !(d < 1e-3 && d > -1e-3) {
		t.Errorf("training loss %v on the GPU, %v on the CPU", loss["gpu"], loss["cpu"])
	}
}

// A training on the GPU that goes on from a checkpoint inside an epoch ends with
// the bits of one that never stopped.
func TestResumeOnGPU(t *testing.T) {
	notShort(t)
	needGPU(t)
	data, root := tinyData(t), t.TempDir()
	whole, cut := filepath.Join(root, "whole"), filepath.Join(root, "cut")
	args := func(dir string) []string {
		return tinyTrain(data, dir, "--backend", "gpu", "--optimizer", "adam", "--lr", "0.01", "--dropout", "0.2", "--augment", "--batch", "3",
			"--epochs", "12", "--holdout", "8", "--checkpoint", "1ns")
	}
	if out, code := process(t, args(whole)...); code != 0 {
		t.Fatal(out)
	}
	step := 400 / kills(t) // of 384 images
	next, seen, killed := args(cut), 0, 0
	for {
		// Killed a few steps further than the last time, wherever in a step that is.
		out, code := processUntil(t, func() bool { return trainedImages(cut) > seen+step }, next...)
		if code == 0 || finished(cut) {
			break
		}
		if code != -1 {
			t.Fatalf("status %d: %s", code, out)
		}
		killed++
		seen, next = trainedImages(cut), []string{"train", "--resume", cut, "--report=false"}
	}
	if killed == 0 {
		t.Error("the training was over before it could be killed")
	}
	same(t, whole, cut)
	t.Logf("killed and resumed %d times", killed)
}

// trainedImages is how many images the newest checkpoint has seen, 0 if there is none.
func trainedImages(dir string) int {
	c, _, err := runs.ReadCheckpoint(dir)
	if err != nil {
		return 0
	}
	return c.State.Images
}

// finished says that a run has its results.
func finished(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, runs.SummaryFile))
	return err == nil
}

func TestCompare(t *testing.T) {
	notShort(t)
	needGPU(t)
	data := tinyData(t)
	for _, args := range [][]string{
		{"--model", "linear"},
		{"--model", "mlp", "--hidden", "20,12", "--activation", "tanh", "--augment", "--optimizer", "adam", "--l2", "0.01", "--dropout", "0.2"},
		{"--model", "cnn", "--filters", "4,5", "--units", "12", "--optimizer", "nesterov"},
		{"--model", "vgg", "--filters", "3,5", "--optimizer", "adamw", "--ema", "0.9", "--elastic", "2", "--stroke", "0.5", "--cutout", "8"},
		{"--model", "resnet", "--depth", "8", "--width", "3"},
		{"--config", writeConfig(t, "model = \"cnn\"\nfilters = [3]\nunits = [8]\nactivation = \"leaky-relu\"\nepochs = 7\nout = \"nowhere\"\npatience = 2\nholdout = 0.1\nschedule = \"cosine\"\nwarmup = 3\n")},
	} {
		out, errOut, status := runGlyph(t, append([]string{"compare", "--data", data, "--steps", "3", "--batch", "10"}, args...)...)
		if status != 0 {
			t.Errorf("%v: %s%s", args, out, errOut)
		}
		for _, part := range []string{"Gather", "SoftmaxCrossEntropy", "Optimize", "loss on gpu", "images/s"} {
			if !strings.Contains(out, part) {
				t.Errorf("%v: no %s in\n%s", args, part, out)
			}
		}
	}
}

func writeConfig(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "config.toml")
	write(t, path, []byte(text))
	return path
}

// The oracle is read in float64: a copy in it has no error at all.
func TestCompareReadsTheOracleExactly(t *testing.T) {
	notShort(t)
	out, errOut, status := runGlyph(t, "compare", "--backend", "cpu", "--model", "linear", "--steps", "1")
	if status != 0 {
		t.Fatal(errOut)
	}
	if row := regexp.MustCompile(`(?m)^Gather .*$`).FindString(out); len(strings.Fields(row)) != 6 || strings.Fields(row)[4] != "0.000" {
		t.Errorf("%q in\n%s", row, out)
	}
}

func TestBench(t *testing.T) {
	notShort(t)
	for _, kind := range []string{"cpu", "gpu"} {
		t.Run(kind, func(t *testing.T) {
			if kind == "gpu" {
				needGPU(t)
			}
			out, errOut, status := runGlyph(t, "bench", "--backend", kind, "--model", "mlp", "--time", "1ms", "--json")
			if status != 0 {
				t.Fatal(errOut)
			}
			var r timing.Report
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			if len(r.Operations) != 9 || r.Operations[1].Op != "GatherAugmented" || len(r.Steps) != 2 || r.Backend != kind {
				t.Errorf("%+v", r)
			}
			for _, s := range r.Steps {
				if s.ImagesPerSecond <= 0 || (kind == "gpu") != (s.Counts != nil) {
					t.Errorf("%+v", s)
				}
				if c := s.Compiled; (kind == "gpu") != (c != nil) || c != nil && (c.Dispatches > 4 || c.Barriers > 4 || c.Bytes >= s.Asked.Bytes) {
					t.Errorf("compiled, a step has %+v", c)
				}
				if c := s.Counts; c != nil && (c.Dispatches > 8 || c.Transfers != 0 || c.Waits != 0) {
					t.Errorf("a step has %+v", *c)
				}
			}
		})
	}
}

func TestDevices(t *testing.T) {
	out, errOut, status := runGlyph(t, "devices", "--json")
	var r device.Inventory
	if err := json.Unmarshal([]byte(out), &r); err != nil || status != 0 || r.CPU == "" {
		t.Errorf("%s%s%v", out, errOut, err)
	}
	if (len(r.GPUs) == 0) != (r.GPUError != "") {
		t.Errorf("%+v", r)
	}
}

// A device's multiprocessors are listed, or that they are unknown.
func TestDevicesMultiprocessors(t *testing.T) {
	for want, d := range map[string]gpu.Device{
		"multiprocessors  132, warps of 32\n":     {Multiprocessors: 132, Warps: 64, Warp: 32},
		"multiprocessors  unknown, warps of 64\n": {Warp: 64},
		"multiprocessors  unknown\n":              {},
	} {
		var out strings.Builder
		if err := printDevices(&out, device.Inventory{GPUs: []gpu.Device{d}, Auto: "cpu"}); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s%v", want, out.String(), err)
		}
		text, err := json.Marshal(d)
		var back gpu.Device
		if err != nil || json.Unmarshal(text, &back) != nil || back != d || !strings.Contains(string(text), fmt.Sprintf(`"multiprocessors":%d,`, d.Multiprocessors)) {
			t.Errorf("%+v as JSON is %s", d, text)
		}
	}
}

// A sweep and a study on several GPUs have the results of one.
func TestSeveralDevices(t *testing.T) {
	notShort(t)
	needGPU(t)
	data, root := tinyData(t), t.TempDir()
	results := map[string]map[string]string{}
	for _, devices := range []string{"0", "0,0"} {
		out := filepath.Join(root, devices)
		printed, errOut, status := runGlyph(t, "sweep", "--model", "linear", "--lr", "0.1,0.3", "--seed", "1..2", "--epochs", "1", "--batch", "20",
			"--backend", "gpu", "--device", devices, "--data", data, "--out", out)
		if status != 0 || !strings.Contains(printed, fmt.Sprintf("%d training", strings.Count(devices, ",")+1)) {
			t.Fatal(printed, errOut)
		}
		results[devices] = map[string]string{}
		for _, m := range regexp.MustCompile(`"result":\{"id":"(\w+)".*?("accuracy":[\d.e-]+,"loss":[\d.e-]+)`).FindAllStringSubmatch(string(read(t, filepath.Join(out, "results.jsonl"))), -1) {
			results[devices][m[1]] = m[2]
		}
	}
	if one, two := results["0"], results["0,0"]; len(one) != 4 || !maps.Equal(one, two) {
		t.Errorf("one device: %v\ntwo: %v", one, two)
	}
}

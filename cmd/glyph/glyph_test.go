package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/runs"
)

// runGlyph runs a command line.
func runGlyph(t testing.TB, args ...string) (out, errOut string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(args, &o, &e)
	return o.String(), e.String(), status
}

// lastJSON reads the last line of what a command printed.
func lastJSON(t testing.TB, out string, to any) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), to); err != nil {
		t.Fatalf("the last line is no JSON: %v", err)
	}
}

// tinyData writes 40 training and 20 test images whose class is where the
// brightest row is.
func tinyData(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, s := range []struct {
		prefix string
		n      int
	}{{"train", 40}, {"t10k", 20}} {
		images := binary.BigEndian.AppendUint32(nil, 0x803)
		labels := binary.BigEndian.AppendUint32(nil, 0x801)
		for _, d := range []uint32{uint32(s.n), 28, 28} {
			images = binary.BigEndian.AppendUint32(images, d)
		}
		labels = binary.BigEndian.AppendUint32(labels, uint32(s.n))
		for i := range s.n {
			labels = append(labels, byte(i%10))
			for p := range 784 {
				v := byte(p * (i + 7) % 50)
				if p/28/2 == i%10 {
					v += 200
				}
				images = append(images, v)
			}
		}
		write(t, filepath.Join(dir, s.prefix+"-images-idx3-ubyte"), images)
		write(t, filepath.Join(dir, s.prefix+"-labels-idx1-ubyte"), labels)
	}
	return dir
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func tinyTrain(data, out string, more ...string) []string {
	return append([]string{"train", "--data", data, "--model", "mlp", "--hidden", "16", "--epochs", "20", "--batch", "16", "--lr", "0.1", "--report=false", "--out", out}, more...)
}

func TestTrainThenEval(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "new", "run")
	out, errOut, status := runGlyph(t, tinyTrain(data, dir, "--json", "--l2", "1e-4", "--dropout", "0.1")...)
	if status != 0 {
		t.Fatalf("status %d: %s", status, errOut)
	}
	var got map[string]any
	lastJSON(t, out, &got)
	for _, key := range []string{"data", "train_images", "test_images", "model", "parameters", "backend", "device", "epochs",
		"seconds", "images_per_second", "train_loss", "test_loss", "test_accuracy", "seed"} {
		if _, ok := got[key]; !ok {
			t.Errorf("the JSON has no %s", key)
		}
	}
	if got["train_images"] != 40.0 || got["test_images"] != 20.0 || got["epochs"] != 20.0 || got["parameters"] != 784.0*16+16+160+10 {
		t.Errorf("%v", got)
	}
	if got["test_accuracy"].(float64) < 0.9 {
		t.Errorf("accuracy %v on an easy set", got["test_accuracy"])
	}

	out, errOut, status = runGlyph(t, "eval", dir, "--json")
	if status != 0 {
		t.Fatalf("eval: status %d: %s", status, errOut)
	}
	var again map[string]any
	lastJSON(t, out, &again)
	for _, key := range []string{"test_loss", "test_accuracy", "data", "model", "parameters"} {
		if a, b := again[key], got[key]; a != b {
			// Another batch size adds the same losses in another order.
			if x, ok := a.(float64); !ok || x-b.(float64) > 1e-6 || b.(float64)-x > 1e-6 {
				t.Errorf("%s is %v in eval and %v in train", key, a, b)
			}
		}
	}
}

func TestSameCommandSameBits(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	var files [3][]byte
	for i, seed := range []string{"1", "1", "2"} {
		dir := filepath.Join(root, string(rune('a'+i)))
		if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--epochs", "5", "--seed", seed, "--dropout", "0.2", "--holdout", "0.25")...); status != 0 {
			t.Fatal(errOut)
		}
		files[i] = read(t, filepath.Join(dir, runs.LastFile))
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same command wrote other weights")
	}
	if bytes.Equal(files[0], files[2]) {
		t.Error("another seed wrote the same weights")
	}
}

func TestConfig(t *testing.T) {
	data, dir := tinyData(t), t.TempDir()
	file := filepath.Join(dir, "run.toml")
	write(t, file, []byte("model = \"mlp\"\nhidden = [6, 5]\nlr = 0.1\nepochs = 3\nbatch = 16\ndata = \""+data+"\"\n"))
	out, errOut, status := runGlyph(t, "train", "--config", file, "--epochs", "2", "--json", "--out", "none")
	if status != 0 {
		t.Fatal(errOut)
	}
	for _, part := range []string{`"epochs":2`, `"hidden":[6,5]`, `"lr":0.1`} {
		if !strings.Contains(out, part) {
			t.Errorf("no %s in %s", part, out)
		}
	}
}

// A run that starts from another's weights takes its network too, and its
// config repeats it where the other is gone.
func TestTrainFromWeights(t *testing.T) {
	data, first := trainedRun(t)
	root := t.TempDir()
	second, third := filepath.Join(root, "second"), filepath.Join(root, "third")
	out, errOut, status := runGlyph(t, "train", "--data", data, "--weights", first, "--epochs", "1", "--lr", "0.001", "--out", second)
	if status != 0 {
		t.Fatal(errOut)
	}
	if !strings.Contains(out, "mlp") || !strings.Contains(out, "accuracy 100.00 %") {
		t.Errorf("it did not go on from what was learnt:\n%s", out)
	}
	if err := os.RemoveAll(first); err != nil {
		t.Fatal(err)
	}
	if _, errOut, status := runGlyph(t, "train", "--config", filepath.Join(second, runs.ConfigFile), "--report=false", "--out", third); status != 0 {
		t.Fatal(errOut)
	}
	if !bytes.Equal(read(t, filepath.Join(second, runs.LastFile)), read(t, filepath.Join(third, runs.LastFile))) {
		t.Error("its config trains to other weights")
	}
	page := string(read(t, filepath.Join(second, runs.ReportFile)))
	for _, part := range []string{"second: 100.00 % of 20 test images", "Loss and accuracy", "<svg", "data:image/png", "precision", "<td>7</td>", "dense"} {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in the report", part)
		}
	}
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--weights", second, "--model", "mlp", "--hidden", "17", "--out", first); status != 1 || !strings.Contains(errOut, "--weights") {
		t.Errorf("another network: status %d, %s", status, errOut)
	}
	if _, err := os.Stat(first); err == nil {
		t.Error("a training that never began left its directory")
	}
}

func TestSummary(t *testing.T) {
	out, _, status := runGlyph(t, "summary", "--model", "kmnist-benchmark")
	if status != 0 || !strings.Contains(out, "1,199,882") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestGradcheck(t *testing.T) {
	notShort(t)
	out, errOut, status := runGlyph(t, "gradcheck")
	if status != 0 {
		t.Fatalf("%s%s", out, errOut)
	}
	for _, part := range []string{"network cnn", "network mlp", "network linear", "conv2d", "dense", "below 1e-10"} {
		if !strings.Contains(out, part) {
			t.Errorf("no %s in\n%s", part, out)
		}
	}
}

// notShort skips a test with -short, as the race detector runs. Such a test
// computes for a long time, or starts processes that other tests start too. The
// run without the detector includes it.
func notShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("not with -short")
	}
}

package runs

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"glyph/train"
)

func example(epoch int) Checkpoint {
	return Checkpoint{
		State: &train.State{
			Epoch: epoch, Steps: 3, Sums: train.Sums{Loss: 0.1 + float64(epoch)/3, Hits: 5, Samples: 9},
			Epochs: []train.Epoch{{Epoch: 1, TrainLoss: 1.0 / 3, Validation: &train.Score{Accuracy: 0.25}}}, BestLoss: 0.7, BestEpoch: 1, Seconds: 1.5, Images: 90,
			W: []float32{1, 2.5, -3e-40}, M: []float32{4, 5, 6}, Best: []float32{7, 8, 9},
		},
		Data: "data", Device: "device", Arithmetic: "arithmetic", Metrics: 12, Config: "lr = 0.1\n",
	}
}

// averaged is an example of a training with a moving average.
func averaged(epoch int) Checkpoint {
	c := example(epoch)
	c.State.Average = []float32{0.5, -0.25, 1e-40}
	return c
}

func TestCheckpoint(t *testing.T) {
	for name, example := range map[string]func(int) Checkpoint{"": example, "with an average": averaged} {
		t.Run(name, func(t *testing.T) { testCheckpoint(t, example) })
	}
}

// What has no average is still a file of version 2, which older versions read.
func TestCheckpointVersions(t *testing.T) {
	for version, c := range map[byte]Checkpoint{2: example(1), 3: averaged(1)} {
		data, err := encodeCheckpoint(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := data[len(checkpointMagic)]; got != version {
			t.Errorf("with an average of %d numbers it has version %d, want %d", len(c.State.Average), got, version)
		}
		if bytes.Contains(data, []byte(`"arrays":[3,3,0,3,`)) != (version == 3) {
			t.Errorf("version %d has the arrays of another", version)
		}
	}
	data, err := encodeCheckpoint(averaged(1))
	if err != nil {
		t.Fatal(err)
	}
	many := bytes.Replace(data[:len(data)-sha256.Size], []byte(`"arrays":[3,3,0,3,3]`), []byte(`"arrays":[3,3,0,3,2,1]`), 1)
	many[len(checkpointMagic)+4] += 2 // the length of its header
	if _, err := decodeCheckpoint("x", summed(many)); err == nil || !strings.Contains(err.Error(), "x is damaged: it has 6 arrays") {
		t.Errorf("six arrays: %v", err)
	}
}

func testCheckpoint(t *testing.T, example func(int) Checkpoint) {
	dir := t.TempDir()
	if _, _, err := ReadCheckpoint(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty directory: %v", err)
	}
	for epoch := range 3 {
		want := example(epoch)
		if err := WriteCheckpoint(dir, want); err != nil {
			t.Fatal(err)
		}
		got, damaged, err := ReadCheckpoint(dir)
		if err != nil || damaged != nil || !reflect.DeepEqual(*got, want) {
			t.Fatalf("%+v, %v, %v, want %+v", got, damaged, err, want)
		}
	}
	// Killed between the two renamings, the one before is the last.
	if err := os.Remove(filepath.Join(dir, checkpointFile)); err != nil {
		t.Fatal(err)
	}
	got, damaged, err := ReadCheckpoint(dir)
	if err != nil || damaged != nil || got.State.Epoch != 1 {
		t.Errorf("%+v, %v, %v", got, damaged, err)
	}
}

// A flipped bit in any byte, and every cut, is found, and the checkpoint before is taken.
func TestDamagedCheckpoint(t *testing.T) {
	dir := t.TempDir()
	for epoch := range 2 {
		if err := WriteCheckpoint(dir, example(epoch)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, checkpointFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		c, damaged, err := ReadCheckpoint(dir)
		if err != nil || c.State.Epoch != 0 || damaged == nil || !strings.Contains(damaged.Error(), "is damaged") {
			t.Fatalf("%s: %+v, %v, %v", what, c, damaged, err)
		}
	}
	for i := range 8 * len(good) {
		bad := append([]byte(nil), good...)
		bad[i/8] ^= 1 << (i % 8)
		if _, err := decodeCheckpoint(path, bad); err == nil || errors.As(err, new(*NewerError)) {
			t.Fatalf("bit %d flipped: %v", i, err)
		}
		if i < 8*16 || i%61 == 0 { // the whole way round, slower, for all bits of the beginning
			try("a flipped bit", bad)
		}
	}
	for n := range good {
		if _, err := decodeCheckpoint(path, good[:n]); err == nil || errors.As(err, new(*NewerError)) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
	try("a cut", good[:len(good)/2])
	try("an empty file", nil)
	try("a longer file", append(good, 0))

	if err := os.Remove(filepath.Join(dir, previousFile)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadCheckpoint(dir); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("with none before: %v", err)
	}
	newer := append([]byte(nil), good[:len(good)-sha256.Size]...)
	newer[len(checkpointMagic)] = checkpointVersion + 1
	sum := sha256.Sum256(newer)
	newer = append(newer, sum[:]...)
	if err := os.WriteFile(path, newer, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadCheckpoint(dir); err == nil || !strings.Contains(err.Error(), "use a newer glyph") {
		t.Errorf("of a later version: %v", err)
	}
}

func TestMetrics(t *testing.T) {
	dir := t.TempDir()
	if list, err := ReadMetrics(dir); list != nil || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	l, err := OpenMetrics(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	validation := 0.25
	a, b := Metric{Step: 1, Loss: 1.0 / 3, LR: 0.1}, Metric{Step: 2, Epoch: 1, ValidationLoss: &validation, GradientNorm: 2}
	l.Add(a)
	size, err := l.Sync()
	if err != nil {
		t.Fatal(err)
	}
	l.Add(b)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := ReadMetrics(dir); err != nil || !reflect.DeepEqual(list, []Metric{a, b}) {
		t.Errorf("%+v, %v", list, err)
	}
	// A training that goes on takes the steps after its checkpoint again.
	if l, err = OpenMetrics(dir, size); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := ReadMetrics(dir); err != nil || !reflect.DeepEqual(list, []Metric{a}) {
		t.Errorf("cut: %+v, %v", list, err)
	}
	path := filepath.Join(dir, metricsFile)
	text, _ := os.ReadFile(path)
	// A machine that crashed may leave less than was written.
	for left, want := range map[string]int{"": 0, `{"step":1,"lo`: 0, string(text): 1, string(text) + `{"st`: 1} {
		if err := os.WriteFile(path, []byte(left), 0o666); err != nil {
			t.Fatal(err)
		}
		if l, err = OpenMetrics(dir, size+100); err != nil {
			t.Fatal(err)
		}
		if l.Lost() == nil {
			t.Errorf("after %q: nothing is said to be lost", left)
		}
		l.Add(b)
		if n, err := l.Sync(); err != nil || n > size+100 {
			t.Errorf("after %q: %d bytes, %v", left, n, err)
		}
		if list, err := ReadMetrics(dir); err != nil || len(list) != want+1 || !reflect.DeepEqual(list[want], b) || l.Close() != nil {
			t.Errorf("after %q: %+v, %v", left, list, err)
		}
	}
	if err := os.WriteFile(path, append(text, `{"step":2,"lo`...), 0o666); err != nil {
		t.Fatal(err)
	}
	if list, err := ReadMetrics(dir); err != nil || len(list) != 1 {
		t.Errorf("a line being written: %+v, %v", list, err)
	}
}

// TestOtherFiles puts other people's files where a run has its own: they are
// named.
func TestOtherFiles(t *testing.T) {
	page := []byte("<!DOCTYPE html><html>" + strings.Repeat("not found ", 20))
	for _, name := range []string{checkpointFile, ConfigFile, SummaryFile} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o666); err != nil {
			t.Fatal(err)
		}
		var err error
		switch name {
		case checkpointFile:
			_, _, err = ReadCheckpoint(dir)
		case ConfigFile:
			_, err = Open(dir)
		case SummaryFile:
			_, err = ReadSummary(dir)
		}
		if err == nil || !strings.Contains(err.Error(), "it looks like an HTML page") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

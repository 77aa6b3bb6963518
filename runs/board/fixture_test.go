package board

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"glyph/cpu"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/train"
)

// fake writes a finished run with made-up curves: index i of a sweep over the model,
// the learning rate and the seed.
func fake(t testing.TB, root string, i, epochs int) string {
	t.Helper()
	lr, seed, model := []float64{0.01, 0.03, 0.1}[i%3], i/3%5+1, []string{"mlp", "cnn"}[i/15%2]
	name := fmt.Sprintf("%s-lr%v-seed%d-%d", model, lr, seed, i)
	dir := filepath.Join(root, name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	config, err := runs.FormatConfig([]runs.ConfigEntry{
		{Name: "model", Value: model}, {Name: "lr", Value: lr}, {Name: "seed", Value: uint64(seed)}, {Name: "epochs", Value: int64(epochs)},
		{Name: "batch", Value: int64(32)}, {Name: "optimizer", Value: "sgd"}, {Name: "validation", Value: 0.1}, {Name: "data", Value: "/home/someone/data/kmnist"},
		{Name: "hidden", Value: []int64{128, int64(64 * (1 + i/30))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, runs.ConfigFile, config)
	started := time.Date(2026, 11, 1, 0, i, 0, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, runs.ConfigFile), started, started); err != nil {
		t.Fatal(err)
	}
	log, err := runs.OpenMetrics(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &runs.Summary{
		Data: "/home/someone/data/kmnist", DataSource: "made up", TrainImages: 960, ValidationImages: 40, TestImages: 100, Model: model, Parameters: 1000 + i,
		Backend: "cpu", Device: "a processor", Batch: 32, Epochs: epochs, BestEpoch: epochs, Stopped: train.RanToEnd, Seconds: float64(epochs) / 2, ImagesPerSecond: 1920,
		Confusion: [][]int{{40, 10}, {5 + i%5, 45 - i%5}},
	}
	for e := 1; e <= epochs; e++ {
		for k := 1; k <= 10; k++ {
			log.Add(runs.Metric{Step: 30*(e-1) + 3*k, Loss: level(e, i) + 0.01, Accuracy: 1 - level(e, i)/4, LR: float32(lr)})
		}
		v, a := level(e, i)+0.05, 1-level(e, i)/3
		log.Add(runs.Metric{Step: 30 * e, Epoch: e, Loss: level(e, i), Accuracy: 1 - level(e, i)/4, LR: float32(lr), ValidationLoss: &v, ValidationAccuracy: &a, GradientNorm: 1 / float64(e), ImagesPerSecond: 1920})
		s.History = append(s.History, runs.Epoch{Epoch: e, Images: 960, LR: float32(lr), TrainLoss: level(e, i), TrainAccuracy: 1 - level(e, i)/4, ValidationLoss: &v, ValidationAccuracy: &a, ImagesPerSecond: 1920})
		s.ValidationLoss, s.ValidationAccuracy, s.TestLoss, s.TestAccuracy = &v, &a, v+0.02, a-0.02
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if err := runs.WriteSummary(dir, s); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "lock", nil)
	write(t, dir, runs.ReportFile, []byte("<!doctype html><title>report of "+name+"</title>"))
	return name
}

// level falls with the epochs, to a floor that depends on the run.
func level(epoch, i int) float64 {
	return 0.1 + 0.02*float64(i%7) + math.Exp(-float64(epoch)/float64(3+i%3))
}

func write(t testing.TB, dir, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// weigh gives a run weights of a small network.
func weigh(t testing.TB, dir string) {
	t.Helper()
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // it has failed nowhere
	net, err := models.New(b, models.Spec{Model: "mlp", Hidden: []int{8}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	about := runs.Metadata{Data: "synthetic", Mean: []float32{48}, Scale: []float32{1.0 / 88}, Classes: kmnist.Characters()}
	for _, file := range []string{runs.BestFile, runs.LastFile} {
		if err := safetensors.Save(filepath.Join(dir, file), net, about.Map()); err != nil {
			t.Fatal(err)
		}
	}
}

// some is a directory of n runs, and their names.
func some(t testing.TB, n, epochs int) (root string, names []string) {
	t.Helper()
	root = t.TempDir()
	for i := range n {
		names = append(names, fake(t, root, i, epochs))
	}
	return root, names
}

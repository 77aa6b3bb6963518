package review_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/review"
	"glyph/runs/tensorboard"
	"glyph/train"
)

// untrained is a run of a network that guesses, and the data that it guesses on.
func untrained(t *testing.T, b glyph.Backend) (*runs.Weights, kmnist.Data) {
	t.Helper()
	data := kmnist.Synthetic(kmnist.DefaultSeed, 30, 300)
	net, err := models.New(b, models.Spec{Model: "mlp", Hidden: []int{100}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	about := runs.Metadata{Data: data.Name, Mean: []float32{30}, Scale: []float32{0.01}, Classes: data.Classes}
	if err := safetensors.Save(filepath.Join(dir, runs.LastFile), net, about.Map()); err != nil {
		t.Fatal(err)
	}
	w, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	return w, data
}

// A review agrees with the evaluation of package train, and lists every mistake
// once, the most confident first.
func TestEvaluate(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	w, data := untrained(t, b)
	r, err := review.Evaluate(t.Context(), b, w, data)
	if err != nil {
		t.Fatal(err)
	}
	net, err := w.Network(b, 64)
	if err != nil {
		t.Fatal(err)
	}
	test := train.Set{Images: data.Test.Images, Labels: data.Test.Labels, Shape: glyph.Shape{data.Test.H, data.Test.W, 1}}
	want, err := train.Evaluate(t.Context(), b, net, train.Data{Test: test, Classes: 10, Mean: w.Mean, Scale: w.Scale})
	if err != nil {
		t.Fatal(err)
	}
	if r.Accuracy != want.Accuracy || math.Abs(r.Loss-want.Loss) > 1e-5 || !reflect.DeepEqual(r.Confusion, want.Confusion) {
		t.Errorf("accuracy %v, loss %v, confusion %v; want %+v", r.Accuracy, r.Loss, r.Confusion, want)
	}
	wrong := 0
	for label, row := range r.Confusion {
		for prediction, n := range row {
			if label != prediction {
				wrong += n
			}
		}
	}
	if len(r.Mistakes) != wrong || wrong == 0 {
		t.Fatalf("%d mistakes, %d in the confusion matrix", len(r.Mistakes), wrong)
	}
	for i, m := range r.Mistakes {
		if m.Label == m.Predicted || m.LabelProbability > m.Probability || i > 0 && m.Probability > r.Mistakes[i-1].Probability {
			t.Errorf("mistake %d: %+v", i, m)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := review.Evaluate(ctx, b, w, data); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interruption: %v", err)
	}
}

// What is drawn can be read, and the page of a run without a summary says what is
// known.
func TestFiguresAndPage(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	w, data := untrained(t, b)
	r, err := review.Evaluate(t.Context(), b, w, data)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "new", "figures")
	paths, err := r.WriteFigures(out, "svg")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil || xml.Unmarshal(text, new(struct{})) != nil {
			t.Errorf("%s is not an SVG (%v)", path, err)
		}
		names = append(names, filepath.Base(path))
	}
	if want := []string{"confusion.svg", "mistakes.svg", "filters.svg", "classes.svg"}; !slices.Equal(names, want) {
		t.Errorf("figures %v, want %v: there is no history for curves", names, want)
	}
	if _, err := r.WriteFigures(out, "bmp"); err == nil {
		t.Error("drew a format that there is not")
	}
	board, err := tensorboard.Create(w.Dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	path, err := r.WritePage(board)
	if err != nil {
		t.Fatal(err)
	}
	if err := board.Close(); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"of 300 test images", "Confusion matrix", "Most confident mistakes", "<svg", "data:image/png", "dense_1"} {
		if !strings.Contains(string(page), part) {
			t.Errorf("no %q on the page", part)
		}
	}
	pixels, err := os.ReadFile(filepath.Join(w.Dir, runs.PlotsDir, "mistakes.png"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(pixels)); err != nil {
		t.Error(err)
	}
}

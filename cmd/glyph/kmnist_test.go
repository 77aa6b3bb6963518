package main

import (
	"strings"
	"testing"

	"glyph/internal/needs"
)

// TestKMNIST trains on real characters to the accuracy that other trainers
// reach with the same network, data and schedule (linear 0.670, MLP 0.816).
func TestKMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds")
	}
	data := needs.KMNIST(t)
	for _, c := range []struct {
		args  string
		least float64
	}{
		{"--model linear --lr 0.01 --batch 16 --epochs 10", 0.655},
		{"--model mlp --hidden 256 --lr 0.05 --batch 16 --epochs 20", 0.805},
	} {
		args := append([]string{"train", "--data", data, "--backend", "cpu", "--json", "--validation", "0", "--out", "none"}, strings.Fields(c.args)...)
		out, errOut, status := runGlyph(t, args...)
		if status != 0 {
			t.Fatal(errOut)
		}
		var got struct {
			Accuracy float64 `json:"test_accuracy"`
		}
		lastJSON(t, out, &got)
		t.Logf("%s: %.4f", c.args, got.Accuracy)
		if !(got.Accuracy >= c.least) {
			t.Errorf("%s: accuracy %.4f, want at least %v", c.args, got.Accuracy, c.least)
		}
	}
}

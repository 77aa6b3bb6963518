package models_test

import (
	"os"
	"strings"
	"testing"

	"glyph/internal/message"
	"glyph/models"
)

func TestSummary(t *testing.T) {
	want, err := os.ReadFile("testdata/cnn.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, err := models.Summary(models.Spec{Model: "cnn", Dropout: []float64{0.25}})
	if err != nil || got != string(want) {
		t.Errorf("summary of cnn, %v:\n%s\nwant:\n%s", err, got, want)
	}
}

// Shortcuts show in the summary.
func TestSummaryOfGraph(t *testing.T) {
	got, err := models.Summary(models.Spec{Model: "resnet", Depth: 8})
	for _, part := range []string{"of conv2d_3 and conv2d_1 ", "no bias of batchnorm2d_3 ", "of conv2d_5 and conv2d_6 "} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q, %v, in\n%s", part, err, got)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567", -1: "-1", -999: "-999", -1000: "-1,000", -123456: "-123,456",
	} {
		if got := message.Thousands(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}

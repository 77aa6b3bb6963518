package timing

import (
	"reflect"
	"strings"
	"testing"

	"glyph"
)

// A shared report reads back as it was, and anything else is refused with a reason.
func TestShared(t *testing.T) {
	s := Shared{
		Format: ShareFormat, Glyph: "1.2", Day: "2026-11-27", Platform: "linux/amd64", Memory: 8 << 30,
		Report: Report{Backend: "gpu", Device: "a GPU", Version: "4.6", PeakFLOPS: 1e12, PeakBytes: 1e11,
			Operations: []Operation{{Model: "mlp", Batch: 16, Op: "Dense", Shape: "16x784-256", Seconds: 1e-5}},
			Steps:      []Step{{Model: "mlp", Batch: 16, Seconds: 2e-5, Counts: &glyph.Counts{Dispatches: 8}}}},
	}
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeShared(text); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("%+v, %v, want\n%+v", got, err, s)
	}
	for want, text := range map[string]string{
		"not a file of":    `{"backend":"cpu"}`,
		"not a file":       "",
		"format 2":         strings.Replace(string(text), `"glyph_bench": 1`, `"glyph_bench": 2`, 1),
		"unknown field":    strings.Replace(string(text), `"day"`, `"host": "x", "day"`, 1),
		"something":        string(text) + "{}",
		"no device, no da": strings.Replace(string(text), "a GPU", "", 1),
	} {
		if _, err := DecodeShared([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

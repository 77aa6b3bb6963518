package safetensors

import (
	"slices"
	"testing"
)

// Every type is a line, with what its conversion may cost.
func TestConversions(t *testing.T) {
	f := File{Converted: map[string]string{"a": "F16", "b": "F16", "c": "F64", "d": "I8"}}
	want := []string{
		"2 tensors converted to float32 from float16",
		"1 tensor converted to float32 from float64, rounded to the nearest",
		"1 tensor converted to float32 from int8; if the network was quantised, its scales are missing and the weights are useless",
	}
	if got := f.Conversions(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := (File{}).Conversions(); got != nil {
		t.Errorf("float32 alone: %q", got)
	}
}

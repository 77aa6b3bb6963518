package glyph_test

import (
	"reflect"
	"testing"

	"glyph"
)

// No kind of memory can be passed for another: that does not compile.
func TestMemoryIsOfOneKind(t *testing.T) {
	kinds := []reflect.Type{reflect.TypeFor[glyph.Buffer](), reflect.TypeFor[glyph.Ints](), reflect.TypeFor[glyph.Bytes]()}
	for _, from := range kinds {
		for _, to := range kinds {
			if from != to && from.AssignableTo(to) {
				t.Errorf("%v can be passed for %v", from, to)
			}
		}
		if !from.AssignableTo(reflect.TypeFor[glyph.Memory]()) {
			t.Errorf("%v is no Memory", from)
		}
	}
}

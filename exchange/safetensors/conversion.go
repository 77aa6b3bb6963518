package safetensors

import (
	"fmt"
	"glyph/internal/message"
	"maps"
	"slices"
	"strings"
)

// Conversions says in a line for each type how many tensors were not float32 in the
// file, and what that means for them.
func (f File) Conversions() (lines []string) {
	for _, kind := range slices.Compact(slices.Sorted(maps.Values(f.Converted))) {
		lines = append(lines, conversion(f.Converted, kind))
	}
	return lines
}

// conversion says how many tensors of a type were converted.
func conversion(converted map[string]string, kind string) string {
	n := 0
	for _, k := range converted {
		if k == kind {
			n++
		}
	}
	name := TypeName(kind)
	text := fmt.Sprintf("%s converted to float32 from %s", message.Count(n, "tensor"), name)
	switch {
	case strings.Contains(name, "int"):
		text += "; if the network was quantised, its scales are missing and the weights are useless"
	case kind == "F64":
		text += ", rounded to the nearest"
	}
	return text
}

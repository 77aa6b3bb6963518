package shaders

import (
	"fmt"
	"regexp"
	"strconv"
)

// Drivers name a place in the text of source string 0 in four ways:
//
//	NVIDIA  0(28) : error C1008: undefined variable "x"
//	Mesa    0:28(12): error: `x' undeclared
//	AMD     ERROR: 0:28: error(#143) Undeclared identifier: x
//	Intel   ERROR: 0:28: 'x' : undeclared identifier
var place = regexp.MustCompile(`(?m)^((?:ERROR|WARNING|error|warning): ?)?0[:(](\d+)(?:\((\d+)\)|\))?`)

// Translate rewrites the places in a driver's log to file and line, as in
// gemm.glsl:28 or, where the driver tells the column, gemm.glsl:28:12.
func (s *Source) Translate(log string) string {
	return place.ReplaceAllStringFunc(log, func(found string) string {
		parts := place.FindStringSubmatch(found)
		line, err := strconv.Atoi(parts[2])
		if err != nil || line < 1 || line > len(s.lines) {
			return found
		}
		at := s.lines[line-1]
		out := fmt.Sprintf("%s%s:%d", parts[1], at.file, at.line)
		if parts[3] != "" {
			out += ":" + parts[3]
		}
		return out
	})
}

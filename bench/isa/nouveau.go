package main

import (
	"regexp"
	"strconv"
)

// Type 5 is a compute shader.
var nouveauStat = regexp.MustCompile(`^note: type: 5, local: (\d+), shared: \d+, gpr: (\d+), inst: (\d+)`)

// parseNouveau reads nouveau's statistics. It prints no code.
func parseNouveau(lines []string) program {
	p := unknown()
	for _, line := range lines {
		if m := nouveauStat.FindStringSubmatch(line); m != nil {
			p.scratch, _ = strconv.Atoi(m[1])
			p.registers, _ = strconv.Atoi(m[2])
		}
	}
	return p
}

package main

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	intelSIMD        = regexp.MustCompile(`^SIMD(\d+) shader: (\d+) inst.* (\d+):(\d+) spills:fills`)
	intelInstruction = regexp.MustCompile(`^(?:\([^)]*\) )?([a-z0-9_]+)[a-z0-9_.]*\((\d+)\)`)
)

// parseIntel reads iris's listing: one for each width that the compiler came through
// with, of which the driver takes the widest. Loops have no label at their head: a while
// ends what its jump leads to.
func parseIntel(lines []string) program {
	p := unknown()
	var code []string
	for _, line := range lines {
		if m := intelSIMD.FindStringSubmatch(line); m != nil {
			width, _ := strconv.Atoi(m[1])
			if width < p.simd {
				code = nil // what follows is not taken
				continue
			}
			spills, _ := strconv.Atoi(m[3])
			fills, _ := strconv.Atoi(m[4])
			p.simd, p.spills, code = width, spills+fills, []string{}
		} else if code != nil {
			code = append(code, line)
		}
	}
	p.intelLoop(code)
	return p
}

func (p *program) intelLoop(code []string) {
	fma := func(line string) int {
		if m := intelInstruction.FindStringSubmatch(line); m != nil && m[1] == "mad" {
			return 1
		}
		return 0
	}
	declared := func(line string) string {
		if label, found := strings.CutSuffix(line, ":"); found && strings.HasPrefix(label, "LABEL") {
			return label
		}
		return ""
	}
	target := func(line string) string {
		m := intelInstruction.FindStringSubmatch(line)
		if m == nil || m[1] != "while" {
			return ""
		}
		_, label, _ := strings.Cut(line, "JIP:")
		label, _, _ = strings.Cut(strings.TrimSpace(label), " ")
		return label
	}
	inner, _, ok := mainLoop(code, loops(code, declared, target), fma)
	if !ok {
		p.unrolled = countAll(code, fma)
		return
	}
	for _, line := range code[inner.from : inner.to+1] {
		if intelInstruction.MatchString(line) {
			p.instructions++
			p.fma += fma(line)
		}
	}
}

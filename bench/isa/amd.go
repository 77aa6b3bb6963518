package main

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	amdLabel   = regexp.MustCompile(`^\s*(BB\d+(?:_\d+)?):`)
	amdBranch  = regexp.MustCompile(`^\ts_c?branch\w*\s+(BB\d+)`)
	amdWait    = regexp.MustCompile(`^\ts_waitcnt\b.*vmcnt\((\d+)\)`)
	amdWaitAll = regexp.MustCompile(`^\ts_waitcnt_vmcnt\b.*\b0x0\b`)
	amdLoad    = regexp.MustCompile(`^\t(?:buffer|global|flat)_load_`)
	amdNarrow  = regexp.MustCompile(`^\tds_(?:load|read2?)\w*_(?:b32|b64|u8|u16)\b`)
	amdFMA     = regexp.MustCompile(`\bv_(?:dual_)?(?:fma|fmac|fmaak|fmamk|mac|madak|madmk|mad|pk_fma)_(?:legacy_)?f32`)
	amdStat    = regexp.MustCompile(`(VGPRs|VGPRS|Scratch|Max Waves|Spilled SGPRs|Spilled VGPRs): (\d+)`)
)

// parseAMD reads radeonsi's listing, which it prints, and its statistics, a message.
func parseAMD(lines []string) program {
	p := unknown()
	var code []string
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "note: Shader Stats:") && strings.Contains(line, "(CS"):
			p.amdStats(line)
		case strings.HasPrefix(line, "\t") || amdLabel.MatchString(line):
			code = append(code, line)
		}
	}
	list := loops(code, func(l string) string { return group(amdLabel, l) }, func(l string) string { return group(amdBranch, l) })
	fma := func(l string) int { return len(amdFMA.FindAllString(l, -1)) }
	inner, outer, ok := mainLoop(code, list, fma)
	if !ok {
		p.unrolled = countAll(code, fma)
		return p
	}
	p.multiplyHigh, p.narrow = 0, 0
	for _, line := range code[inner.from : inner.to+1] {
		if !strings.HasPrefix(line, "\t") {
			continue
		}
		p.instructions++
		n := fma(line)
		p.fma += n
		if n > 1 {
			p.instructions++ // two in one
		}
		if strings.Contains(line, "v_mul_hi_u32") {
			p.multiplyHigh++
		}
		if amdNarrow.MatchString(line) {
			p.narrow++
		}
	}
	p.loads, p.inFlight = amdLoads(code[outer.from : outer.to+1])
	return p
}

// amdLoads counts the loads of a loop's body, and how many of them are under way at
// most, going through it twice because loads may be waited for in the next round.
func amdLoads(code []string) (loads, most int) {
	under := 0
	for round := range 2 {
		for _, line := range code {
			if amdLoad.MatchString(line) {
				under++
				loads += 1 - round
				most = max(most, under)
			}
			if m := amdWait.FindStringSubmatch(line); m != nil {
				n, _ := strconv.Atoi(m[1])
				under = min(under, n)
			} else if amdWaitAll.MatchString(line) {
				under = 0
			}
		}
	}
	return loads, most
}

func (p *program) amdStats(line string) {
	for _, m := range amdStat.FindAllStringSubmatch(line, -1) {
		n, _ := strconv.Atoi(m[2])
		switch m[1] {
		case "VGPRS":
			p.registers = n
		case "Scratch":
			p.scratch = n
		case "Max Waves":
			p.waves = n
		default:
			p.spills += n
		}
	}
}

func group(r *regexp.Regexp, line string) string {
	if m := r.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return ""
}

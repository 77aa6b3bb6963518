package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// report prints a table for a chip: a line for each program, or for each kernel with the
// worst of its programs.
func report(out io.Writer, c chip, list []program, all bool) {
	fmt.Fprintf(out, "%s (%s), %d programs\n\n", c.name, c.about, len(list))
	fmt.Fprintln(out, "| program | of | faulty | registers | spills | scratch | waves | SIMD | FMAs in the loop | loads under way | narrow LDS loads | mul_hi |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, name := range names(list, all) {
		var of []program
		for _, p := range list {
			if p.failed == "" && (p.file == name || !all && p.kernel() == name) {
				of = append(of, p)
			}
		}
		if len(of) > 0 {
			row(out, c, strings.TrimSuffix(name, ".comp"), of)
		}
	}
	fmt.Fprintln(out)
}

func names(list []program, all bool) (names []string) {
	for _, p := range list {
		if all {
			names = append(names, p.file)
		} else if !slices.Contains(names, p.kernel()) {
			names = append(names, p.kernel())
		}
	}
	return names
}

// row prints the worst of each figure.
func row(out io.Writer, c chip, name string, of []program) {
	faulty := 0
	worst := of[0]
	for _, p := range of {
		faulty += min(1, len(p.faults(c)))
		worst.registers, worst.spills, worst.scratch = max(worst.registers, p.registers), max(worst.spills, p.spills), max(worst.scratch, p.scratch)
		worst.waves, worst.simd = min(worst.waves, p.waves), min(worst.simd, p.simd)
		worst.narrow, worst.multiplyHigh = max(worst.narrow, p.narrow), max(worst.multiplyHigh, p.multiplyHigh)
		if p.fma > 0 && (worst.fma == 0 || p.share() < worst.share()) {
			worst.fma, worst.instructions = p.fma, p.instructions
		}
		if p.loads > 0 && (worst.loads <= 0 || p.inFlight < worst.inFlight) {
			worst.inFlight, worst.loads = p.inFlight, p.loads
		}
	}
	share, loads := "", ""
	if worst.fma > 0 {
		share = fmt.Sprintf("%.0f %% (%d of %d)", 100*worst.share(), worst.fma, worst.instructions)
	}
	if worst.loads > 0 {
		loads = fmt.Sprintf("%d of %d", worst.inFlight, worst.loads)
	}
	fmt.Fprintf(out, "| %s | %d | %d | %s | %d | %s | %s | %s | %s | %s | %s | %s |\n", name, len(of), faulty, known(worst.registers), worst.spills,
		known(worst.scratch), known(worst.waves), known(worst.simd), share, loads, known(worst.narrow), known(worst.multiplyHigh))
}

// known is n, or nothing where the driver does not say it.
func known(n int) string {
	if n < 0 {
		return ""
	}
	return fmt.Sprint(n)
}

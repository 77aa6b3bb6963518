//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"glyph/shaders"
)

// compile makes the programs of a batch, on the thread. Where the driver can't build one,
// it tries the plainer variants; if it can't build those either, the Backend fails with
// the driver's first message.
func (b *Backend) compile(programs []*program) {
	b.build(programs)
	for _, p := range programs {
		if p.refused == "" || b.failed.Load() {
			continue
		}
		why := p.refused
		for _, p.variant = range plainer(p.defines, b.device.Limits.Invocations) {
			p.refused = ""
			if b.build([]*program{p}); p.refused == "" {
				break
			}
		}
		if p.refused == "" {
			b.warn(p, why, "a plainer, slower variant takes its place")
		} else if !b.failed.Load() {
			b.fail(fmt.Errorf("gpu: %s does not compile:\n%s", p.name(), why))
		}
	}
}

// compileFused makes the programs of a compiled step. Where the driver can't build one,
// or could not for a step before, it reports that the step has to be done operation by
// operation.
func (b *Backend) compileFused(t *batch) bool {
	b.build(t.programs)
	for _, p := range t.programs {
		if p.refused != "" && !b.failed.Load() {
			b.warn(p, p.refused, "steps are done operation by operation, which is slower")
		}
	}
	return t.built()
}

// built reports whether all programs of a batch have been built.
func (t *batch) built() bool {
	return !slices.ContainsFunc(t.commands, func(c C.glyph_command) bool { return c.program != nil && c.program.name == 0 })
}

// warn says once that the device is not used as well as it could be.
func (b *Backend) warn(p *program, why, instead string) {
	if b.warned {
		return
	}
	b.warned = true
	if b.warnings == nil {
		b.warnings = os.Stderr
	}
	line, _, _ := strings.Cut(strings.TrimSpace(why), "\n")
	fmt.Fprintf(b.warnings, "warning: the driver can't build %s (%q); %s\n", p.kernel.file, line, instead)
}

// plainer are variants of a product's program with the same bits, operands, uniforms and
// work groups, each of which asks less of a compiler than the one before: without buffer
// textures, with the geometry of a convolution in uniforms, with single loads, and with
// fewer results an invocation. Those of a convolution of one channel end with PLAIN (see
// shaders/conv2d_first.glsl). Other kernels have none.
func plainer(defines []shaders.Define, invocations int) (list [][]shaders.Define) {
	v := slices.Clone(defines)
	at := func(name string) int {
		return slices.IndexFunc(v, func(d shaders.Define) bool { return d.Name == name })
	}
	tm, tn, threads, plain := at("TM"), at("TN"), at("THREADS"), at("PLAIN")
	if tm < 0 && plain < 0 {
		return nil
	}
	for _, prefix := range [...]string{"TEXELS", "FIXED", "VEC_", "HOLD"} {
		changed := false
		for i := range v {
			if strings.HasPrefix(v[i].Name, prefix) && v[i].Value != 0 {
				v[i].Value, changed = 0, true
			}
		}
		if changed {
			list = append(list, slices.Clone(v))
		}
	}
	if plain >= 0 {
		v[plain].Value = 1
		return append(list, v)
	}
	for 2*v[threads].Value <= invocations && max(v[tm].Value, v[tn].Value) > 4 {
		more := tm
		if v[tn].Value > v[tm].Value {
			more = tn
		}
		v[more].Value /= 2
		v[threads].Value *= 2
		list = append(list, slices.Clone(v))
	}
	return list
}

//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glyph"
	"glyph/shaders"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// kernel is a file of package shaders with what it is given: the names of its
// operands and of its uniforms, in the order in which a launch gives them, and
// of its #defines, of which the first is always THREADS, the invocations of a
// work group.
//
// The order is the number: BINDING_x is the binding of operand x and UNIFORM_n the
// location of uniform n, both #defines of every kernel. So no number is written in
// both languages.
type kernel struct {
	file                        string
	operands, uniforms, defines []string
}

func newKernel(file, operands, uniforms, defines string) *kernel {
	k := &kernel{file, strings.Fields(operands), strings.Fields(uniforms), append([]string{"THREADS"}, strings.Fields(defines)...)}
	if len(k.operands) > maxBindings || firstOwn+len(k.uniforms) > C.GLYPH_UNIFORMS || len(k.defines) > len(values{}) {
		panic("gpu: " + file + " is given more than there is room for")
	}
	kernels = append(kernels, k)
	return k
}

// kernels is all of them, for a test.
var kernels []*kernel

// Locations of uniforms. What every kernel has is in kernel.glsl.
const (
	baseUniform  = 0           // base[i], for each binding
	firstUniform = maxBindings // first
	firstOwn     = firstUniform + 1
)

// numbers are the #defines that tell a kernel where its operands and uniforms
// are, and the other constants that Go and the shaders have in common.
func (k *kernel) numbers() []shaders.Define {
	list := []shaders.Define{
		{Name: "BINDINGS", Value: maxBindings}, {Name: "UNIFORM_base", Value: baseUniform},
		{Name: "UNIFORM_first", Value: firstUniform}, {Name: "COUNTERS", Value: scratchCounters},
	}
	for i, name := range k.operands {
		list = append(list, shaders.Define{Name: "BINDING_" + name, Value: i})
	}
	for i, name := range k.uniforms {
		list = append(list, shaders.Define{Name: "UNIFORM_" + name, Value: firstOwn + i})
	}
	return list
}

// values are the values of a kernel's #defines, in their order.
type values [36]int

// programKey tells programs apart, and is compared without allocating.
type programKey struct {
	kernel *kernel
	values values
}

// program is a kernel under its #defines. It is compiled on the thread before
// the first batch that uses it runs.
type program struct {
	kernel  *kernel
	number  int // in the order in which they were asked for
	threads int
	defines []shaders.Define
	c       *C.glyph_program
	ready   bool // was queued for compiling

	// The thread's: what is built in place of defines, or nil, and why the driver did
	// not build it, or "".
	variant []shaders.Define
	refused string
}

// program finds or makes the program of a kernel.
func (b *Backend) program(k *kernel, v values) *program {
	glyph.CheckOpen(b.closed)
	key := programKey{k, v}
	p := b.programs[key]
	if p == nil {
		p = &program{kernel: k, number: len(b.programs), threads: v[0], c: (*C.glyph_program)(b.heap.calloc(C.sizeof_glyph_program))}
		for i, name := range k.defines {
			p.defines = append(p.defines, shaders.Define{Name: name, Value: v[i]})
		}
		b.programs[key] = p
	}
	return p
}

// name is the program for display: "dense.comp BM=128 BN=128 ...".
func (p *program) name() string {
	var s strings.Builder
	s.WriteString(p.kernel.file)
	for _, d := range p.defines {
		fmt.Fprintf(&s, " %s=%d", d.Name, d.Value)
	}
	return s.String()
}

// building is a program that is being made.
type building struct {
	p       *program
	source  *shaders.Source
	shader  uint32
	name    uint32
	refused bool // by a test
}

// unbuilt is those of the programs that have to be made.
func (b *Backend) unbuilt(programs []*program) (list []building) {
	for _, p := range programs {
		if p.c.name != 0 || p.refused != "" {
			continue
		}
		source, err := b.source(p)
		if err != nil {
			b.fail(fmt.Errorf("gpu: %w", err))
			return nil
		}
		list = append(list, building{p: p, source: source, refused: b.refuse != nil && b.refuse(p)})
	}
	return list
}

// build makes the programs, on the thread: from the cache if they are in it, and
// the others all at once before it asks for the first result, so that a driver
// that can will compile them in parallel. Where the driver refuses one, the program keeps the reason.
func (b *Backend) build(programs []*program) {
	list := b.unbuilt(programs)
	if len(list) == 0 {
		return
	}
	if b.checkDevice("before programs are built"); b.failed.Load() { // the cache takes errors for its own
		return
	}
	kept := list[:0]
	for _, l := range list {
		if l.name = gl.CreateProgram(); !l.refused && b.cache.load(l.name, l.source) {
			b.finish(l.p, l.name)
		} else {
			kept = append(kept, l)
		}
	}
	list = kept
	for i := range list {
		l := &list[i]
		l.shader = gl.CreateShader(gl.COMPUTE_SHADER)
		text, free := gl.Strs(l.source.Text + "\x00")
		gl.ShaderSource(l.shader, 1, text, nil)
		free()
		gl.CompileShader(l.shader)
	}
	for _, l := range list {
		gl.AttachShader(l.name, l.shader)
		gl.ProgramParameteri(l.name, gl.PROGRAM_BINARY_RETRIEVABLE_HINT, gl.TRUE)
		gl.LinkProgram(l.name)
	}
	for _, l := range list {
		var ok int32
		gl.GetProgramiv(l.name, gl.LINK_STATUS, &ok)
		if l.refused {
			ok = gl.FALSE
		}
		if ok == gl.FALSE {
			log := shaderLog(l.shader, gl.GetShaderiv, gl.GetShaderInfoLog)
			if log == "" {
				log = shaderLog(l.name, gl.GetProgramiv, gl.GetProgramInfoLog)
			}
			b.checkDevice("building " + l.p.kernel.file) // which says more than an empty log
			l.p.refused = cmp.Or(l.source.Translate(log), "the driver does not say why")
		}
		gl.DetachShader(l.name, l.shader)
		gl.DeleteShader(l.shader)
		if ok == gl.FALSE {
			gl.DeleteProgram(l.name)
			continue
		}
		if b.checkDevice("building " + l.p.kernel.file); !b.failed.Load() {
			b.cache.store(l.name, l.source)
		}
		b.finish(l.p, l.name)
	}
}

// source is the text of a program.
func (b *Backend) source(p *program) (*shaders.Source, error) {
	defines := p.defines
	if p.variant != nil {
		defines = p.variant
	}
	source, err := shaders.Expand(p.kernel.file, slices.Concat(p.kernel.numbers(), defines, b.defines))
	if err == nil && b.device.mixesUniforms() {
		source.HideUniforms()
	}
	return source, err
}

// finish notes the program and which uniform locations it uses: the others,
// left out by #if or by the driver, must not be set.
func (b *Backend) finish(p *program, name uint32) {
	var n int32
	gl.GetProgramInterfaceiv(name, gl.UNIFORM, gl.ACTIVE_RESOURCES, &n)
	properties := [3]uint32{gl.LOCATION, gl.ARRAY_SIZE, gl.TYPE}
	for i := range uint32(n) {
		var v [3]int32
		gl.GetProgramResourceiv(name, gl.UNIFORM, i, 3, &properties[0], 3, nil, &v[0])
		if v[2] == gl.SAMPLER_BUFFER {
			p.noteTexels(name, i, v[0])
			continue
		}
		for j := v[0]; v[0] >= 0 && j < v[0]+max(v[1], 1); j++ {
			p.c.uniforms |= 1 << j
		}
	}
	p.c.name = C.uint32_t(name)
	b.compiled[p.c] = p
}

func shaderLog(name uint32, iv func(uint32, uint32, *int32), get func(uint32, int32, *int32, *uint8)) string {
	var n int32
	iv(name, gl.INFO_LOG_LENGTH, &n)
	if n <= 1 {
		return ""
	}
	text := make([]byte, n)
	get(name, n, nil, &text[0])
	return strings.TrimRight(string(text), "\x00\n")
}

//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"slices"
	"strings"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// Software OpenGL reads buffer textures three to six times as fast as storage
// buffers, element by element in both: texture units have code of their own for
// neighbours. So products read through them there. A buffer has two, of single
// elements and of fours, over all of it.

// barrierFetch is GL_TEXTURE_FETCH_BARRIER_BIT.
const barrierFetch = 0x0008

// setTexels asks how much a buffer texture holds, on the thread.
func (b *Backend) setTexels() {
	if !b.device.Software {
		return
	}
	var most, units int32
	gl.GetIntegerv(gl.MAX_TEXTURE_BUFFER_SIZE, &most)
	gl.GetIntegerv(gl.MAX_COMPUTE_TEXTURE_IMAGE_UNITS, &units)
	if units >= 2*maxBindings && most >= poolSize/4 {
		b.mostTexels = int(most)
		b.state.fetch = barrierFetch
	}
}

// texels is 1 where tiles of this kind read those of the tensors that are there
// through buffer textures, else 0.
func (b *Backend) texels(t *tile, tensors ...glyph.Tensor) int {
	return one(t.direct) * b.textured(tensors...)
}

// textured is 1 where tensors are read through buffer textures, else 0.
func (b *Backend) textured(tensors ...glyph.Tensor) int {
	tooLong := func(t glyph.Tensor) bool { return !t.IsZero() && t.Buf.Len() > b.mostTexels-bindAlign/4 }
	return one(b.mostTexels > 0 && !slices.ContainsFunc(tensors, tooLong))
}

// spareTexel is how many bytes the texture of fours is longer than that of single elements,
// and than the tensors. zink with descriptor buffers takes two textures of one buffer for
// the same if they are of the same length (Mesa 25.0.7, zink_context.c, line 2157), and
// reads the one in the format of the other.
func (b *Backend) spareTexel() int64 {
	if b.mostTexels > 0 && strings.HasPrefix(b.device.Renderer, "zink ") {
		return 16
	}
	return 0
}

// makeTextures makes the textures of a buffer, on the thread.
func (b *Backend) makeTextures(buf *buffer) {
	if b.mostTexels == 0 || buf.size/4 > int64(b.mostTexels) {
		return
	}
	var names [2]uint32
	gl.GenTextures(2, &names[0])
	for i, format := range [2]uint32{gl.R32F, gl.RGBA32F} {
		gl.BindTexture(gl.TEXTURE_BUFFER, names[i])
		gl.TexBufferRange(gl.TEXTURE_BUFFER, format, uint32(buf.c.name), 0, int(buf.size)+i*int(b.spareTexel()))
		buf.c.texture[i] = C.uint32_t(names[i])
	}
	b.forgetTextures()
}

// deleteTextures deletes them, on the thread.
func (b *Backend) deleteTextures(buf *buffer) {
	names := [2]uint32{uint32(buf.c.texture[0]), uint32(buf.c.texture[1])}
	if names[0] != 0 {
		gl.DeleteTextures(2, &names[0])
		b.forgetTextures()
	}
}

// forgetTextures notes that what is bound to texture units is not known.
func (b *Backend) forgetTextures() { b.state.texture = [2 * maxBindings]C.uint32_t{} }

// noteTexels notes which operand a program reads through its uniform number i, a buffer
// texture, and gives it that operand's unit.
func (p *program) noteTexels(name, i uint32, location int32) {
	var text [64]uint8
	var n int32
	gl.GetProgramResourceName(name, gl.UNIFORM, i, int32(len(text)), &n, &text[0])
	kind, operand, _ := strings.Cut(string(text[:n]), "_") // see shaders/tensor_in.glsl
	unit := slices.Index(p.kernel.operands, operand)
	p.c.texels |= 1 << unit
	if kind == "quads" {
		p.c.quads |= 1 << unit
		unit += maxBindings
	}
	gl.ProgramUniform1i(name, location, int32(unit))
}

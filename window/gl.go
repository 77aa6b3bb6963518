//go:build cgo

package window

import "github.com/go-gl/gl/v4.3-core/gl"

// newBuffer is a buffer of so many bytes, zeroed.
func newBuffer(bytes int) uint32 {
	var b uint32
	gl.GenBuffers(1, &b)
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, b)
	gl.BufferData(gl.COPY_WRITE_BUFFER, max(bytes, 16), nil, gl.DYNAMIC_COPY)
	clearBuffer(b)
	return b
}

func clearBuffer(b uint32) {
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, b)
	gl.ClearBufferData(gl.COPY_WRITE_BUFFER, gl.R32UI, gl.RED_INTEGER, gl.UNSIGNED_INT, nil)
}

// put writes integers to a buffer from its beginning.
func put(b uint32, v []int32) {
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, b)
	gl.BufferSubData(gl.COPY_WRITE_BUFFER, 0, 4*len(v), gl.Ptr(v))
}

// storage binds buffers to the storage bindings 0, 1 and so on.
func storage(buffers ...uint32) {
	for i, b := range buffers {
		gl.BindBufferBase(gl.SHADER_STORAGE_BUFFER, uint32(i), b)
	}
}

// settled makes what compute shaders wrote visible to all that follows.
func settled() { gl.MemoryBarrier(gl.ALL_BARRIER_BITS) }

// newTexture is a texture without mipmaps or filters, of one channel or of four.
func newTexture(w, h int, pixels []byte, channels int) uint32 {
	var t uint32
	gl.GenTextures(1, &t)
	gl.BindTexture(gl.TEXTURE_2D, t)
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	kind, format := int32(gl.R8), uint32(gl.RED)
	if channels == 4 {
		kind, format = gl.RGBA8, gl.RGBA
	}
	var data = gl.Ptr(nil)
	if pixels != nil {
		data = gl.Ptr(pixels)
	}
	gl.TexImage2D(gl.TEXTURE_2D, 0, kind, int32(w), int32(h), 0, format, gl.UNSIGNED_BYTE, data)
	for _, p := range []uint32{gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER} {
		gl.TexParameteri(gl.TEXTURE_2D, p, gl.NEAREST)
	}
	for _, p := range []uint32{gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T} {
		gl.TexParameteri(gl.TEXTURE_2D, p, gl.CLAMP_TO_EDGE)
	}
	return t
}

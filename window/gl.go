//go:build cgo

package window

import (
	"embed"
	"fmt"
	"strings"

	"github.com/go-gl/gl/v4.3-core/gl"
)

//go:embed glsl
var files embed.FS

// program is a linked program and its uniforms by name.
type program struct {
	name     uint32
	uniforms map[string]int32
}

// newProgram compiles and links the files, whose endings say what they are.
func newProgram(names ...string) (*program, error) {
	kinds := map[string]uint32{"vert": gl.VERTEX_SHADER, "frag": gl.FRAGMENT_SHADER, "comp": gl.COMPUTE_SHADER}
	p := &program{name: gl.CreateProgram(), uniforms: map[string]int32{}}
	for _, name := range names {
		text, err := files.ReadFile("glsl/" + name)
		if err != nil {
			return nil, err
		}
		_, ending, _ := strings.Cut(name, ".")
		shader := gl.CreateShader(kinds[ending])
		source, free := gl.Strs("#version 430 core\n" + string(text) + "\x00")
		gl.ShaderSource(shader, 1, source, nil)
		free()
		gl.CompileShader(shader)
		var ok int32
		if gl.GetShaderiv(shader, gl.COMPILE_STATUS, &ok); ok == gl.FALSE {
			return nil, fmt.Errorf("the window's shader %s does not compile: %s", name, infoLog(shader, gl.GetShaderiv, gl.GetShaderInfoLog))
		}
		gl.AttachShader(p.name, shader)
		defer gl.DeleteShader(shader)
	}
	gl.LinkProgram(p.name)
	var ok int32
	if gl.GetProgramiv(p.name, gl.LINK_STATUS, &ok); ok == gl.FALSE {
		return nil, fmt.Errorf("the window's shaders %s do not link: %s", strings.Join(names, " and "), infoLog(p.name, gl.GetProgramiv, gl.GetProgramInfoLog))
	}
	return p, nil
}

func infoLog(name uint32, iv func(uint32, uint32, *int32), get func(uint32, int32, *int32, *uint8)) string {
	var n int32
	iv(name, gl.INFO_LOG_LENGTH, &n)
	text := make([]byte, n+1)
	get(name, n+1, nil, &text[0])
	return strings.Join(strings.Fields(strings.TrimRight(string(text), "\x00")), " ")
}

// use makes the program current. Its uniforms are set by the methods below; a name that
// the shader does not have is a mistake of this package.
func (p *program) use() { gl.UseProgram(p.name) }

func (p *program) at(name string) int32 {
	l, known := p.uniforms[name]
	if !known {
		l = gl.GetUniformLocation(p.name, gl.Str(name+"\x00"))
		p.uniforms[name] = l
	}
	return l
}

func (p *program) ints(name string, v ...int) {
	switch l := p.at(name); len(v) {
	case 1:
		gl.Uniform1i(l, int32(v[0]))
	case 2:
		gl.Uniform2i(l, int32(v[0]), int32(v[1]))
	case 4:
		gl.Uniform4i(l, int32(v[0]), int32(v[1]), int32(v[2]), int32(v[3]))
	}
}

func (p *program) floats(name string, v ...float32) {
	switch l := p.at(name); len(v) {
	case 1:
		gl.Uniform1f(l, v[0])
	case 2:
		gl.Uniform2f(l, v[0], v[1])
	case 3:
		gl.Uniform3f(l, v[0], v[1], v[2])
	case 4:
		gl.Uniform4f(l, v[0], v[1], v[2], v[3])
	}
}

func (p *program) colour(name string, c colour) { p.floats(name, c[0], c[1], c[2]) }

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

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

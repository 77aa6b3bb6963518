// Letters and rectangles: an instance is a quad that takes its shape from the atlas.
layout(location = 0) in vec4 place; // x, y, width, height in pixels
layout(location = 1) in vec4 part;  // of the atlas: u0, v0, u1, v1
layout(location = 2) in vec4 paint;
uniform vec2 screen;
noperspective out vec2 uv;
flat out vec4 ink;

void main() {
	vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
	uv = mix(part.xy, part.zw, corner);
	ink = paint;
	vec2 p = (place.xy + corner * place.zw) / screen;
	gl_Position = vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0.0, 1.0);
}

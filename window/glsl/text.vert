// Letters, each a quad of the atlas.
layout(location = 0) in vec4 place; // x, y in pixels; u, v
layout(location = 1) in vec4 paint;
uniform vec2 screen;
out vec2 uv;
out vec4 ink;

void main() {
	uv = place.zw;
	ink = paint;
	vec2 p = place.xy / screen;
	gl_Position = vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0.0, 1.0);
}

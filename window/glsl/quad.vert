// A rectangle of the screen, in pixels from its upper left corner.
uniform vec4 rect; // x, y, width, height
uniform vec2 screen;
noperspective out vec2 place; // pixels from the rectangle's upper left corner

void main() {
	vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
	place = corner * rect.zw;
	vec2 p = (rect.xy + place) / screen;
	gl_Position = vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0.0, 1.0);
}

// A segment from a to b, as wide as the line, of an instance. y is on a linear axis from
// limits.x to limits.y, or a logarithmic one.
layout(location = 0) in vec2 a;
layout(location = 1) in vec2 b;
uniform vec4 rect;
uniform vec2 screen, limits, ends; // ends: x of the left and right border
uniform float width;
uniform int logarithmic;
flat out vec2 from, to;
noperspective out vec2 at;

vec2 place(vec2 p) {
	float y = logarithmic != 0 ? (log(max(p.y, 1e-30)) - log(limits.x)) / (log(limits.y) - log(limits.x)) : (p.y - limits.x) / (limits.y - limits.x);
	return rect.xy + vec2((p.x - ends.x) / (ends.y - ends.x), 1.0 - clamp(y, -2.0, 3.0)) * rect.zw;
}

void main() {
	from = place(a);
	to = place(b);
	vec2 along = to - from;
	along = dot(along, along) > 1e-6 ? normalize(along) : vec2(1.0, 0.0);
	vec2 across = vec2(-along.y, along.x) * (0.5 * width + 1.0);
	along *= 0.5 * width + 1.0;
	bool end = (gl_VertexID & 1) != 0;
	at = (end ? to + along : from - along) + ((gl_VertexID & 2) != 0 ? across : -across);
	vec2 p = at / screen;
	// A point that there is not yet has a negative x.
	gl_Position = a.x < 0.0 || b.x < 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0.0, 1.0);
}

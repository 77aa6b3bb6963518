// A segment with round ends and soft edges.
uniform float width;
uniform vec4 paint;
flat in vec2 from, to;
noperspective in vec2 at;
out vec4 colour;

void main() {
	vec2 along = to - from;
	float t = clamp(dot(at - from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
	float away = distance(at, from + t * along);
	colour = vec4(paint.rgb, paint.a * clamp(0.5 * width + 0.5 - away, 0.0, 1.0));
}

// A histogram: the bars of counts, each in the colour of its values. The last count is
// the largest.
layout(std430, binding = 0) readonly buffer counts_block { uint counts[]; };
uniform int bins;
uniform vec4 rect;
uniform vec3 ground;
uniform sampler2D colours;
noperspective in vec2 place;
out vec4 colour;

void main() {
	vec2 at = floor(place) + 0.5;
	float x = at.x / rect.z * float(bins);
	int bin = min(int(x), bins - 1);
	float height = float(counts[bin]) / float(max(counts[bins], 1u)) * rect.w;
	bool bar = rect.w - at.y <= height && fract(x) * rect.z / float(bins) >= 1.0;
	float value = 2.0 * (float(bin) + 0.5) / float(bins) - 1.0;
	value = sign(value) * (0.45 + 0.55 * abs(value)); // seen on the ground at 0 too
	colour = vec4(bar ? texelFetch(colours, ivec2(127.5 + 127.5 * value + 0.5, 0), 0).rgb : ground, 1.0);
}

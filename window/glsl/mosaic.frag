// A tensor as tiles side by side: the channels of an output, the filters of a
// convolution, or one matrix. Element (y, x) of tile t is
// values[base + (t / inner)·strides[0] + (t mod inner)·strides[1] + y·strides[2] + x·strides[3]].
layout(std430, binding = 0) readonly buffer values_block { float values[]; };
layout(std430, binding = 1) readonly buffer ranges_block { vec2 ranges[]; }; // (least, greatest) of tensors
uniform int base, inner, tiles, columns, range, grey;
uniform ivec2 size;   // width and height of a tile, in elements
uniform ivec4 strides;
uniform float scale;  // pixels an element
uniform float gap;    // pixels between tiles
uniform vec3 ground;
uniform sampler2D colours; // of -1 to 1
in vec2 at;
out vec4 colour;

float element(int first, ivec2 p) { return values[first + p.y * strides[2] + p.x * strides[3]]; }

void main() {
	vec2 pitch = vec2(size) * scale + gap;
	ivec2 cell = ivec2(at / pitch);
	vec2 inside = at - vec2(cell) * pitch;
	int tile = cell.y * columns + cell.x;
	colour = vec4(ground, 1.0);
	if (cell.x >= columns || tile >= tiles || any(greaterThanEqual(inside, vec2(size) * scale))) return;
	int first = base + (tile / inner) * strides[0] + (tile % inner) * strides[1];
	float v = 0.0;
	if (scale >= 1.0) {
		v = element(first, min(ivec2(inside / scale), size - 1));
	} else { // the mean of what a pixel covers, of up to 4 by 4 elements
		int taps = min(int(ceil(1.0 / scale)), 4);
		for (int j = 0; j < taps; j++)
			for (int i = 0; i < taps; i++)
				v += element(first, min(ivec2((floor(inside) + (vec2(i, j) + 0.5) / float(taps)) / scale), size - 1));
		v /= float(taps * taps);
	}
	vec2 r = ranges[range];
	if ((floatBitsToUint(v) & 0x7f800000u) == 0x7f800000u) {
		colour = vec4(1.0, 0.2, 0.8, 1.0); // NaN or infinite
	} else if (grey != 0) {
		float t = r.y > r.x ? (v - r.x) / (r.y - r.x) : 0.0;
		colour = vec4(mix(ground, vec3(1.0), clamp(t, 0.0, 1.0)), 1.0);
	} else {
		float most = max(max(-r.x, r.y), 1e-30);
		colour = vec4(texture(colours, vec2(clamp(0.5 + 0.5 * v / most, 0.0, 1.0) * (255.0 / 256.0) + 0.5 / 256.0, 0.5)).rgb, 1.0);
	}
}

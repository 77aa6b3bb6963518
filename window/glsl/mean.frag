// mosaic.frag for more than one element a pixel: their mean, of up to taps by taps of them.
layout(std430, binding = 0) readonly buffer values_block { float values[]; };
uniform int base, inner, tiles, columns, row, taps;
uniform ivec2 size;
uniform ivec4 strides;
uniform vec2 pitch;
uniform float elements;
uniform vec3 ground;
uniform sampler2D colours;
noperspective in vec2 place;
flat in vec2 axis;
out vec4 colour;

void main() {
	vec2 at = floor(place) + 0.5;
	vec2 cell = floor(at / pitch);
	vec2 first = floor(at - cell * pitch) * elements;
	int tile = int(cell.y) * columns + int(cell.x);
	bool there = int(cell.x) < columns && tile < tiles && all(lessThan(first, vec2(size)));
	int outer = int((float(tile) + 0.5) / float(inner));
	int from = there ? base + outer * strides[0] + (tile - outer * inner) * strides[1] : base;
	float v = 0.0;
	for (int j = 0; j < taps; j++)
		for (int i = 0; i < taps; i++) {
			ivec2 p = there ? min(ivec2(first + (vec2(i, j) + 0.5) / float(taps) * elements), size - 1) : ivec2(0);
			v += values[from + p.y * strides[2] + p.x * strides[3]];
		}
	v /= float(taps * taps);
	bool finite = (floatBitsToUint(v) & 0x7f800000u) != 0x7f800000u;
	int shade = finite ? int(clamp(v * axis.x + axis.y, 0.0, 255.0) + 0.5) : 256;
	colour = vec4(there ? texelFetch(colours, ivec2(shade, row), 0).rgb : ground, 1.0);
}

// A tensor as tiles side by side: the channels of an output, the filters of a
// convolution, or one matrix. Element (y, x) of tile t is
// values[base + (t / inner)·strides[0] + (t mod inner)·strides[1] + y·strides[2] + x·strides[3]].
// Integers are not divided: software does that one by one.
layout(std430, binding = 0) readonly buffer values_block { float values[]; };
uniform int base, inner, tiles, columns, row;
uniform ivec2 size;     // width and height of a tile, in elements
uniform ivec4 strides;
uniform vec2 pitch;     // from tile to tile, in pixels
uniform float elements; // a pixel
uniform vec3 ground;
uniform sampler2D colours; // 256 from the least value to the greatest, and one for NaN and infinity
noperspective in vec2 place;
flat in vec2 axis;
out vec4 colour;

void main() {
	vec2 at = floor(place) + 0.5;
	vec2 cell = floor(at / pitch);
	ivec2 p = ivec2((at - cell * pitch) * elements);
	int tile = int(cell.y) * columns + int(cell.x);
	bool there = int(cell.x) < columns && tile < tiles && all(lessThan(p, size));
	int outer = int((float(tile) + 0.5) / float(inner));
	int i = base + outer * strides[0] + (tile - outer * inner) * strides[1] + p.y * strides[2] + p.x * strides[3];
	float v = values[there ? i : base];
	bool finite = (floatBitsToUint(v) & 0x7f800000u) != 0x7f800000u;
	int shade = finite ? int(clamp(v * axis.x + axis.y, 0.0, 255.0) + 0.5) : 256;
	colour = vec4(there ? texelFetch(colours, ivec2(shade, row), 0).rgb : ground, 1.0);
}

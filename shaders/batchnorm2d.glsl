// A work group has a span of the pixels and a tile of fours·4 channels of a tensor
// (pixels, C). An invocation has four channels, at every shares()-th pixel. The number
// of channels is not a #define, so that layers can share programs.
layout(location = UNIFORM_pixels) uniform int pixels; // N·H·W
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_span) uniform int span;
layout(location = UNIFORM_fours) uniform int fours;
layout(location = UNIFORM_tiles) uniform int tiles; // of channels

int shares() { return THREADS / fours; } // invocations beyond have none
int share() { return int(gl_LocalInvocationIndex) / fours; }
int channel() { return (group_index() % tiles * fours + int(gl_LocalInvocationIndex) % fours) * 4; }
int first_pixel() { return group_index() / tiles * span + share(); }
int end_pixel() { return share() < shares() ? min((group_index() / tiles + 1) * span, pixels) : 0; }

// partial_of is where a group's row 0 or 1 of sums begins.
int partial_of(int row) { return (group_index() / tiles * 2 + row) * ((C + 3) / 4 * 4) + channel(); }

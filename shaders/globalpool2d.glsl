// A work group of global pooling has FOURS groups of four channels of an image. Each
// of its invocations has one group, at every SHARES-th pixel.
#define SHARES (THREADS / FOURS)
layout(location = UNIFORM_PIXELS) uniform int PIXELS;
layout(location = UNIFORM_C) uniform int C;

int four() { return int(gl_LocalInvocationIndex) % FOURS; }
int share() { return int(gl_LocalInvocationIndex) / FOURS; }
int blocks() { return (C + 4 * FOURS - 1) / (4 * FOURS); }
int image() { return group_index() / blocks(); }
int channel() { return (group_index() % blocks() * FOURS + four()) * 4; }

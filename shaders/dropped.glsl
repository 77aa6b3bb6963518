// For a kernel that applies dropout to its results: the clock is an operand.
#include "dropout.glsl"
layout(std430, binding = BINDING_clock) readonly buffer clock_block { int clock[]; }; // (ClockLen)

vec4 dropped_now(int i, vec4 v) { return dropped(i, clock[base[BINDING_clock]], v); }

// What every kernel has: THREADS invocations in a work group, along x.
layout(local_size_x = THREADS) in;
#ifdef PERTURB
#include "perturb.glsl"
#else
#define divide(a, b) ((a) / (b)) // of floats, or of vec4s; a test replaces it
#endif

// base[i] is where the tensor of binding i begins in what is bound there:
// buffers are bound at multiples of 64 elements.
layout(location = UNIFORM_base) uniform int base[BINDINGS];
// The dispatch computes work groups first, first + 1, ...: long lists of work
// groups are split over dispatches.
layout(location = UNIFORM_first) uniform int first;

int group_index() { return first + int(gl_WorkGroupID.x); }
int invocation_index() { return group_index() * THREADS + int(gl_LocalInvocationIndex); }

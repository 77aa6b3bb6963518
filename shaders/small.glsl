// The pool: what is small, at places that are given as uniforms. Two files that
// need it may both include it.
#ifndef HAS_SMALL
#define HAS_SMALL
layout(std430, binding = BINDING_small) buffer small_block { int small[]; };
#endif

// The pool: what is small, at places that are given as uniforms.
layout(std430, binding = BINDING_small) buffer small_block { int small[]; };

// dx of glyph.Backend.DenseBackward with what comes before the layer: with DROP and UNPOOL
// see gradient_store.glsl. Rows of dx are images (pool_h/2, pool_w/2, pool_c).
#include "kernel.glsl"
#include "factor_dz.glsl"
#include "tile.glsl"
#include "tensor_in.glsl" name=dy vec=VEC_OUT
#include "tensor_in.glsl" name=y vec=VEC_OUT
#include "tensor_in.glsl" name=w vec=VEC_IN
#include "activation.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_In) uniform int In;
layout(location = UNIFORM_Out) uniform int Out;
layout(location = UNIFORM_pool_c) uniform int pool_c;
#include "gradient_store.glsl" height=(pool_h/2) width=(pool_w/2) channels=pool_c vec=VEC_IN
vec4 nothing(int n) { return vec4(0); }
#include "split.glsl"
#define SPLIT_DATA SPLIT

void take_dx(int at, int left, vec4 v) { store_gradient(at / pool_c, at % pool_c, left, v); }
#include "dense_backward_data.glsl" take=take_dx

void main() { data_tile(group_index()); }

// How the gradient dx of a layer's input (N, $height, $width, $channels) is stored, in
// fours. With DROP it goes through the dropout before the layer, as in dropout.comp, and
// with UNPOOL then through MaxPool2DBackward of 2×2 windows, as in
// maxpool2d_backward.comp: dx is the gradient of pool_x (N, pool_h, pool_w, $channels),
// and a pixel writes its window of that, and what is right of or below the last one.
#include "tensor_out.glsl" name=dx vec=$vec
#include "tensor_in.glsl" name=pool_x vec=$vec
#include "dropped.glsl"
#include "nan.glsl"
layout(location = UNIFORM_pool_h) uniform int pool_h;
layout(location = UNIFORM_pool_w) uniform int pool_w;

// The first of the greatest of a window gets the gradient. A NaN is the greatest and
// equals nothing, so that such a window gets none.
void unpool(int pixel, int c, int left, vec4 v) {
	int h = pixel / $width % $height, w = pixel % $width, n = pixel / $width / $height;
	int at = ((n * pool_h + 2 * h) * pool_w + 2 * w) * $channels + c;
	ivec4 window = at + $channels * ivec4(0, 1, pool_w, pool_w + 1);
	vec4 x[4];
	for (int j = 0; j < 4; ++j) x[j] = load_pool_x(window[j], left);
	vec4 best = x[0];
	for (int j = 0; j < 4; ++j)
		for (int i = 0; i < 4; ++i) best[i] = greatest(best[i], x[j][i]);
	for (int i = 0; i < 4; ++i) v[i] = is_zero(v[i]) ? 0.0 : v[i]; // added to 0
	bvec4 found = bvec4(false);
	for (int j = 0; j < 4; ++j) {
		bvec4 same = equal(x[j], best);
		bvec4 first = bvec4(same.x && !found.x, same.y && !found.y, same.z && !found.z, same.w && !found.w);
		store_dx(window[j], left, mix(vec4(0), v, first));
		found = bvec4(found.x || same.x, found.y || same.y, found.z || same.z, found.w || same.w);
	}
	bool right = w == $width - 1 && pool_w % 2 != 0, below = h == $height - 1 && pool_h % 2 != 0;
	store_dx(at + 2 * $channels, right ? left : 0, vec4(0));
	store_dx(at + (pool_w + 2) * $channels, right ? left : 0, vec4(0));
	at += 2 * pool_w * $channels;
	for (int j = 0; j < 3; ++j) store_dx(at + j * $channels, below && (j < 2 || right) ? left : 0, vec4(0));
}

// store_gradient takes four channels of a pixel of dx, but none from left on.
void store_gradient(int pixel, int c, int left, vec4 v) {
#if DROP
	v = dropped_now(pixel * $channels + c, v);
#endif
#if UNPOOL
	unpool(pixel, c, left, v);
#else
	store_dx(pixel * $channels + c, left, v);
#endif
}

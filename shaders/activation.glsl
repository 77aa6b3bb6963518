// Activations as in activation.go: ACT is the glyph.ActivationKind.
#include "nan.glsl"
layout(location = UNIFORM_slope_bits) uniform int slope_bits; // LeakyReLU's slope

#if ACT == 1
float activate(float z) { return is_negative(z) ? 0.0 : z; }
float gradient(float dy, float y) { return is_positive(y) ? dy : 0.0; }
#elif ACT == 2
float activate(float z) { return is_negative(z) ? z * intBitsToFloat(slope_bits) : z; }
float gradient(float dy, float y) { return is_positive(y) ? dy : dy * intBitsToFloat(slope_bits); }
#elif ACT == 3
float activate(float z) { return is_nan(z) ? z : divide(1.0, 1.0 + exp(-z)); } // a driver's exp may lose a NaN
float gradient(float dy, float y) { return dy * (y * (1.0 - y)); }
#elif ACT == 4
// No exponential overflows, as it may in a driver's tanh.
float activate(float z) {
	float e = exp(-2.0 * abs(z)), y = divide(1.0 - e, 1.0 + e);
	return is_nan(z) ? z : is_negative(z) ? -y : y;
}
float gradient(float dy, float y) { return dy * (1.0 - y * y); }
#else
float activate(float z) { return z; }
float gradient(float dy, float y) { return dy; }
#endif

vec4 activate(vec4 z) { return vec4(activate(z.x), activate(z.y), activate(z.z), activate(z.w)); }

// gradient is dz = dy·act'(y), as glyph.Activation.Gradient.
vec4 gradient(vec4 dy, vec4 y) {
	return vec4(gradient(dy.x, y.x), gradient(dy.y, y.y), gradient(dy.z, y.z), gradient(dy.w, y.w));
}

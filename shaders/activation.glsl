// Activations as in activation.go: ACT is the glyph.ActivationKind.
layout(location = UNIFORM_slope_bits) uniform int slope_bits; // LeakyReLU's slope

#if ACT == 1
// By its bits, from the smallest number below 0 to -Inf: drivers make max(z, 0) of a
// comparison of z, and 0 of a NaN.
float activate(float z) { return floatBitsToUint(z) - 0x80000001u <= 0x7f7fffffu ? 0.0 : z; }
float derivative(float y) { return y > 0.0 ? 1.0 : 0.0; }
#elif ACT == 2
float activate(float z) { return z < 0.0 ? z * intBitsToFloat(slope_bits) : z; }
float derivative(float y) { return y > 0.0 ? 1.0 : intBitsToFloat(slope_bits); }
#elif ACT == 3
float activate(float z) { return 1.0 / (1.0 + exp(-z)); }
float derivative(float y) { return y * (1.0 - y); }
#elif ACT == 4
// No exponential overflows, as it may in a driver's tanh.
float activate(float z) {
	float e = exp(-2.0 * abs(z)), y = (1.0 - e) / (1.0 + e);
	return z < 0.0 ? -y : y;
}
float derivative(float y) { return 1.0 - y * y; }
#else
float activate(float z) { return z; }
float derivative(float y) { return 1.0; }
#endif

vec4 activate(vec4 z) { return vec4(activate(z.x), activate(z.y), activate(z.z), activate(z.w)); }
vec4 derivative(vec4 y) { return vec4(derivative(y.x), derivative(y.y), derivative(y.z), derivative(y.w)); }

// Arithmetic as inaccurate as GLSL allows (4.60, §4.7.1), for a test: each result is
// computed exactly and then moved by PERTURB_TIMES the error that is allowed: up with
// PERTURB 1, down with 2, and up or down by its last bit with 3.
#include "nan.glsl"

float off(double exact, float ulps) {
	int bits = floatBitsToInt(float(exact));
	int magnitude = bits & 0x7fffffff;
	if (magnitude < 0x01000000 || magnitude >= 0x7f000000) return float(exact); // 0, subnormal, Inf, NaN
	bool larger = PERTURB == 1 || PERTURB == 3 && (bits & 1) == 0;
	int by = int(ulps - 0.5) * PERTURB_TIMES; // rounding is the half
	return intBitsToFloat(larger ? bits + by : bits - by);
}

float divide(float a, float b) {
	if (!is_finite(a) || !is_finite(b) || is_zero(b)) return a / b;
	return off(double(a) / double(b), 2.5);
}

vec4 divide(vec4 a, vec4 b) { return vec4(divide(a.x, b.x), divide(a.y, b.y), divide(a.z, b.z), divide(a.w, b.w)); }

// A square root is 1/inversesqrt.
float rough_sqrt(float x) {
	if (!is_finite(x) || !is_positive(x)) return sqrt(x);
	return divide(1.0, off(1.0lf / sqrt(double(x)), 2.0));
}

vec4 rough_sqrt(vec4 x) { return vec4(rough_sqrt(x.x), rough_sqrt(x.y), rough_sqrt(x.z), rough_sqrt(x.w)); }

float rough_exp(float x) {
	if (is_nan(x) || x > 88.0 || x < -87.0) return exp(x);
	int n = int(round(x * 1.4426950));
	double r = double(x) - double(n) * 0.693147180559945309417lf, term = 1.0lf, sum = 1.0lf;
	for (int i = 1; i < 14; ++i) {
		term *= r / double(i);
		sum += term;
	}
	return off(sum * double(intBitsToFloat((n + 127) << 23)), 3.0 + 2.0 * abs(x));
}

float rough_log(float x) {
	if (!is_finite(x) || !is_positive(x)) return log(x);
	int bits = floatBitsToInt(x);
	double m = double(intBitsToFloat((bits & 0x7fffff) | 0x3f800000)); // 1 to 2
	double s = (m - 1.0lf) / (m + 1.0lf), power = s, sum = 0.0lf;
	for (int i = 1; i < 30; i += 2) {
		sum += 2.0lf * power / double(i);
		power *= s * s;
	}
	sum += double((bits >> 23) - 127) * 0.693147180559945309417lf;
	if (x < 0.5 || x > 2.0) return off(sum, 3.0);
	double by = 4.7e-7lf * double(PERTURB_TIMES); // 2⁻²¹
	return float(PERTURB == 1 || PERTURB == 3 && (bits & 1) == 0 ? sum + by : sum - by);
}

#define sqrt(x) rough_sqrt(x)
#define exp(x) rough_exp(x)
#define log(x) rough_log(x)

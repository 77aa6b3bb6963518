// Floats are compared by their bits. Compilers may assume that numbers are finite: they
// remove isnan, and turn z < 0 ? 0 : z into max(z, 0), which loses a NaN.
#ifndef NAN_BITS // several files include this one
#define NAN_BITS 0x7fc00000u
const float NAN = uintBitsToFloat(NAN_BITS);
bool is_nan(float v) { return (floatBitsToUint(v) & 0x7fffffffu) > 0x7f800000u; }
bool is_positive(float v) { return floatBitsToUint(v) - 1u < 0x7f800000u; }          // v > 0
bool is_negative(float v) { return floatBitsToUint(v) - 0x80000001u < 0x7f800000u; } // v < 0
bool is_zero(float v) { return (floatBitsToUint(v) << 1) == 0u; }                      // v == 0
bool is_finite(float v) { return (floatBitsToUint(v) & 0x7fffffffu) < 0x7f800000u; }

// The greater of two numbers. A NaN counts as the greatest, and one in best stays.
float greatest(float best, float v) { return is_nan(best) ? best : is_nan(v) || v > best ? v : best; }
#endif

// isnan may be optimised away where a driver assumes finite numbers; bits are not.
bool is_nan(float v) { return (floatBitsToUint(v) & 0x7fffffffu) > 0x7f800000u; }

// The greater of two numbers. A NaN is the greatest, and one in best stays.
float greatest(float best, float v) { return v > best || is_nan(v) ? v : best; }

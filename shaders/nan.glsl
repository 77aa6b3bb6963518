// isnan may be optimised away where a driver assumes finite numbers; bits are not.
bool is_nan(float v) { return (floatBitsToUint(v) & 0x7fffffffu) > 0x7f800000u; }

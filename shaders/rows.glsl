// A factor of a product for gemm.glsl that lies in memory as $outer rows of $inner
// elements, read from tensor $tensor ($dz and $y as in operand.glsl). With $along_k the sum
// goes along a row, else from row to row.
#include "operand.glsl" name=$name tensor=$tensor vec=$vec dz=$dz y=$y
struct $name_place { int outer, inner, at; };

$name_place $name_begin(int line, int k) {
#if $along_k
	return $name_place(line, k, line * $inner + k);
#else
	return $name_place(k, line, k * $inner + line);
#endif
}

void $name_advance(inout $name_place p) {
#if $along_k
	p.inner += STEP;
	p.at += STEP;
#else
	p.outer += STEP;
	p.at += STEP * $inner;
#endif
}

void $name_fetch(out block b, $name_place p) {
	b.ok = 0;
	for (int i = 0; i < 4; ++i) {
#if $vec
		$name_read(b, i, p.at + i * $inner, p.outer + i < $outer && p.inner < $inner);
#else
		int there = p.outer + i < $outer ? clamp($inner - p.inner, 0, 4) : 0;
		$name_pick(b, i, ivec4(0, 1, 2, 3) + (p.at + i * $inner), (1 << there) - 1);
#endif
	}
}

#if BY_FOURS && $vec && $dz && ACT != 0 && $along_k
#define $name_by_lines // as A: dy and y of four lines at a time take too many registers
vec4 $name_line($name_place p, int j) { return $name_four(p.at + j * $inner, p.outer + j < $outer && p.inner < $inner); }
#elif BY_FOURS && (!$vec || !$along_k && ($dz && ACT != 0 || BY_TWOS))
#define $name_by_fours
vec4 $name_next(inout $name_place p) {
#if $along_k
	int there = p.inner < $inner ? clamp($outer - p.outer, 0, 4) : 0;
	ivec4 at = p.at + ivec4(0, 1, 2, 3) * $inner;
	++p.inner;
	++p.at;
#else
	int there = p.outer < $outer ? clamp($inner - p.inner, 0, 4) : 0;
	ivec4 at = p.at + ivec4(0, 1, 2, 3);
	++p.outer;
	p.at += $inner;
#endif
#if $vec
	return $name_four(at.x, there > 0);
#else
	return $name_four(at, (1 << there) - 1);
#endif
}
#endif

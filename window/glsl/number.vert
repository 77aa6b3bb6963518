// The greatest magnitude of a range, written in letters of the atlas: three digits that
// count, from 0.001 to 999, and with an exponent beyond. So a number on the device is
// read without being read back.
layout(location = 0) in vec2 range; // (least, greatest)
uniform vec2 screen, origin, letter; // of the first letter; width and height of each
uniform vec4 letters[16];            // u0, v0, u1, v1 of "0123456789.e-±" and a space
uniform int mark;                    // 13 for ± in front, 12 for -, 14 for none
noperspective out vec2 uv;

int letter_at(int place, float v) {
	if (place == 0) return mark;
	place--;
	if (!(v > 0.0) || v > 3e38) return place == 0 ? 0 : 14;
	int e = int(floor(log(v) / log(10.0) + 1e-6));
	int d = int(round(v / pow(10.0, float(e)) * 100.0)); // 100 to 999
	if (d >= 1000) { d /= 10; e++; }
	int digit[3] = int[3](d / 100, d / 10 % 10, d % 10);
	if (e > 2 || e < -3) { // 1.23e-5
		if (place == 0) return digit[0];
		if (place == 1) return 10;
		if (place < 4) return digit[place - 1];
		if (place == 4) return 11;
		if (place == 5) return e < 0 ? 12 : abs(e) / 10 % 10;
		if (place == 6) return e < 0 && abs(e) > 9 ? abs(e) / 10 : abs(e) % 10;
		return place == 7 && e < 0 && abs(e) > 9 ? abs(e) % 10 : 14;
	}
	if (e >= 0) { // 1.23, 12.3, 123
		if (place <= e) return digit[place];
		if (e == 2) return 14;
		if (place == e + 1) return 10;
		return place - 1 < 3 ? digit[place - 1] : 14;
	}
	if (place == 0) return 0; // 0.0123
	if (place == 1) return 10;
	if (place < 1 - e) return 0;
	return place - 1 + e < 3 ? digit[place - 1 + e] : 14;
}

void main() {
	const ivec2 corners[6] = ivec2[6](ivec2(0, 0), ivec2(1, 0), ivec2(0, 1), ivec2(0, 1), ivec2(1, 0), ivec2(1, 1));
	int place = gl_VertexID / 6;
	ivec2 corner = corners[gl_VertexID % 6];
	vec4 l = letters[letter_at(place, max(-range.x, range.y))];
	uv = vec2(corner.x == 0 ? l.x : l.z, corner.y == 0 ? l.y : l.w);
	vec2 p = (origin + (vec2(place, 0) + vec2(corner)) * letter) / screen;
	gl_Position = vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0.0, 1.0);
}

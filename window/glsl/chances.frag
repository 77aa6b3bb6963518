// The probabilities of the classes as bars, a row each: p = gradient of the logits +
// target. The target's bar has a colour of its own.
layout(std430, binding = 0) readonly buffer gradient_block { float gradient[]; };
layout(std430, binding = 1) readonly buffer target_block { float target[]; };
uniform int base, target_at, classes;
uniform vec4 rect;
uniform vec3 ground, groove, bar, right;
noperspective in vec2 place;
out vec4 colour;

void main() {
	vec2 at = floor(place) + 0.5;
	float y = at.y / rect.w * float(classes);
	int c = min(int(y), classes - 1);
	float p = gradient[base + c] + target[target_at + c];
	float thick = rect.w / float(classes) > 6.0 ? 0.28 : 0.0;
	vec3 full = target[target_at + c] > 0.5 ? right : bar;
	bool gap = fract(y) < thick || fract(y) > 1.0 - thick;
	colour = vec4(gap ? ground : at.x <= p * rect.z ? full : groove, 1.0);
}

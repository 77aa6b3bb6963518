// A rectangle of the screen, in pixels from its upper left corner, that shows values of a
// range.
layout(location = 0) in vec2 range; // (least, greatest)
uniform vec4 rect;                  // x, y, width, height
uniform vec2 screen;
uniform int row; // of the colour maps: 0 from -m to m, the greatest magnitude; 1 from the least to the greatest
noperspective out vec2 place; // pixels from the rectangle's upper left corner
flat out vec2 axis;        // a value's colour is axis.x·v + axis.y

void main() {
	vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
	place = corner * rect.zw;
	vec2 p = (rect.xy + place) / screen;
	gl_Position = vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0.0, 1.0);
	float most = max(max(-range.x, range.y), 1e-30);
	float low = row == 0 ? -most : range.x, high = row == 0 ? most : range.y;
	axis.x = 255.0 / max(high - low, 1e-30);
	axis.y = -low * axis.x;
}

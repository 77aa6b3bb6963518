uniform sampler2D atlas;
uniform vec3 paint, ground;
noperspective in vec2 uv;
out vec4 colour;

void main() { colour = vec4(mix(ground, paint, texture(atlas, uv).r), 1.0); }

uniform sampler2D atlas;
noperspective in vec2 uv;
flat in vec4 ink;
out vec4 colour;

void main() { colour = vec4(ink.rgb, ink.a * texture(atlas, uv).r); }

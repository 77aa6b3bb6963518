// dz = dy ⊙ act'(y) is a factor of products: blocks of tile.glsl hold both, so that
// nothing waits for them where they are read.
#if ACT != 0 && (AHEAD || DIRECT)
#define HOLDS_Y
#endif

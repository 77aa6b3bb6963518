//go:build cgo

package gpu

import (
	"math"

	"glyph"
)

// tile is how a work group and an invocation share a product C (M, N) =
// A (M, K)·B (K, N): see shaders/tile.glsl.
type tile struct {
	bm, bn, tm, tn int
	// direct is a tile without shared memory: see DIRECT there.
	direct bool
	// ahead is a tile that fetches the next block while it multiplies this one: see AHEAD
	// there.
	ahead bool
	// rate is the arithmetic a device does in tiles of this kind when all of it
	// is busy, relative to the best tile's.
	rate float64
}

// gemmBK is the sum between two barriers: BK in shaders/tile.glsl.
const gemmBK = 16

// tiles are the kinds there are for GPUs. A rate counts loads and barriers an
// element: BM·BN/(BM+BN) results for a number loaded.
var tiles = []*tile{
	{128, 128, 8, 8, false, true, 1},
	{128, 64, 8, 4, false, true, 0.85},
	{128, 32, 8, 4, false, true, 0.7},
	{64, 64, 8, 4, false, true, 0.7},
	{32, 32, 4, 4, false, true, 0.4},
}

// leanTiles are those for Intel, where an invocation has 64 registers if an instruction
// covers 16 of them (SIMD16): results of 8×4, or a block fetched ahead, leave too few.
var leanTiles = []*tile{
	{64, 64, 4, 4, false, false, 0.7},
	{32, 32, 4, 4, false, false, 0.4},
}

// directTiles are those for software OpenGL, where shared memory is no faster than
// memory and reading either is what takes the time.
var directTiles = []*tile{
	{64, 64, 8, 8, true, false, 1},
	{16, 64, 8, 8, true, false, 1},
	{16, 32, 8, 4, true, false, 0.8},
}

// choices are the tiles for the device.
func (b *Backend) choices() []*tile {
	if b.forceTile != nil && b.forceTile != skinnyTile {
		return []*tile{b.forceTile}
	}
	if b.device.Software {
		return directTiles
	}
	if b.device.intel() {
		return leanTiles
	}
	return tiles
}

// lean tiles keep their registers for results: they fetch nothing ahead.
func (t *tile) lean() bool { return !t.direct && !t.ahead }

func (t *tile) threads() int { return t.bm / t.tm * (t.bn / t.tn) }

// groups is how many tiles cover C.
func (t *tile) groups(m, n int) int { return ceil(m, t.bm) * ceil(n, t.bn) }

// flops is the arithmetic of one tile over a sum of length k.
func (t *tile) flops(k int) float64 { return 2 * float64(t.bm*t.bn) * float64(k) }

// put writes the tile into a kernel's #defines "BM BN BK TM TN DIRECT AHEAD" after THREADS.
func (t *tile) put(v *values) {
	v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7] = t.threads(), t.bm, t.bn, gemmBK, t.tm, t.tn, one(t.direct), one(t.ahead)
}

const tileDefines = "BM BN BK TM TN DIRECT AHEAD TEXELS "

// atTexels is the place of TEXELS, and tileValues how many values tiles take.
const atTexels, tileValues = 8, 9

const (
	// What a dispatch costs beside its tiles, in multiplications a work group
	// does meanwhile: 3 µs and 50 µs.
	hardwareLaunch = 500_000
	softwareLaunch = 100_000
)

// rounds is the time that work groups take, in units of that of one. Where the driver does
// not tell how many multiprocessors a GPU has, it is taken to run hardwareGroups at a time.
func (b *Backend) rounds(t *tile, groups int) float64 {
	switch {
	case b.device.Software:
		return float64(ceil(groups, softwareGroups))
	case b.device.Multiprocessors > 0:
		return b.device.waves(t, groups)
	}
	return max(1, float64(groups)/hardwareGroups)
}

// plan is how a product is run.
type plan struct {
	*tile
	cut
	what product
}

// plan chooses the tile for a product.
func (b *Backend) plan(what product, m, n, k int) plan {
	best, least := plan{}, math.Inf(1)
	for _, t := range b.choices() {
		if p, time := b.estimate(t, what, m, n, k); time < least {
			best, least = p, time
		}
	}
	return best
}

// estimate is a product in tiles of one kind and the time it takes, in arbitrary
// units: the rounds of tiles on the device, whole waves where their size is known (waves.go),
// times a tile's arithmetic over its rate. It decides nothing that is in the bits.
func (b *Backend) estimate(t *tile, what product, m, n, k int) (plan, float64) {
	p := plan{t, b.cut(what, m, n, k), what}
	return p, b.rounds(t, t.groups(m, n)*p.splits) * float64(t.bm*t.bn) * float64(p.length) / t.rate
}

// planBoth chooses for the two gradients of a layer, products of (M, N, K) each:
// one kind of tile for both, in one dispatch, unless the first one's sums are cut, or
// two kinds save more than an eighth of the time and a dispatch.
func (b *Backend) planBoth(data, weights [3]int) (d, w plan, together bool) {
	least, apart := math.Inf(1), [2]float64{math.Inf(1), math.Inf(1)}
	var same, best [2]plan
	for _, t := range b.choices() {
		p, time := b.estimate(t, dataGradient, data[0], data[1], data[2])
		q, time2 := b.estimate(t, paramGradient, weights[0], weights[1], weights[2])
		if time+time2 < least {
			same, least = [2]plan{p, q}, time+time2
		}
		if time < apart[0] {
			best[0], apart[0] = p, time
		}
		if time2 < apart[1] {
			best[1], apart[1] = q, time2
		}
	}
	launch := float64(hardwareLaunch)
	if b.device.Software {
		launch = softwareLaunch
	}
	if same[0].splits == 1 && least <= (apart[0]+apart[1])*9/8+launch {
		return same[0], same[1], true
	}
	return best[0], best[1], false
}

// vec is 1 where rows of n elements from every tensor's beginning on can be
// read in vec4s, else 0.
func vec(n int, tensors ...glyph.Tensor) int {
	if n%4 != 0 {
		return 0
	}
	for _, t := range tensors {
		if t.Off%4 != 0 {
			return 0
		}
	}
	return 1
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// split gives the scratch memory of a split sum, or nothing where the sum is
// whole: see shaders/split.glsl.
func (b *Backend) split(p plan, groups int) {
	if p.splits < 2 {
		b.in(glyph.Tensor{})
		return
	}
	size := scratchCounters + p.splits*groups*(p.bm*p.bn+p.bm)
	s := &b.scratch
	if p.what != paramGradient {
		s = &b.parts
	}
	b.bind(b.scratchIn(s, size), 0, 4*int64(size), true)
}

// runParts ends a kernel whose last operand and uniforms are those of split sums, and
// runs it.
func (b *Backend) runParts(p plan, groups int) {
	b.split(p, groups)
	b.launch.uniform(p.length)
	b.launch.uniform(p.splits)
	b.run(groups*p.splits, p.flops(p.length))
}

// scratchCounters is the integers at the beginning of scratch memory, which are
// 0 between dispatches.
const scratchCounters = 1024

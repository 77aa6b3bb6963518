//go:build cgo

package gpu

import (
	"testing"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// Tiles are chosen for the multiprocessors that there are: large ones where a small GPU is
// full anyway, smaller ones where a large GPU would be left idle. No sum is cut otherwise.
func TestTilesForMultiprocessors(t *testing.T) {
	b, err := Open(Options{Dry: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close() //nolint:errcheck // there is no device
	for _, c := range []struct {
		name                       string
		what                       product
		m, n, k                    int
		h100, small, untold        string
		onH100, onSmall, elsewhere string // why
	}{
		{"mlp, batch 16: dw", paramGradient, 256, 784, 16, "32x32", "128x64", "32x32",
			"200 groups leave none idle, larger ones 80 at least", "26 groups are one each", "more groups than 128, others fewer"},
		{"mlp, batch 128: dw", paramGradient, 256, 784, 128, "32x32", "128x64", "32x32",
			"as above: the batch is in the sum", "as above", "as above"},
		{"cnn, batch 64: second convolution", forward, 64 * 14 * 14, 64, 288, "128x64", "128x64", "128x32",
			"98 groups are one each; half as large, two of them take longer", "four each; half as large, seven take longer", "196 groups are one round and a half"},
		{"cnn, batch 64: third convolution", forward, 64 * 7 * 7, 64, 576, "128x32", "128x64", "128x32",
			"100 groups are one each, of half the work", "50 groups are two each; 100 would be four", "100 groups at a time"},
		{"cnn, batch 64: dw of the second", paramGradient, 64, 288, 64 * 14 * 14, "64x64", "64x64", "64x64",
			"255 groups in 51 parts, and nothing is wasted beyond 64 rows", "the same", "the same"},
		{"1536³", forward, 1536, 1536, 1536, "128x64", "128x128", "128x128",
			"144 groups of the largest are two for some, one for most", "six each", "144 are little more than 128"},
		{"4096³", forward, 4096, 4096, 4096, "128x128", "128x128", "128x128",
			"1024 groups: the best rate counts", "the same", "the same"},
	} {
		b.device.Multiprocessors, b.device.Warps, b.device.Warp = 0, 0, 0
		cut := b.plan(c.what, c.m, c.n, c.k).cut
		for _, on := range []struct {
			multiprocessors, warps int
			want, why              string
		}{{132, 64, c.h100, c.onH100}, {28, 48, c.small, c.onSmall}, {0, 0, c.untold, c.elsewhere}} {
			b.device.Multiprocessors, b.device.Warps, b.device.Warp = on.multiprocessors, on.warps, min(on.warps, 32)
			p := b.plan(c.what, c.m, c.n, c.k)
			if got := p.String()[:len(p.String())-len(" by 8x8")]; got != on.want || p.cut != cut {
				t.Errorf("%s on %d multiprocessors: tile %s in %+v, want %s (%s) in %+v", c.name, on.multiprocessors, got, p.cut, on.want, on.why, cut)
			}
		}
	}
}

// A wave is what fits: registers, shared memory and warps bound it, and a group runs in
// any case. What is left over counts as what it takes, and no more groups take less time.
func TestWaves(t *testing.T) {
	h100 := Device{Multiprocessors: 132, Warps: 64, Warp: 32}
	large, small := tiles[0], tiles[len(tiles)-1]
	for _, c := range []struct {
		d    Device
		t    *tile
		want int
		why  string
	}{
		{h100, large, 2, "registers: 128 for each of 256 invocations"},
		{h100, small, 14, "shared memory: 64 KiB"},
		{Device{Warps: 16, Warp: 32}, small, 8, "warps, two each"},
		{Device{Warps: 4, Warp: 32}, large, 1, "there is always one"},
		{Device{}, small, 14, "what is not told is as on small GPUs"},
	} {
		if got := c.d.resident(c.t); got != c.want {
			t.Errorf("%+v has %d work groups of %v at a time, want %d: %s", c.d, got, c.t, c.want, c.why)
		}
	}
	for groups, want := range map[int]float64{1: 2, 132: 2, 2 * 132: 2, 2*132 + 1: 3, 14 * 132: 14, 14*132 + 1: 16} {
		if got := h100.waves(small, groups); got != want {
			t.Errorf("%d groups take the time of %v, want %v", groups, got, want)
		}
	}
	for _, tl := range tiles {
		for groups := 1; groups < 5000; groups++ {
			if h100.waves(tl, groups) > h100.waves(tl, groups+1) {
				t.Fatalf("%d groups of %v take longer than one more", groups, tl)
			}
		}
	}
}

// What a driver tells is kept, unless no device has it; without the extension it is not
// asked.
func TestMultiprocessorsOfDriver(t *testing.T) {
	const nv, khr = "GL_NV_shader_thread_group", "GL_KHR_shader_subgroup"
	type told map[uint32]int
	for _, c := range []struct {
		extensions []string
		told       told
		want       [3]int // multiprocessors, warps, warp
	}{
		{nil, told{}, [3]int{}},
		{[]string{nv}, told{gl.SM_COUNT_NV: 132, gl.WARPS_PER_SM_NV: 64, gl.WARP_SIZE_NV: 32}, [3]int{132, 64, 32}},
		{[]string{khr}, told{gl.SUBGROUP_SIZE_KHR: 64}, [3]int{0, 0, 64}},
		{[]string{nv, khr}, told{gl.SM_COUNT_NV: 28, gl.WARPS_PER_SM_NV: -1, gl.WARP_SIZE_NV: 0, gl.SUBGROUP_SIZE_KHR: 32}, [3]int{28, 0, 32}},
		{[]string{nv}, told{gl.SM_COUNT_NV: -1 << 31, gl.WARPS_PER_SM_NV: 1<<31 - 1, gl.WARP_SIZE_NV: 1 << 20}, [3]int{}},
		{[]string{nv}, told{gl.SM_COUNT_NV: 1<<31 - 1, gl.WARPS_PER_SM_NV: 0, gl.WARP_SIZE_NV: -32}, [3]int{}},
	} {
		var d Device
		d.askMultiprocessors(func(name string) bool {
			for _, e := range c.extensions {
				if e == name {
					return true
				}
			}
			return false
		}, func(name uint32) int {
			v, ok := c.told[name]
			if !ok {
				t.Errorf("with %q the driver is asked for 0x%04X", c.extensions, name)
			}
			return v
		})
		if got := [3]int{d.Multiprocessors, d.Warps, d.Warp}; got != c.want {
			t.Errorf("%v of %q is %v, want %v", c.told, c.extensions, got, c.want)
		}
	}
}

//go:build cgo

package gpu

import (
	"slices"
	"testing"

	"glyph"
)

func TestTilesFitTheTemplate(t *testing.T) {
	for _, tl := range slices.Concat(tiles, leanTiles, directTiles) {
		blocks := max(tl.bm, tl.bn) * gemmBK / 16
		if tl.tm%4 != 0 || tl.tn%4 != 0 || tl.bm%tl.tm != 0 || tl.bn%tl.tn != 0 || tl.threads()%8 != 0 || tl.threads() > 256 ||
			!tl.direct && (blocks > tl.threads() || tl.shared() > 32<<10) {
			t.Errorf("tile %+v: %d threads, %d blocks of a factor, %d bytes shared", *tl, tl.threads(), blocks, tl.shared())
		}
	}
}

// Whether a product reads tensors as storage or through textures, at whatever offset,
// is no matter to its bits; a tensor too long for a texture is read as storage.
func TestTexels(t *testing.T) {
	b := open(t)
	if b.mostTexels == 0 {
		cannot(t, "nothing is read through textures on this device")
	}
	const n, in, out = 9, 24, 20
	all := glyph.NewTensor(b, glyph.Shape{64 + n*in + out*in})
	v := make([]float32, all.Size())
	for i := range v {
		v[i] = float32(i*i%37)/16 - 1
	}
	b.Write(all, v)
	x, w := glyph.Tensor{Buf: all.Buf, Off: 64, Shape: glyph.Shape{n, in}}, glyph.Tensor{Buf: all.Buf, Off: 64 + n*in, Shape: glyph.Shape{out, in}}
	b.forceTile = directTiles[0]
	var got [2][]float32
	for i := range got {
		y := glyph.NewTensor(b, glyph.Shape{n, out})
		b.Dense(y, x, w, glyph.Tensor{}, glyph.Activation{})
		got[i] = make([]float32, y.Size())
		if err := b.Read(got[i], y); err != nil {
			t.Fatal(err)
		}
		if got[i][n*out-1] == 0 {
			t.Error("nothing was computed")
		}
		b.mostTexels = all.Buf.Len() - 1
	}
	if !slices.Equal(got[0], got[1]) {
		t.Error("read through a texture the product is another")
	}
	if len(b.programs) != 2 {
		t.Errorf("%d programs, want one with textures and one without", len(b.programs))
	}
}

// Intel's GPUs have tiles of their own, which the program chosen for one says.
func TestTilesForIntel(t *testing.T) {
	for vendor, want := range map[string]bool{"": false, "Intel": true} {
		b, err := Open(Options{Dry: true, Device: vendor})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close() //nolint:errcheck // it has no device that could fail
		if p := b.plan(forward, 4096, 4096, 4096); p.lean() != want || p.threads() != 256 {
			t.Errorf("%q: tile %+v", vendor, *p.tile)
		}
	}
	for _, d := range []Device{{Renderer: "Mesa Intel(R) Iris(R) Xe Graphics"}, {Vendor: "Intel Inc."}, {Renderer: "zink Vulkan 1.3(Intel(R) Arc(tm))"}} {
		if !d.intel() {
			t.Errorf("%+v is not taken for Intel's", d)
		}
	}
	if (Device{Renderer: "llvmpipe on Intel", Software: true}).intel() || (Device{Vendor: "AMD"}).intel() {
		t.Error("what is not Intel's GPU is taken for it")
	}
}

func TestPlan(t *testing.T) {
	b := open(t)
	b.device.Software, b.device.Multiprocessors = false, 0 // the choices made for a GPU that tells nothing
	for _, c := range []struct {
		what    product
		m, n, k int
		bm, bn  int
		splits  int
	}{
		{forward, 4096, 4096, 4096, 128, 128, 1}, // the large square
		{forward, 128, 256, 255, 32, 32, 1},      // few results
		{paramGradient, 256, 784, 16, 32, 32, 1}, // dw of a small batch
		{forward, 128 * 28 * 28, 32, 288, 128, 32, 1},
		{paramGradient, 64, 288, 128 * 14 * 14, 64, 64, 51}, // dw of a convolution
		{forward, 16 * 7 * 7, 128, 9 * 128, 128, 32, 4},     // one of few results and a long sum
		{dataGradient, 16 * 7 * 7, 128, 9 * 128, 128, 32, 4},
	} {
		p := b.plan(c.what, c.m, c.n, c.k)
		if p.bm != c.bm || p.bn != c.bn || p.splits != c.splits {
			t.Errorf("plan(%d, %d, %d) is %d×%d in %d parts, want %d×%d and %d", c.m, c.n, c.k, p.bm, p.bn, p.splits, c.bm, c.bn, c.splits)
		}
		if p.length%gemmBK != 0 || (p.splits-1)*p.length >= c.k || p.splits*p.length < c.k {
			t.Errorf("plan(%d, %d, %d): %d parts of %d", c.m, c.n, c.k, p.splits, p.length)
		}
	}
}

// Where sums are cut, and whether they are shared out instead, is the same for every
// tile; no tile is so small that a cut product has more of it than there are counters.
func TestCutsFollowFromTheShape(t *testing.T) {
	b, err := Open(Options{Dry: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close() //nolint:errcheck // there is no device
	for _, software := range []bool{false, true} {
		b.device.Software = software
		b.forceTile = nil
		candidates := b.choices()
		for _, m := range []int{1, 31, 64, 65, 400, 8192} {
			for _, n := range []int{1, 33, 64, 129, 2000} {
				for _, k := range []int{1, 255, 256, 1152, 100_000} {
					for what := forward; what <= paramGradient; what++ {
						want := b.plan(what, m, n, k).cut
						for _, tl := range candidates {
							b.forceTile, b.forceSkinny = tl, true
							p := b.plan(what, m, n, k)
							if p.tile != tl || p.cut != want || p.splits > 1 && tl.groups(m, n) > scratchCounters {
								t.Errorf("%d×%d×%d in tiles %+v: %+v, want %+v", m, n, k, *tl, p.cut, want)
							}
						}
						b.forceTile = nil
					}
				}
			}
		}
	}
}

// More work groups than a dispatch may have become several dispatches.
func TestLongDispatchesAreSplit(t *testing.T) {
	b := open(t)
	const n = 1000
	x, w := glyph.NewTensor(b, glyph.Shape{n, 3}), glyph.NewTensor(b, glyph.Shape{40, 3})
	v := make([]float32, 3*n)
	for i := range v {
		v[i] = float32(i%17) - 8
	}
	b.Write(x, v)
	b.Write(w, v[:120])
	run := func(most int) ([]float32, uint64) {
		y := glyph.NewTensor(b, glyph.Shape{n, 40})
		got := make([]float32, y.Size())
		before := b.Counts()
		b.maxGroups = most
		b.Dense(y, x, w, glyph.Tensor{}, glyph.Activation{})
		if err := b.Read(got, y); err != nil {
			t.Fatal(err)
		}
		return got, b.Counts().Sub(before).Dispatches
	}
	want, whole := run(65535)
	got, parts := run(3)
	if whole != 1 || parts < 2 {
		t.Errorf("%d and %d dispatches, want 1 and more", whole, parts)
	}
	if !slices.Equal(got, want) {
		t.Error("in parts the result is another")
	}
}

func TestHazards(t *testing.T) {
	a, c := &buffer{}, &buffer{}
	read := func(b *buffer, lo, hi int64) access { return access{b, lo, hi, false} }
	write := func(b *buffer, lo, hi int64) access { return access{b, lo, hi, true} }
	for _, h := range []struct {
		name   string
		before access
		now    access
		want   bool
	}{
		{"read after write", write(a, 0, 8), read(a, 4, 12), true},
		{"write after read", read(a, 0, 8), write(a, 4, 12), true},
		{"write after write", write(a, 4, 12), write(a, 0, 8), true},
		{"read after read", read(a, 0, 8), read(a, 0, 8), false},
		{"neighbours", write(a, 0, 8), read(a, 8, 16), false},
		{"other buffers", write(a, 0, 8), write(c, 0, 8), false},
	} {
		var z hazards
		z.add([]access{h.before})
		if got := z.conflict([]access{h.now}); got != h.want {
			t.Errorf("%s: conflict is %v", h.name, got)
		}
		z.clear()
		if z.conflict([]access{h.now}) {
			t.Errorf("%s: conflict after a barrier", h.name)
		}
		z.restart()
		if !z.conflict([]access{h.now}) {
			t.Errorf("%s: no conflict with what is not known", h.name)
		}
	}
}

//go:build cgo

package gpu

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"glyph"
	"glyph/models"
	"glyph/shaders"
)

// tuneCase is a network with every kind of product that is compiled.
func tuneCase() fuseCase {
	relu := glyph.Activation{Kind: glyph.ReLU}
	return fuseCase{name: "tuned", in: glyph.Shape{8, 8, 1}, batch: 3, rule: glyph.NewOptimizer(glyph.AdamW),
		graph: models.Chain(conv(6, relu), pool2, conv(8, relu), models.Flatten{}, models.Dense{Units: 17, Activation: relu},
			models.Dense{Units: 10})}
}

// tuned trains the case with tuning as a Backend with these options does it, and measure
// in place of the device's clock unless it is nil. It returns what the training leaves.
func tuned(t *testing.T, o Options, change func(*Backend)) (map[string][]float32, *Backend) {
	t.Helper()
	b := openWith(t, o)
	b.fuses, b.fuseFrom = true, 2
	if change != nil {
		change(b)
	}
	c := tuneCase()
	s := newTraining(t, b, c.in, c.graph, c.batch, c.rule)
	b.Repeat(4, s.step)
	return s.state(t), b
}

// favourite has tiles that are fast in the order of the list backwards.
func favourite(b *Backend, measurements *int) func(*batch, int) time.Duration {
	return func(*batch, int) time.Duration {
		*measurements++
		return time.Duration(100 - slices.Index(b.choices(), b.tuning.trying))
	}
}

// A training leaves the same bits with tuning and without. What was measured is read back
// by the next one, which measures nothing then, and is kept where tiles are fixed.
func TestTuningChangesNoBit(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	want, plain := tuned(t, Options{Tune: "off", Cache: folder}, nil)
	if list := plain.Tiles(); len(list) == 0 || slices.ContainsFunc(list, func(c glyph.TileChoice) bool { return c.How != estimated }) {
		t.Errorf("without tuning: %v", list)
	}
	entries := func() (n int) {
		names, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range names {
			n += one(strings.HasPrefix(e.Name(), "tiles-"))
		}
		return n
	}
	if entries() != 0 {
		t.Error("there is a file without tuning")
	}
	measurements := 0
	count := func(b *Backend) { b.tuning.budget, b.tuning.measure = time.Hour, favourite(b, &measurements) }
	// The device's own clock, and one that has it the other way round than the estimates.
	for i, change := range []func(*Backend){nil, count} {
		if i == 1 {
			folder = t.TempDir()
		}
		got, b := tuned(t, Options{Tune: "on", Cache: folder}, func(b *Backend) {
			b.tuning.budget = time.Hour
			if change != nil {
				change(b)
			}
		})
		for name := range want {
			sameBits(t, name, got[name], want[name])
		}
		kinds, last := map[string]bool{}, directTiles[len(directTiles)-1].String()
		chosen := map[string]bool{}
		for _, c := range b.Tiles() {
			kinds[c.Product[:strings.Index(c.Product, ".")]] = kinds[c.Product[:strings.Index(c.Product, ".")]] || c.How == measured
			chosen[c.Tile] = chosen[c.Tile] || c.How == measured
		}
		if entries() != 1 || !kinds["conv2d"] || !kinds["conv2d_update"] || !kinds["dense_update"] && !kinds["dense_update_pair"] || change != nil && !chosen[last] {
			t.Errorf("%d files, measured %v in tiles %v", entries(), kinds, chosen)
		}
	}
	first := measurements
	if first == 0 {
		t.Fatal("nothing was measured")
	}
	for _, mode := range []string{"on", "fixed"} {
		got, b := tuned(t, Options{Tune: mode, Cache: folder}, count)
		for name := range want {
			sameBits(t, mode+": "+name, got[name], want[name])
		}
		read := slices.ContainsFunc(b.Tiles(), func(c glyph.TileChoice) bool { return c.How == readBack })
		if measurements != first || !read || b.TileNote() != "" {
			t.Errorf("%s: %d measurements, first %d: %v, %s", mode, measurements, first, b.Tiles(), b.TileNote())
		}
	}
}

// Measuring is bounded: with a clock that moves on each time it is read, no candidate is
// tried once the time is spent, a product that was not measured to the end is not chosen,
// and the next training goes on where this one stopped. A tile that the driver can't build
// is not chosen, however fast.
func TestTuningIsBounded(t *testing.T) {
	folder := t.TempDir()
	measurements, known := 0, 0
	for round := range 20 {
		before := measurements
		_, b := tuned(t, Options{Tune: "on", Cache: folder}, func(b *Backend) {
			now := time.Unix(0, 0)
			b.now = func() time.Time { now = now.Add(time.Second); return now }
			b.tuning.budget = 4 * time.Second // of four candidates
			b.warnings = io.Discard
			b.refuse = func(p *program) bool { return b.tuning.trying == directTiles[2] }
			b.tuning.measure = favourite(b, &measurements)
		})
		if took := measurements - before; took > 4*(tuneRounds+1) {
			t.Fatalf("round %d: %d measurements", round, took)
		}
		file := openTileFile(folder, b.device).tiles
		for _, name := range file {
			if name == directTiles[2].String() {
				t.Fatal("a tile that can't be built is chosen")
			}
		}
		now := len(file)
		if now < known {
			t.Errorf("round %d: %d products after %d", round, now, known)
		}
		if known = now; measurements == before {
			return
		}
	}
	t.Error("the measurements never end")
}

// Where the device has no room for what is measured, nothing is measured, and the training
// goes on.
func TestTuningWithoutMemory(t *testing.T) {
	t.Parallel()
	b := openFused(t)
	b.tuning.mode, b.tuning.budget = "on", time.Hour
	measurements, asked := 0, 0
	b.tuning.measure = favourite(b, &measurements)
	tensor := func(s ...int) (t glyph.Tensor) { copy(t.Shape[:], s); return glyph.NewTensor(b, t.Shape) }
	y, x, w := tensor(32, 8192), tensor(32, 4), tensor(8192, 4) // y has no place in the pool
	b.Write(x, slices.Repeat([]float32{1}, x.Size()))
	b.Write(w, slices.Repeat([]float32{2}, w.Size()))
	b.full = func(*buffer) bool { asked++; return true }
	b.Repeat(2, func() { b.Dense(y, x, w, glyph.Tensor{}, glyph.Activation{}) })
	got := make([]float32, y.Size())
	if err := b.Read(got, y); err != nil || got[0] != 8 || measurements > 0 || asked == 0 {
		t.Errorf("%d measurements, asked for memory %d times: %v, %v", measurements, asked, got[0], err)
	}
}

// A file that is damaged, of another device, driver or version, is named in one line and
// replaced; a setting that is not one is refused.
func TestTileFile(t *testing.T) {
	key := productKey{kernel: dense, m: 3, n: 4, k: 5}
	d := Device{Vendor: "a", Renderer: "b", Version: "c"}
	folder := t.TempDir()
	f := openTileFile(folder, d)
	chosen := map[productKey]choice{key: {tile: tiles[1], how: measured}, {kernel: conv2d}: {tile: tiles[0], how: estimated}}
	f.save(chosen)
	good, err := os.ReadFile(f.path)
	if err != nil || f.note != "" {
		t.Fatal(err, f.note)
	}
	for name, text := range map[string]string{
		"": string(good), "damaged": string(good[:len(good)/2]), "damaged ": strings.Replace(string(good), "128x64", "64x64", 1),
		"another driver": string(good), "another device": string(good), "format 7": `{"glyph_tiles":7}`, "damaged  ": "", "another version": "", "damaged   ": "",
	} {
		if c := (tileContents{Format: tileFormat, Device: f.device, Driver: f.driver}); text == "" && name != "damaged  " {
			if name == "another version" {
				c.Shaders, c.Tiles = "0", map[string]string{}
			} else {
				c.Shaders = shaders.Hash() // and no tiles
			}
			c.Sum = c.sum()
			b, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
			if name != "another version" && !strings.Contains(text, `"tiles":null`) {
				t.Fatal(text)
			}
		}
		other := d
		switch name {
		case "another driver":
			other.Version = "d"
		case "another device":
			other.Vendor, other.Renderer = "other", "device"
		}
		path := openTileFile(folder, other).path
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		g := openTileFile(folder, other)
		if want := strings.TrimSpace(name); !strings.Contains(g.note, want) || (want == "") != (g.note == "") || strings.Contains(g.note, "\n") {
			t.Errorf("%q: the note is %q", name, g.note)
		}
		if got := g.tile(key, tiles); (got == tiles[1]) != (name == "") {
			t.Errorf("%q: the tile is %v", name, got)
		}
		g.save(chosen)
		if again := openTileFile(folder, other); again.note != "" || again.tile(key, tiles) != tiles[1] || again.tile(key, directTiles) != nil {
			t.Errorf("%q: written again it is %+v", name, again)
		}
	}
	// Two processes: what the other wrote since stays.
	second := map[productKey]choice{{kernel: dense, m: 9}: {tile: tiles[0], how: measured}}
	folder = t.TempDir()
	f = openTileFile(folder, d)
	f.save(chosen)
	f.save(second)
	if both := openTileFile(folder, d); len(both.tiles) != 2 {
		t.Errorf("two writers leave %v", slices.Collect(maps.Keys(both.tiles)))
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

// What a setting of the environment can't be is refused in one line.
func TestWrongSettings(t *testing.T) {
	open(t)
	for _, c := range [][3]string{
		{"GLYPH_GPU_TUNE", "fast", "off, on or fixed"}, {"GLYPH_GPU_TUNE", "off on", "off, on or fixed"},
		{"GLYPH_GPU_FUSE", "of", "off or on"}, {"GLYPH_GPU_FUSE", "0", "off or on"},
	} {
		t.Setenv(c[0], c[1])
		if b, err := Open(Options{}); err == nil || err.Error() != fmt.Sprintf("gpu: %s is %q; it can be %s", c[0], c[1], c[2]) {
			t.Errorf("%s=%s: %v, %v", c[0], c[1], b, err)
		}
		t.Setenv(c[0], "")
	}
	if b, err := Open(Options{Tune: "fast"}); err == nil || !strings.Contains(err.Error(), `Options.Tune is "fast"; it can be off, on or fixed`) {
		t.Errorf("a wrong mode: %v, %v", b, err)
	}
}

//go:build cgo

package gpu

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"glyph"
)

// Which tile a product takes changes no bit of it, so it may be chosen by time. The
// first time that a step is repeated often, each of its products is done in every kind of
// tile that is worth a try, on memory of its own, and the fastest is kept, in a file
// for the next time (tune_file.go). Products that are not measured take the tile that
// estimate finds the fastest.

// productKey is a product: its kernel, what that is specialised for but the tile, and its
// shape.
type productKey struct {
	kernel  *kernel
	values  values
	what    product
	m, n, k int
}

// name is the product for display, and in files.
func (p productKey) name() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %d×%d×%d", p.kernel.file, p.m, p.n, p.k)
	for i, name := range p.kernel.defines {
		if v := p.values[i]; v != 0 {
			fmt.Fprintf(&s, " %s=%d", name, v)
		}
	}
	return s.String()
}

// How a tile was chosen.
const (
	estimated = "estimated"
	measured  = "measured"
	readBack  = "measured before"
)

// choice is the tile of a product.
type choice struct {
	tile   *tile
	parts  int
	how    string
	number int // in the order in which they were asked for
}

// tuning is what chooses tiles by time.
type tuning struct {
	mode    string // off, on or fixed
	file    tileFile
	chosen  map[productKey]choice
	budget  time.Duration // that is left for measurements, compiling included
	trying  *tile         // the tile of all products, while it is measured
	asked   []productKey  // products that were put while a tile was tried
	measure func(t *batch, repeats int) time.Duration
}

const (
	// tuneBudget is how long a Backend measures at most.
	tuneBudget = 2 * time.Second
	// A tile is measured if its estimated time is at most tuneWithin times the least.
	tuneWithin = 4
	// tuneRounds is how many times a tile is measured; the fastest counts.
	tuneRounds = 3
)

// String names the kind of tile, in files too.
func (t *tile) String() string {
	s := fmt.Sprintf("%dx%d by %dx%d", t.bm, t.bn, t.tm, t.tn)
	if t.direct {
		s += " direct"
	} else if t.lean() {
		s += " lean"
	}
	return s
}

// fit gives a product (m, n, k) its tile: p has the one that is estimated to be the fastest,
// and v is what the kernel is specialised for without it. The tensors are those that are
// read in tiles.
func (b *Backend) fit(k *kernel, v *values, p *plan, m, n, sum int, tensors ...glyph.Tensor) {
	if b.forceTile == nil || b.tuning.trying != nil {
		p.tile = b.tileFor(productKey{k, *v, p.what, m, n, sum}, p)
	}
	p.put(v)
	v[atTexels] = b.texels(p.tile, tensors...)
}

func (b *Backend) tileFor(key productKey, p *plan) *tile {
	u := &b.tuning
	if u.trying != nil {
		u.asked = append(u.asked, key)
		return u.trying
	}
	c, known := u.chosen[key]
	if !known {
		c = choice{p.tile, p.splits, estimated, len(u.chosen)}
		if t := u.file.tile(key, b.choices()); t != nil {
			c.tile, c.how = t, readBack
		}
		u.chosen[key] = c
	}
	return c.tile
}

// Tiles lists the products that were asked for so far, with the kind of tile that each
// takes and how it was chosen.
func (b *Backend) Tiles() []glyph.TileChoice {
	type numbered struct {
		n int
		c glyph.TileChoice
	}
	var list []numbered
	for key, c := range b.tuning.chosen {
		list = append(list, numbered{c.number, glyph.TileChoice{Product: key.name(), Tile: c.tile.String(), Parts: c.parts, How: c.how}})
	}
	slices.SortFunc(list, func(p, q numbered) int { return cmp.Compare(p.n, q.n) })
	var tiles []glyph.TileChoice
	for _, n := range list {
		tiles = append(tiles, n.c)
	}
	return tiles
}

// TileNote says why the file of measured tiles is not used, or is "".
func (b *Backend) TileNote() string { return b.tuning.file.note }

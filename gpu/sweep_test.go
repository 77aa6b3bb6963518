//go:build cgo

package gpu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/backendtest"
)

// gemmCases are few, but reach every part of the template: edges inside and at
// a tile's, vec4 and single loads in each role, sums over several tiles. Each is
// checked where its loads are all vec4s or all single, since a mixture would be a
// program more for every tile, and which loads a role has is no matter to the
// others. The convolutions at odd offsets are small, and share their programs.
var gemmCases = []struct {
	name string
	vec  bool
}{
	{"128x127-65 relu", false}, {"63x64-64 relu", true}, {"33x9-128 relu", false},
	{"3x7x7x64-64 3x3 stride 1 pad 1 relu", true},
	{"1x8x8x17-33 3x3 stride 1 pad 1 relu", false}, {"2x8x8x6-8 3x3 stride 2 pad 1 relu", false},
}

// sweepCase is a case of gemmCases with the kind of its loads.
type sweepCase struct {
	*backendtest.Case
	vec bool
}

func sweepCases(t *testing.T) (cases []sweepCase) {
	for _, c := range backendtest.Cases() {
		if strings.HasPrefix(c.Op, "Dense") || strings.HasPrefix(c.Op, "Conv2D") {
			for _, g := range gemmCases {
				if strings.HasPrefix(c.Name, g.name) {
					cases = append(cases, sweepCase{c, g.vec})
				}
			}
		}
	}
	if len(cases) < 2*len(gemmCases) {
		t.Fatalf("only %d cases for %v", len(cases), gemmCases)
	}
	return cases
}

// reader is a Backend that notes the bits of all that is read from it.
type reader struct {
	*Backend
	hash hash.Hash64
}

func (r *reader) Read(dst []float32, src glyph.Tensor) error {
	err := r.Backend.Read(dst, src)
	return errors.Join(err, binary.Write(r.hash, binary.LittleEndian, dst))
}

// sweepTiles are the tiles that differ in more than numbers of the template: another of
// 8×4 results whose factors are loaded by different invocations, and a second lean one, run
// the same lines.
func sweepTiles() []*tile { return slices.Concat(tiles[:1], tiles[2:], leanTiles[1:], directTiles) }

// Every kind of tile, with sums whole and split, is held to the specification
// in each product, whatever the plan would choose on this device. Each tile has
// both kinds of load and both kinds of sum, and two that follow each other have
// all four pairs: a split sum does not ask how its terms were loaded. Tiles of hardware
// all give the same bits, and so do those of software OpenGL among themselves.
func TestEveryTile(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of programs")
	}
	t.Parallel() // with the conformance suite: drivers compile on one core
	b := open(t)
	cases := sweepCases(t)
	results := map[string]uint64{}
	check := func(c sweepCase) {
		how := backendtest.CheckOdd
		if c.vec {
			how = backendtest.CheckAligned
		}
		read := &reader{Backend: b, hash: fnv.New64a()}
		for _, f := range how(read, c.Case).Failures {
			t.Errorf("%+v in %d parts, %v: %s", *b.forceTile, b.forceSplit, c, f)
		}
		key := fmt.Sprint(c.Case, b.forceSplit, b.forceTile == skinnyTile, b.forceTile.direct)
		if sum, known := results[key]; !known {
			results[key] = read.hash.Sum64()
		} else if sum != read.hash.Sum64() {
			t.Errorf("%+v in %d parts, %v: the bits are others than in other tiles", *b.forceTile, b.forceSplit, c)
		}
	}
	b.forceTile, b.forceSplit = skinnyTile, 1
	for _, c := range cases {
		if c.Op == "Dense" {
			check(c)
		}
	}
	for i, tl := range sweepTiles() {
		b.forceTile = tl
		for _, c := range cases {
			b.forceSplit = 1
			if c.vec == (i%2 == 0) {
				b.forceSplit = 3
			}
			check(c)
		}
	}
	checkSweep(t, b.programs)
	// The others, in one operation: their bits are those of the tiles above.
	known := len(results)
	for _, tl := range slices.Concat(tiles, leanTiles) {
		for _, c := range cases {
			if b.forceTile, b.forceSplit = tl, 1; !slices.Contains(sweepTiles(), tl) && c.Op == "Dense" {
				check(c)
			}
		}
	}
	if len(results) != known {
		t.Errorf("%d sums of the other tiles are compared with none", len(results)-known)
	}
}

// checkSweep holds the programs of a sweep to be all those that were meant.
func checkSweep(t *testing.T, programs map[programKey]*program) {
	t.Helper()
	kinds := map[*kernel]map[string]bool{dense: {}, denseBackward: {}, conv2d: {}, conv2dBackwardData: {}, conv2dBackwardWeights: {}}
	pairs := map[*kernel]map[string]bool{denseBackward: {}, conv2dBackwardWeights: {}}
	for _, p := range programs {
		pair := ""
		for _, d := range p.defines {
			if seen, ok := kinds[p.kernel]; ok && (strings.HasPrefix(d.Name, "VEC_") || d.Name == "SPLIT") {
				seen[fmt.Sprint(tileOf(p), d.Name, d.Value)] = true
				pair += fmt.Sprint(d.Value)
			}
		}
		if seen, ok := pairs[p.kernel]; ok {
			seen[pair] = true
		}
	}
	for k, seen := range kinds {
		for _, tl := range sweepTiles() {
			for _, name := range k.defines {
				if !strings.HasPrefix(name, "VEC_") && name != "SPLIT" {
					continue
				}
				for value := range 2 {
					if !seen[fmt.Sprint([4]int{tl.bm, tl.bn, tl.tm, one(tl.ahead)}, name, value)] {
						t.Errorf("%s was not run with tile %+v and %s %d", k.file, *tl, name, value)
					}
				}
			}
		}
	}
	for k, seen := range pairs {
		for _, pair := range []string{"000", "001", "110", "111"} {
			if !seen[pair] {
				t.Errorf("%s was not run with the loads and the kind of sum %s", k.file, pair)
			}
		}
	}
}

// tileOf is the rows and columns of a program's tile, an invocation's rows, and whether
// it fetches ahead.
func tileOf(p *program) (tile [4]int) {
	for _, d := range p.defines {
		switch d.Name {
		case "BM":
			tile[0] = d.Value
		case "BN":
			tile[1] = d.Value
		case "TM":
			tile[2] = d.Value
		case "AHEAD":
			tile[3] = d.Value
		}
	}
	return tile
}

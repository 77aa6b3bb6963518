//go:build unix

package kernels

import (
	"slices"
	"testing"
	"unsafe"
)

// What is to be prefetched is gone through to its end, some lines with each segment and no
// more than there are. It changes nothing in the result, even where no memory is mapped.
func TestFetchAhead(t *testing.T) {
	for i := range 60 {
		s := shape{m: 1 + 5*i%26, n: []int{1, 8, 16, 24, 32}[i%5], k: 3, segs: 1 + i%4}
		for _, k := range For[float32]() {
			if s.n > k.Width && k.Panel(s.n) != s.n {
				continue
			}
			want := check(t, k, s, false)
			p := pose[float32](t, s, false)
			segments := s.segs * ((s.m + k.TileRows(s.n) - 1) / k.TileRows(s.n))
			x := make([]float32, 16*(1+i))
			p.tile.Ahead = FetchAhead(x, segments)
			each := p.tile.Ahead.each
			if each < 1 || (each-1)*segments >= 1+i {
				t.Fatalf("%d lines with each of %d segments, of %d lines", each, segments, 1+i)
			}
			k.Tile(&p.tile, s.m)
			left, at := p.tile.Ahead.lines, p.tile.Ahead.at
			if fetched := 1 + i - left; left > 0 || left <= -each || at != uintptr(unsafe.Pointer(&x[0]))+uintptr(line*fetched) {
				t.Errorf("%s %v: %d of %d lines are left, at the %d. byte", k.Name, s, left, 1+i, at-uintptr(unsafe.Pointer(&x[0])))
			}
			if !slices.Equal(p.c, want) {
				t.Errorf("%s %v: another result", k.Name, s)
			}
			p = pose[float32](t, s, false)
			p.tile.Ahead = Ahead{1 << 20, 100, 3}
			if k.Tile(&p.tile, s.m); !slices.Equal(p.c, want) {
				t.Errorf("%s %v: another result with no memory to fetch", k.Name, s)
			}
		}
	}
	if a := FetchAhead([]float32(nil), 5); a != (Ahead{}) {
		t.Errorf("of nothing, %v is fetched", a)
	}
	if a := FetchAhead(make([]float32, 5), 0); a != (Ahead{}) {
		t.Errorf("with no segment, %v is fetched", a)
	}
}

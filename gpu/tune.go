//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"math"
	"time"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// tune chooses the tiles of the products among nodes that no file has, by time, until the
// budget is spent. Nothing of a step's memory is written: results go to memory that is
// made for this.
func (b *Backend) tune(nodes []node) {
	u := &b.tuning
	if u.mode != "on" || b.dry || b.forceTile != nil {
		return
	}
	found := false
	for _, n := range nodes {
		for _, n := range productsOf(n) {
			if u.budget <= 0 || b.failed.Load() {
				break
			}
			found = b.tuneNode(n) || found
		}
	}
	if found {
		u.file.save(u.chosen)
	}
}

// productsOf is the parts of a node that have a tile each: none if it is no product.
func productsOf(n node) []node {
	if n.gather != nil {
		return nil
	}
	switch n.op.kind {
	case opDense, opConv2D:
		if n.softmax == nil {
			return []node{n}
		}
	case opDenseBackward, opConv2DBackward:
		n.advance = nil
		if n.part != whole || n.update != nil {
			return []node{n}
		}
		list := []node{n}
		if n.op.kind == opConv2DBackward { // two kernels
			list = nil
		}
		if !n.op.t[backDX].IsZero() {
			d := n
			d.part = data
			list = append(list, d)
		}
		if !n.op.t[backDW].IsZero() || !n.op.t[backDB].IsZero() {
			w := n
			w.part = weights
			list = append(list, w)
		}
		return list
	}
	return nil
}

// tuneNode measures a node in every kind of tile, unless that is known. It reports
// whether it has chosen one.
func (b *Backend) tuneNode(n node) bool {
	u := &b.tuning
	var memory []glyph.Memory
	defer func() {
		u.trying = nil
		b.Free(memory...)
	}()
	if !b.onScratch(&n, &memory) {
		return false
	}
	candidates := b.choices()
	u.trying = candidates[0]
	key, ok := b.askedFor(&n)
	if !ok || u.chosen[key].how == measured || u.file.tile(key, candidates) != nil {
		return false
	}
	u.trying = nil
	estimate := func(t *tile) float64 {
		_, time := b.estimate(t, key.what, key.m, key.n, key.k)
		return time
	}
	fastest := estimate(candidates[0])
	for _, t := range candidates {
		fastest = min(fastest, estimate(t))
	}
	best, least := (*tile)(nil), time.Duration(math.MaxInt64)
	for _, t := range candidates {
		if estimate(t) > tuneWithin*fastest {
			continue
		}
		if u.budget <= 0 {
			return false // some were not measured: another time
		}
		start := b.now()
		u.trying = t
		took := b.timeNode(&n)
		u.budget -= b.now().Sub(start)
		if b.failed.Load() {
			return false
		}
		if took < least {
			best, least = t, took
		}
	}
	if best == nil {
		return false
	}
	c, known := u.chosen[key]
	if !known {
		c.number = len(u.chosen)
	}
	u.chosen[key] = choice{best, b.cut(key.what, key.m, key.n, key.k).splits, measured, c.number}
	return true
}

// askedFor is the one product of a node.
func (b *Backend) askedFor(n *node) (key productKey, one bool) {
	u := &b.tuning
	u.asked = u.asked[:0]
	t := b.play([]node{*n}, <-b.free)
	t.clear()
	b.free <- t
	if len(u.asked) != 1 {
		return key, false
	}
	return u.asked[0], true
}

// timeNode is how long a node takes in tiles of the kind that is being tried.
func (b *Backend) timeNode(n *node) time.Duration {
	t := b.play([]node{*n}, <-b.free)
	took := time.Duration(math.MaxInt64)
	b.call(func() {
		counts := b.state.counts
		defer func() { b.state.counts = counts }()
		if b.build(t.programs); !t.built() { // the driver can't build this one
			return
		}
		for i := 0; i <= tuneRounds && len(t.commands) > 0 && !b.failed.Load(); i++ {
			if d := b.tuning.measure(t, 1); i > 0 { // the first makes machine code and fills caches
				took = min(took, d)
			}
		}
	})
	t.clear()
	b.free <- t
	return took
}

// timeBatch is how long the device takes for the kernels of a batch, by its own clock
// where it has one for kernels. It runs on the thread.
func (b *Backend) timeBatch(t *batch, repeats int) time.Duration {
	before := b.state.timing
	defer func() { b.state.timing = before }()
	var bits int32
	gl.GetQueryiv(gl.TIME_ELAPSED, gl.QUERY_COUNTER_BITS, &bits)
	if b.state.timing = C.GLYPH_CLOCK_TIMES; bits > 0 && !b.device.Software {
		b.state.timing = C.GLYPH_QUERY_TIMES
	}
	var sum C.uint64_t
	kept := map[*C.glyph_program][2]C.uint64_t{}
	for i := range t.commands {
		if p := t.commands[i].program; p != nil {
			if _, seen := kept[p]; !seen {
				kept[p] = [2]C.uint64_t{p.calls, p.nanoseconds}
			}
		}
	}
	b.perform(t, repeats, 0)
	for p, was := range kept {
		sum += p.nanoseconds - was[1]
		p.calls, p.nanoseconds = was[0], was[1]
	}
	return time.Duration(sum) / time.Duration(repeats)
}

// tuneMemory is the bytes that a measurement may take beside the step's.
const tuneMemory = 256 << 20

// onScratch has a node write to memory of its own, which is appended to the list, or
// reports that this is too much for tuneMemory or the device. Offsets keep their remainder by
// glyph.Align, and with it the width of loads.
func (b *Backend) onScratch(n *node, memory *[]glyph.Memory) bool {
	size := 0
	for _, o := range [...]*operation{n.op, n.drop, n.pool, n.update, n.pair} {
		for i := range len(operands{}) {
			if o != nil && i < len(uses[o.kind]) && uses[o.kind][i] != 'r' {
				size += 4 * o.t[i].Size()
			}
		}
	}
	if size > tuneMemory {
		return false
	}
	made := map[glyph.Tensor]glyph.Tensor{}
	b.spare = true
	defer func() { b.spare = false }()
	there := true
	own := func(o *operation) *operation {
		if o == nil {
			return nil
		}
		c := *o
		for i, use := range uses[o.kind] {
			if t := o.t[i]; use != 'r' && !t.IsZero() {
				if made[t].IsZero() {
					off := t.Off % glyph.Align
					s := glyph.Tensor{Buf: b.Alloc(off + t.Size()), Off: off, Shape: t.Shape}
					*memory = append(*memory, s.Buf)
					there = there && b.memory(s.Buf).c.name != 0
					made[t] = s
				}
				c.t[i] = made[t]
			}
		}
		return &c
	}
	n.op, n.drop, n.pool, n.update, n.pair = own(n.op), own(n.drop), own(n.pool), own(n.update), own(n.pair)
	n.advance = nil
	return there
}

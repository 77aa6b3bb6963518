//go:build cgo

package gpu

import (
	"strings"

	"glyph"
)

var advance = newKernel("clock.comp", "clock log loss hits penalty", "N log_rows", "LOG HITS PENALTY")

// Advance writes the step's row of the log and moves the clock on.
func (b *Backend) Advance(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
	glyph.CheckAdvance(clock, log, loss, hits, penalty)
	b.ask(operation{kind: opAdvance, t: operands{log, loss, hits, penalty}, clock: clock})
}

func (b *Backend) putAdvance(o *operation) {
	log, loss, hits, penalty := o.t[0], o.t[1], o.t[2], o.t[3]
	clock := o.clock
	l := b.start(b.program(advance, values{256, one(!log.IsZero()), one(!hits.IsZero()), one(!penalty.IsZero())}))
	b.all(clock, true)
	b.out(log)
	b.in(loss)
	b.in(hits)
	b.in(penalty)
	l.uniform(loss.Shape[0])
	l.uniform(log.Shape[0])
	b.run(1, 0)
}

// lastUniforms are those of shaders/clock_last.glsl.
var lastCount = len(strings.Fields(lastUniforms))

const lastUniforms = " samples log_at log_rows loss_at hits_at penalty_at moved_at all_groups"

// last gives a kernel that ends a step the uniforms of its Advance, if it has one; all
// is how many work groups it has.
func (b *Backend) last(o *operation, all int) {
	l := &b.launch
	if o == nil {
		for range lastCount {
			l.uniform(0)
		}
		return
	}
	log, loss, hits, penalty := o.t[0], o.t[1], o.t[2], o.t[3]
	l.uniform(loss.Shape[0])
	b.place(log, true)
	l.uniform(log.Shape[0])
	b.place(loss, false)
	b.place(hits, false)
	b.place(penalty, false)
	b.placeInts(o.clock, true)
	l.uniform(all)
	l.accesses = append(l.accesses, access{b.pool.counters, 0, bindAlign, true})
}

// advanceFits reports whether a kernel can do an Advance at its end: what it needs lies
// in the pool.
func (b *Backend) advanceFits(o *operation) bool {
	for i := range uses[opAdvance] {
		if t := o.t[i]; !t.IsZero() && !b.inPool(t.Buf) {
			return false
		}
	}
	return b.inPool(o.clock)
}

package backendtest

import "glyph"

// holeMutations are of what augmentation cuts out.
func holeMutations(add func(name string, change func(h *byHand), ops ...string)) {
	const properties = "" // see it too
	cut := func(name string, change func(top, left, side *int, h, w int), ops ...string) {
		add(name, func(hand *byHand) {
			right := hand.hole
			hand.hole = func(a glyph.Augmentation, seed uint64, step int32, i, h, w int) (int, int, int) {
				top, left, side := right(a, seed, step, i, h, w)
				change(&top, &left, &side, h, w)
				return top, left, side
			}
		}, ops...)
	}
	drawn := func(name string, change func(seed *uint64, step *int32, i, h, w *int), ops ...string) {
		add(name, func(hand *byHand) {
			right := hand.hole
			hand.hole = func(a glyph.Augmentation, seed uint64, step int32, i, h, w int) (int, int, int) {
				change(&seed, &step, &i, &h, &w)
				return right(a, seed, step, i, h, w)
			}
		}, ops...)
	}
	cut("no hole", func(_, _, side *int, _, _ int) { *side = 0 }, properties)
	cut("a hole that is too small", func(_, _, side *int, _, _ int) { *side = max(*side-1, 0) }, properties)
	cut("a hole with its corner in the middle", func(top, left, side *int, _, _ int) { *top, *left = *top+*side/2, *left+*side/2 })
	cut("an odd hole to the other side", func(top, _, side *int, _, _ int) { *top -= *side % 2 })
	cut("a hole that stays inside", func(top, left, side *int, h, w int) {
		*top, *left = max(min(*top, h-*side), 0), max(min(*left, w-*side), 0)
	}, properties)
	cut("rows for columns", func(top, left, _ *int, _, _ int) { *top, *left = *left, *top }, properties)
	drawn("the next step's hole", func(_ *uint64, step *int32, _, _, _ *int) { *step++ })
	drawn("one hole for a batch", func(_ *uint64, _ *int32, i, _, _ *int) { *i = 0 }, properties)
	drawn("another seed's hole", func(seed *uint64, _ *int32, _, _, _ *int) { *seed ^= 1 << 40 })
	drawn("height for width", func(_ *uint64, _ *int32, _, h, w *int) { *h, *w = *w, *h }, properties)
	add("cut out before it is moved", func(h *byHand) { h.early = true })
	add("a hole of the mean's grey", func(h *byHand) { h.grey = true })
	add("a hole in one channel", func(h *byHand) { h.first = true }, properties)
}

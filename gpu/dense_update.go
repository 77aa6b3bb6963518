//go:build cgo

package gpu

import "glyph"

var (
	denseUpdate = newKernel("dense_update.comp", "dy y x split"+storeOperands,
		denseUniforms+" w_at w_end b_at b_end split_length splits"+storeUniforms,
		tileDefines+"VEC_IN VEC_OUT ACT SPLIT VEC_W KIND ADVANCE")
	denseUpdatePair = newKernel("dense_update_pair.comp", "dy x dy2 x2"+storeOperands,
		denseUniforms+" w_at w_end b_at b_end In2 Out2 w_at2 w_end2 b_at2 b_end2 tiles_first"+storeUniforms,
		tileDefines+"VEC_IN VEC_OUT VEC_IN2 VEC_OUT2 ACT VEC_W KIND ADVANCE")
)

// denseShape is N, In and Out of a dense layer's backward pass.
func denseShape(o *operation) (n, in, out int) {
	return o.t[backX].Shape[0], o.t[backX].Shape[1], o.t[backW].Shape[0]
}

// weightsPlan is how the gradients of a dense layer's parameters are summed.
func (b *Backend) weightsPlan(o *operation) plan {
	n, in, out := denseShape(o)
	_, p, _ := b.planBoth([3]int{n, in, out}, [3]int{out, in, n})
	return p
}

// denseCut is how their sums are cut.
func (b *Backend) denseCut(o *operation) cut {
	n, in, out := denseShape(o)
	return b.cut(paramGradient, out, in, n)
}

// putDenseUpdate queues the update of a dense layer's parameters.
func (b *Backend) putDenseUpdate(n *node) {
	o, p := n.op, b.weightsPlan(n.op)
	batch, in, out := denseShape(o)
	v := values{tileValues: vec(in, o.t[backX]), vec(out, o.t[backDY], o.t[backY]), int(o.act.Kind),
		one(p.splits > 1), vecUpdate(n, in, n.at), int(n.update.rule.Kind), one(n.advance != nil)}
	b.fit(denseUpdate, &v, &p, out, in, batch, o.t[backDY], o.t[backY], o.t[backX])
	l := b.start(b.program(denseUpdate, v))
	b.in(o.t[backDY])
	b.inIf(o.act.Kind != glyph.None, o.t[backY])
	b.in(o.t[backX])
	b.split(p, p.groups(out, in))
	b.updating(n)
	l.bits(o.act.Slope)
	l.uniform(batch)
	l.uniform(in)
	l.uniform(out)
	l.params(n.at)
	l.uniform(p.length)
	l.uniform(p.splits)
	groups := p.groups(out, in) * p.splits
	b.updatingBy(n, groups)
	b.run(groups, p.flops(p.length))
}

// putDenseUpdatePair queues the update of two dense layers' parameters.
func (b *Backend) putDenseUpdatePair(n *node) {
	first, second := n.op, n.pair
	batch, in, out := denseShape(first)
	_, in2, out2 := denseShape(second)
	p := b.weightsPlan(second)
	between := vec(in, first.t[backX], second.t[backDY]) // as long as the rows of dz of the second
	v := values{tileValues: between, vec(out, first.t[backDY]), vec(in2, second.t[backX]), between,
		int(second.act.Kind), vecUpdate(n, in, n.at) * vecUpdate(n, in2, n.pairAt), int(n.update.rule.Kind), one(n.advance != nil)}
	b.fit(denseUpdatePair, &v, &p, out2, in2, batch, first.t[backDY], first.t[backX], second.t[backDY], second.t[backX])
	l := b.start(b.program(denseUpdatePair, v))
	b.in(first.t[backDY])
	b.in(first.t[backX])
	b.in(second.t[backDY])
	b.in(second.t[backX])
	b.updating(n)
	l.bits(second.act.Slope)
	l.uniform(batch)
	l.uniform(in)
	l.uniform(out)
	l.params(n.at)
	l.uniform(in2)
	l.uniform(out2)
	l.params(n.pairAt)
	tiles := p.groups(out, in)
	l.uniform(tiles)
	groups := tiles + p.groups(out2, in2)
	b.updatingBy(n, groups)
	b.run(groups, p.flops(batch))
}

// pairs reports whether the parameters of two dense layers can be updated in one
// dispatch: the output of the second is what the first reads, and no sum is split.
func (b *Backend) pairs(first, second *operation) bool {
	return first.kind == opDenseBackward && second.kind == opDenseBackward && first.act.Kind == glyph.None &&
		second.t[backY] == first.t[backX] &&
		b.denseCut(first).splits == 1 && b.denseCut(second).splits == 1
}

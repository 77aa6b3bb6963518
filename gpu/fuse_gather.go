//go:build cgo

package gpu

import "glyph"

// fuseGather has a first convolution and its weight gradient make the images of a batch
// from a data set's bytes as they load them, and the convolution write the labels: where
// nobody else touches the images, and what they are made of stays as it is until the last
// of these nodes.
func (b *Backend) fuseGather() bool {
	at := 0
	for at < len(b.nodes) && b.nodes[at].op.kind != opGather {
		at++
	}
	if at == len(b.nodes) || !b.gatherFits(b.nodes[at].op) {
		return false
	}
	gather := b.nodes[at]
	images := b.accessOf(gather.op.t[0], true)
	b.saved = append(b.saved[:0], b.nodes...)
	readers := 0
	for i := range b.nodes {
		if i == at || !b.meets(&b.nodes[i], images) {
			continue
		}
		n := &b.saved[i]
		n.gather = gather.op
		if i < at || !b.gathers(n, readers == 0) || b.meets(n, images) || b.clash(n) || b.gatherOverwritten(at, i) || readers == 0 && b.gatherWaits(at, i) {
			return false
		}
		readers++
	}
	if readers == 0 {
		return false
	}
	b.saved[at] = node{}
	b.nodes = append(b.nodes[:0], b.saved...)
	b.drop()
	return true
}

// gatherFits reports whether kernels that load a batch find all but its images in the pool.
func (b *Backend) gatherFits(o *operation) bool {
	return b.pool.c != nil && b.inPool(o.t[1].Buf, o.set.Labels, o.set.Mean.Buf, o.set.Scale.Buf, o.order, o.clock)
}

// gathers reports whether a node is one that can gather what it reads: the first is the
// convolution, the others add up gradients of weights.
func (b *Backend) gathers(n *node, first bool) (ok bool) {
	o := n.op
	if first != (o.kind == opConv2D) || o.kind != opConv2D && o.kind != opConv2DBackward || o.t[n.imagesIn()] != n.gather.t[0] {
		return false
	}
	if first {
		_, ok = b.firstForward(o, n.ending)
		return ok
	}
	_, ok = b.firstWeights(o.t[backDY], o.t[backY], o.t[backX], o.t[backW], o.conv)
	oneKernel := n.part == weights || n.part == whole && o.t[backDX].IsZero()
	return ok && oneKernel && (n.update == nil || n.update.clock == n.gather.clock)
}

// gatherOverwritten reports whether a node between a Gather at and node end writes what the
// Gather reads.
func (b *Backend) gatherOverwritten(at, end int) bool {
	found := false
	b.eachAccess(b.nodes[at].op, func(g access) {
		for i := at + 1; i < end && !g.write; i++ {
			b.accesses(&b.nodes[i], func(a access) { found = found || a.write && a.meets(g) })
		}
	})
	return found
}

// gatherWaits reports whether a node between a Gather at and node end, which writes its
// labels instead, touches these.
func (b *Backend) gatherWaits(at, end int) bool {
	labels := b.accessOf(b.nodes[at].op.t[1], true)
	for i := at + 1; i < end; i++ {
		if b.meets(&b.nodes[i], labels) {
			return true
		}
	}
	return false
}

// imagesIn is the operand of a convolution that is images.
func (n *node) imagesIn() int {
	if n.op.kind == opConv2D {
		return 1
	}
	return backX
}

// eachGathered calls f with what a node's Gather uses there.
func (b *Backend) eachGathered(n *node, f func(access)) {
	g := n.gather
	b.eachInts(g, func(a access) {
		if n.op.kind == opConv2D || a.buf != b.memory(g.set.Labels) {
			f(a)
		}
	})
	if n.op.kind == opConv2D {
		f(b.accessOf(g.t[1], true))
	}
}

// putGathered queues a node with its Gather.
func (b *Backend) putGathered(n *node) {
	o := n.op
	if o.kind == opConv2D {
		f, _ := b.firstForward(o, n.ending)
		b.putConv2DFirst(f, o, n.ending, n.gather)
		return
	}
	dy, y, x, w := o.t[backDY], o.t[backY], o.t[backX], o.t[backW]
	f, _ := b.firstWeights(dy, y, x, w, o.conv)
	if n.update != nil {
		b.putConv2DFirstUpdate(f, n)
		return
	}
	b.putConv2DFirstWeights(f, o.t[backDW], o.t[backDB], dy, y, x, w, o.conv, o.act, n.gather)
}

const (
	// firstGather are the uniforms of shaders/conv2d_first_pixels.glsl, but for clock_at,
	// which kernels may have anyway, and targetUniforms those of conv2d_first_targets.glsl.
	firstGather    = "order_at orders mean_at scale_at"
	targetUniforms = " labels_at t_at Classes on_bits off_bits"
)

// gatherDefine is GATHER there.
func gatherDefine(o *operation) int {
	switch {
	case o == nil:
		return 0
	case o.set.Mean.Size() > 1:
		return 2
	}
	return 1
}

// gatherFrom gives the images of a data set that are gathered, or else x.
func (b *Backend) gatherFrom(o *operation, x glyph.Tensor) {
	if o == nil {
		b.in(x)
		return
	}
	b.all(o.set.Images, false)
}

// gathered gives the uniforms of a Gather, if there is one.
func (b *Backend) gathered(o *operation) {
	l := &b.launch
	if o == nil {
		for range 4 {
			l.uniform(0)
		}
		return
	}
	b.placeInts(o.order, false)
	l.uniform(o.order.Len())
	b.place(o.set.Mean, false)
	b.place(o.set.Scale, false)
}

// gatherClock gives where its clock is.
func (b *Backend) gatherClock(o *operation) {
	if o == nil {
		b.launch.uniform(0)
		return
	}
	b.placeInts(o.clock, false)
}

// targets gives the uniforms of its labels.
func (b *Backend) targets(o *operation) {
	l := &b.launch
	if o == nil {
		for range 5 {
			l.uniform(0)
		}
		return
	}
	t := o.t[1]
	b.placeInts(o.set.Labels, false)
	b.place(t, true)
	on, off := labelBits(t.Shape[1], o.f)
	l.uniform(t.Shape[1])
	l.bits(on)
	l.bits(off)
}

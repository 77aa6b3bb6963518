//go:build cgo

package gpu

import (
	"slices"

	"glyph"
)

// fuse compiles the record of a step: it finds operations that one kernel can do, which
// give the same bits there. The rules, in order:
//
//	the last dense layer, the loss and dlogits, dx and its dropout        fuse_softmax.go
//	Optimize in the kernels that make the gradients, if all can           fuse_update.go
//	two dense layers' updates in one dispatch                             fuse_update.go
//	dropout and max pooling of the backward pass behind a gradient        fuse_ending.go
//	max pooling and dropout of what a layer computes behind it            fuse_ending.go
//	Gather in the first convolution's loads, forward and backward         fuse_gather.go
//	Advance in the last dispatch, by the work group that is done last     below
//
// An operation is moved only past others that neither write what it touches nor touch
// what it writes. Results that only a fused operation reads are not written: what a step
// leaves in memory is left by the last repetition, which is not compiled. It returns
// nothing where there is nothing to fuse.
func (b *Backend) fuse() []node {
	b.plain()
	b.hoistPenalty()
	found := b.fuseSoftmax()
	for _, rule := range [...]func() bool{b.fuseUpdates, b.fuseGradients, b.fuseResults, b.fuseGather, b.fuseAdvance} {
		found = rule() || found
	}
	if !found {
		return nil
	}
	return b.nodes
}

// fuseAdvance has the last kernel do Advance.
func (b *Backend) fuseAdvance() bool {
	i := len(b.nodes) - 1
	if i < 1 || b.nodes[i].op.kind != opAdvance || !b.advanceFits(b.nodes[i].op) {
		return false
	}
	last, host := b.nodes[i].op, &b.nodes[i-1]
	if host.update == nil && host.op.kind != opOptimize && host.op.kind != opMovingAverage {
		return false
	}
	clock := b.intsOf(last.clock, false)
	clash := false
	b.accesses(host, func(a access) {
		b.eachAccess(last, func(o access) {
			// Every work group has read the clock before the last one is done.
			clash = clash || (a.write || o.write) && a.meets(o) && !o.meets(clock)
		})
	})
	if clash {
		return false
	}
	host.advance = last
	b.nodes = b.nodes[:i]
	return true
}

// hoistPenalty moves the first L2 to the beginning of the step, where it reads the same
// weights and is in nobody's way.
func (b *Backend) hoistPenalty() {
	for i := range b.nodes {
		if b.nodes[i].op.kind != opL2 {
			continue
		}
		if n := b.nodes[i]; !b.conflicts(&n, 0, i) {
			copy(b.nodes[1:i+1], b.nodes[:i])
			b.nodes[0] = n
		}
		return
	}
}

// conflicts reports whether a node must not be moved past one of the nodes from to end:
// both touch a byte, and one of them writes it.
func (b *Backend) conflicts(n *node, from, end int) bool {
	found := false
	b.accesses(n, func(a access) {
		for i := from; i < end && !found; i++ {
			b.accesses(&b.nodes[i], func(o access) {
				found = found || (a.write || o.write) && a.meets(o)
			})
		}
	})
	return found
}

// meets reports whether a node touches a byte of o.
func (b *Backend) meets(n *node, o access) (found bool) {
	b.accesses(n, func(a access) { found = found || a.meets(o) })
	return found
}

// clash reports whether a node can't be done at once: it writes what other work groups
// read or write.
func (b *Backend) clash(n *node) bool {
	found, i := false, 0
	b.accesses(n, func(a access) {
		j := 0
		b.accesses(n, func(o access) {
			found = found || i != j && (a.write || o.write) && a.meets(o)
			j++
		})
		i++
	})
	return found
}

// dead reports whether nobody reads what node at writes to a tensor: the nodes that touch it
// next, in this repetition or the next, overwrite all of it. Nodes among readers don't count.
func (b *Backend) dead(t glyph.Tensor, at int, readers ...int) bool {
	span := b.accessOf(t, true)
	n := len(b.nodes)
	for k := 1; k < n; k++ {
		i := (at + k) % n
		if slices.Contains(readers, i) {
			continue
		}
		read, rest := false, span
		b.accesses(&b.nodes[i], func(a access) {
			if a.meets(span) {
				read = read || !a.write || b.inPlace(&b.nodes[i])
				rest.cut(a)
			}
		})
		if read {
			return false
		}
		if span = rest; span.lo >= span.hi {
			return true
		}
	}
	return true
}

// inPlace reports whether a node's operation updates some operand in place, or reads
// what it isn't seen to read.
func (b *Backend) inPlace(n *node) bool {
	switch n.op.kind {
	case opBatchNorm2D, opOptimize, opMovingAverage, opAdvance, opConfusion:
		return true
	}
	return n.update != nil || n.advance != nil
}

// drop removes nodes whose operation is nil.
func (b *Backend) drop() {
	b.nodes = slices.DeleteFunc(b.nodes, func(n node) bool { return n.op == nil })
}

// dispatches is how many a node takes, for comparison.
func dispatches(nodes []node) (sum int) {
	for i := range nodes {
		if n := &nodes[i]; n.op.kind == opConv2DBackward && n.part == whole {
			sum += one(!n.op.t[backDX].IsZero())
		}
		sum++
	}
	return sum
}

//go:build cgo

package gpu

// node is what becomes one or few dispatches of a compiled step: an operation, a part
// of one, or several that are fused.
type node struct {
	op *operation
}

// plain is a node for each operation of the record, as it was asked for.
func (b *Backend) plain() []node {
	b.nodes = b.nodes[:0]
	for i := range b.record {
		b.nodes = append(b.nodes, node{op: &b.record[i]})
	}
	return b.nodes
}

// putNode turns a node into commands.
func (b *Backend) putNode(n *node) { b.put(n.op) }

// fuse is ...
func (b *Backend) fuse() []node { return nil }

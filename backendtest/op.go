package backendtest

import "glyph"

// Op is an operation on its operands, as called by a network or made by Place.
type Op struct {
	Case *Case
	args Args
}

// Place is an operation of the list on a backend, with the case's inputs.
func Place(b glyph.Backend, c *Case) Op { return Op{c, place(b, c, aligned, c.Values()).args} }

// Again runs the operation once more.
func (o Op) Again(b glyph.Backend) { o.Case.Call(b, o.args) }

// Bytes is the traffic of the operation: each operand once, and what it updates
// twice. Of a table, such as a data set, only the part that is used counts.
func (o Op) Bytes() int64 { return o.Case.traffic() }

package backendtest

import "glyph"

// Op is an operation on its operands, as a network asks for it or as Place has
// it.
type Op struct {
	Case *Case
	args Args
}

// Place is an operation of the list on a backend, with the case's inputs.
func Place(b glyph.Backend, c *Case) Op { return Op{c, place(b, c, aligned, c.Values()).args} }

// Again asks the backend for the operation once more.
func (o Op) Again(b glyph.Backend) { o.Case.Call(b, o.args) }

// Bytes is what the operation has to move: each operand once, and twice what it
// updates. Of a table, such as a data set, it counts what is used.
func (o Op) Bytes() int64 { return o.Case.traffic() }

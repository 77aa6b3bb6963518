//go:build cgo

package gpu

import "glyph"

var copyKernel = newKernel("copy.comp", "dst src", "n", "VEC")

// Copy copies src to dst on the device.
func (b *Backend) Copy(dst, src glyph.Tensor) {
	glyph.CheckCopy(dst, src)
	b.ask(operation{kind: opCopy, t: operands{dst, src}})
}

func (b *Backend) putCopy(o *operation) {
	dst, src := o.t[0], o.t[1]
	n := src.Size()
	l := b.start(b.program(copyKernel, values{128, vec(n, dst, src)}))
	b.out(dst)
	b.in(src)
	l.uniform(n)
	b.elements(ceil(n, 4))
}

//go:build cgo

package gpu

import "glyph"

var (
	globalPool2D         = newKernel("globalpool2d.comp", "y x", "PIXELS C", "FOURS MAXIMUM VEC_C")
	globalPool2DBackward = newKernel("globalpool2d_backward.comp", "dx dy y x", "PIXELS C", "FOURS MAXIMUM VEC_C")
)

const (
	globalPoolThreads = 128
	// globalPoolFours is the most groups of four channels that a work group has: enough
	// to load whole cache lines. With fewer, more invocations share the pixels of a
	// channel.
	globalPoolFours = 8
)

// foursOf is how many groups of four channels a work group has, a power of two.
func foursOf(channels int) int {
	n := 1
	for 2*n <= min(ceil(channels, 4), globalPoolFours) {
		n *= 2
	}
	return n
}

// GlobalPool2D computes the mean or the maximum of each channel.
func (b *Backend) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2D(y, x, k)
	b.ask(operation{kind: opGlobalPool2D, t: operands{y, x}, global: k})
}

func (b *Backend) putGlobalPool2D(o *operation) {
	y, x := o.t[0], o.t[1]
	k := o.global
	c := x.Shape[3]
	l := b.start(b.program(globalPool2D, values{globalPoolThreads, foursOf(c), one(k == glyph.Maximum), vec(c, y, x)}))
	b.out(y)
	b.in(x)
	b.globalPool(l, x)
}

// GlobalPool2DBackward spreads dy over the image, or sends it to the first maximum.
func (b *Backend) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2DBackward(dx, dy, y, x, k)
	b.ask(operation{kind: opGlobalPool2DBackward, t: operands{dx, dy, y, x}, global: k})
}

func (b *Backend) putGlobalPool2DBackward(o *operation) {
	dx, dy, y, x := o.t[0], o.t[1], o.t[2], o.t[3]
	k := o.global
	c := x.Shape[3]
	l := b.start(b.program(globalPool2DBackward, values{globalPoolThreads, foursOf(c), one(k == glyph.Maximum), vec(c, dx, dy, y, x)}))
	b.out(dx)
	b.in(dy)
	b.inIf(k == glyph.Maximum, y)
	b.inIf(k == glyph.Maximum, x)
	b.globalPool(l, x)
}

// globalPool queues a work group for each image and each set of foursOf groups.
func (b *Backend) globalPool(l *launch, x glyph.Tensor) {
	l.uniform(x.Shape[1] * x.Shape[2])
	l.uniform(x.Shape[3])
	b.run(x.Shape[0]*ceil(x.Shape[3], 4*foursOf(x.Shape[3])), 0)
}

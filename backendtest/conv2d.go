package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// convLayer is the geometry of a convolution.
type convLayer struct {
	n, h, w, c int
	k, r, s    int
	glyph.Conv
	act glyph.Activation
}

func (l convLayer) String() string {
	return fmt.Sprintf("%dx%dx%dx%d-%d %dx%d stride %d pad %d %v",
		l.n, l.h, l.w, l.c, l.k, l.r, l.s, l.Stride, l.Pad, l.act)
}

// plain is the layer without its activation.
func (l convLayer) plain() convLayer {
	l.act = glyph.Activation{}
	return l
}

// fanScale makes Σ over n terms have a variance near 1.
func fanScale(n int) float64 { return 1 / math.Sqrt(float64(n)) }

func (l convLayer) xShape() glyph.Shape { return glyph.Shape{l.n, l.h, l.w, l.c} }
func (l convLayer) wShape() glyph.Shape { return glyph.Shape{l.k, l.r, l.s, l.c} }

func (l convLayer) yShape() glyph.Shape {
	y, err := l.Conv.Shape(l.xShape(), l.wShape())
	if err != nil {
		panic("backendtest: " + err.Error())
	}
	return y
}

func (l convLayer) flops() float64 { return 2 * float64(l.yShape().Size()) * float64(l.r*l.s*l.c) }

func (l convLayer) xOperand() Operand { return input("x", l.xShape(), normal(1)) }
func (l convLayer) wOperand() Operand {
	return input("w", l.wShape(), normal(fanScale(l.r*l.s*l.c)))
}

// forward is Conv2D, with a bias or without.
func (l convLayer) forward(bias bool) *Case {
	c := &Case{
		Op: "Conv2D", Name: l.String(), FLOPs: l.flops(),
		Tensors: []Operand{result("y", l.yShape()), l.xOperand(), l.wOperand()},
		Call: func(b glyph.Backend, a Args) {
			b.Conv2D(a.Tensor["y"], a.Tensor["x"], a.Tensor["w"], a.Tensor["b"], l.Conv, l.act)
		},
		Define: l.defineForward,
	}
	if bias {
		c.Tensors = append(c.Tensors, input("b", glyph.Shape{l.k}, normal(1)))
	} else {
		c.Name += ", no bias"
	}
	return c
}

// taps calls f for every product of the convolution: output position (n, p, q)
// as a row of y, the pixel it meets as a row of x, and the tap as (r, s).
func (l convLayer) taps(f func(yRow, xRow, r, s int)) {
	y := l.yShape()
	for n := range l.n {
		for p := range y[1] {
			for q := range y[2] {
				for r := range l.r {
					for s := range l.s {
						h, w := p*l.Stride-l.Pad+r, q*l.Stride-l.Pad+s
						if h >= 0 && h < l.h && w >= 0 && w < l.w {
							f((n*y[1]+p)*y[2]+q, (n*l.h+h)*l.w+w, r, s)
						}
					}
				}
			}
		}
	}
}

func (l convLayer) defineForward(in Values) Results {
	x, w, b := in.Tensor["x"], in.Tensor["w"], in.Tensor["b"]
	z := make([]sum, l.yShape().Size())
	l.taps(func(yRow, xRow, r, s int) {
		for k := range l.k {
			for c := range l.c {
				z[yRow*l.k+k].product(exact(x[xRow*l.c+c]), w[((k*l.r+r)*l.s+s)*l.c+c])
			}
		}
	})
	if !allFinite(w) {
		l.outside(func(yRow, r, s int) {
			for k := range l.k {
				for c := range l.c {
					z[yRow*l.k+k].product(exact(0), w[((k*l.r+r)*l.s+s)*l.c+c])
				}
			}
		})
	}
	y := make([]Number, len(z))
	for i := range y {
		if b != nil {
			z[i].term(b[i%l.k])
		}
		y[i] = activate(l.act, z[i].number())
	}
	return Results{Tensor: map[string][]Number{"y": y}}
}

// backward is Conv2DBackward with the results wanted, of dx, dw and db.
func (l convLayer) backward(want ...string) *Case {
	shapes := map[string]glyph.Shape{"dx": l.xShape(), "dw": l.wShape(), "db": {l.k}}
	c := &Case{
		Op: "Conv2DBackward", Name: l.String() + " " + wanted(want),
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.Conv2DBackward(t["dx"], t["dw"], t["db"], t["dy"], t["y"], t["x"], t["w"], l.Conv, l.act)
		},
		Define: func(in Values) Results { return l.defineBackward(in, want) },
	}
	for _, name := range want {
		c.Tensors = append(c.Tensors, result(name, shapes[name]))
		if name != "db" {
			c.FLOPs += l.flops()
		}
	}
	c.Tensors = append(c.Tensors, input("dy", l.yShape(), normal(1)), input("y", l.yShape(), activated(l.act)),
		l.xOperand(), l.wOperand())
	return c
}

func (l convLayer) defineBackward(in Values, want []string) Results {
	x, w := in.Tensor["x"], in.Tensor["w"]
	dz := deriveAll(l.act, in.Tensor["dy"], in.Tensor["y"])
	sums := map[string][]sum{
		"dx": make([]sum, l.xShape().Size()), "dw": make([]sum, l.wShape().Size()), "db": make([]sum, l.k),
	}
	dx, dw, db := sums["dx"], sums["dw"], sums["db"]
	l.taps(func(yRow, xRow, r, s int) {
		for k := range l.k {
			dz := dz[yRow*l.k+k]
			for c := range l.c {
				tap := ((k*l.r+r)*l.s+s)*l.c + c
				dx[xRow*l.c+c].product(dz, w[tap])
				dw[tap].product(dz, x[xRow*l.c+c])
			}
		}
	})
	for i := range dz {
		db[i%l.k].add(dz[i])
	}
	if !allFinite(w) || !allFinite(in.Tensor["dy"]) || !allFinite(in.Tensor["y"]) {
		l.backwardOutside(dz, w, dx, dw)
	}
	return pick(sums, want)
}

// outside calls f for every tap that an output has outside the image.
func (l convLayer) outside(f func(yRow, r, s int)) {
	within := map[[3]int]bool{}
	l.taps(func(yRow, _, r, s int) { within[[3]int{yRow, r, s}] = true })
	for yRow := range l.yShape().Size() / l.k {
		for r := range l.r {
			for s := range l.s {
				if !within[[3]int{yRow, r, s}] {
					f(yRow, r, s)
				}
			}
		}
	}
}

// backwardOutside adds what a backend may compute if it uses zeros where there is no
// pixel, and where a pixel has no output under a tap.
func (l convLayer) backwardOutside(dz []Number, w []float64, dx, dw []sum) {
	each := func(k, r, s int, f func(tap, c int)) {
		for c := range l.c {
			f(((k*l.r+r)*l.s+s)*l.c+c, c)
		}
	}
	l.outside(func(yRow, r, s int) {
		for k := range l.k {
			each(k, r, s, func(tap, _ int) { dw[tap].product(dz[yRow*l.k+k], 0) })
		}
	})
	meets := map[[3]int]bool{}
	l.taps(func(_, xRow, r, s int) { meets[[3]int{xRow, r, s}] = true })
	for i := range l.n * l.h * l.w * l.r * l.s * l.k {
		k, s, r, xRow := i%l.k, i/l.k%l.s, i/l.k/l.s%l.r, i/l.k/l.s/l.r
		if !meets[[3]int{xRow, r, s}] {
			each(k, r, s, func(tap, c int) { dx[xRow*l.c+c].product(exact(0), w[tap]) })
		}
	}
}

// residualLayers lists convolutions of the resnet and vgg presets, which have few
// channels and no bias: 3×3, with a stride where a group begins, and pointwise.
func residualLayers() []convLayer {
	same, half := glyph.Conv{Stride: 1, Pad: 1}, glyph.Conv{Stride: 2, Pad: 1}
	none := glyph.Activation{}
	return []convLayer{
		{64, 28, 28, 16, 16, 3, 3, same, none}, {64, 28, 28, 24, 24, 3, 3, same, none},
		{64, 14, 14, 48, 48, 3, 3, same, none}, {64, 7, 7, 96, 96, 3, 3, same, none},
		{64, 28, 28, 16, 32, 3, 3, half, none}, {64, 14, 14, 32, 64, 3, 3, half, none},
		{64, 28, 28, 16, 32, 1, 1, glyph.Conv{Stride: 2}, none}, {64, 14, 14, 64, 64, 1, 1, glyph.Conv{Stride: 1}, none},
	}
}

func conv2dCases() (cases []*Case) {
	relu, tanh := glyph.Activation{Kind: glyph.ReLU}, glyph.Activation{Kind: glyph.Tanh}
	add := func(c ...*Case) { cases = append(cases, c...) }
	both := func(l convLayer) { add(l.forward(true), l.backward("dx", "dw", "db")) }
	for _, l := range []convLayer{
		{1, 1, 1, 1, 1, 1, 1, glyph.Conv{Stride: 1}, relu},
		{2, 5, 5, 1, 2, 3, 3, glyph.Conv{Stride: 1}, relu},
		{2, 5, 5, 3, 4, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},
		{1, 9, 9, 5, 7, 5, 5, glyph.Conv{Stride: 1, Pad: 2}, relu},
		{2, 8, 8, 6, 8, 3, 3, glyph.Conv{Stride: 2, Pad: 1}, relu},
		{3, 9, 8, 2, 5, 5, 5, glyph.Conv{Stride: 2, Pad: 2}, relu},
		{2, 11, 10, 4, 3, 2, 2, glyph.Conv{Stride: 3}, relu},          // stride > kernel: some pixels meet no tap
		{1, 10, 13, 3, 2, 2, 2, glyph.Conv{Stride: 4, Pad: 1}, relu},  // and some windows are half padding
		{2, 7, 11, 3, 5, 2, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},   // neither square
		{2, 11, 7, 4, 9, 5, 1, glyph.Conv{Stride: 1}, relu},           // a column
		{2, 6, 13, 7, 3, 1, 4, glyph.Conv{Stride: 2}, relu},           // a row
		{1, 4, 6, 9, 16, 4, 6, glyph.Conv{Stride: 1}, relu},           // the whole image
		{2, 3, 2, 5, 6, 3, 3, glyph.Conv{Stride: 1, Pad: 2}, relu},    // an image smaller than the padded kernel
		{3, 6, 5, 8, 17, 1, 1, glyph.Conv{Stride: 1}, relu},           // pointwise
		{3, 7, 6, 13, 15, 1, 1, glyph.Conv{Stride: 2}, relu},          // pointwise with a stride
		{1, 8, 8, 16, 31, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},  // K around 32
		{1, 8, 8, 17, 33, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},  // and C around 16
		{1, 6, 6, 15, 65, 3, 3, glyph.Conv{Stride: 1}, relu},          // K around 64
		{1, 5, 5, 63, 7, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},   // C around 64
		{1, 5, 5, 65, 8, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},   //
		{1, 4, 4, 129, 9, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},  // C around 128
		{1, 4, 4, 9, 129, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},  // K around 128
		{33, 6, 6, 3, 5, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},   // a batch that divides into no parts
		{17, 14, 14, 2, 3, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu}, // dw as a sum over thousands
	} {
		both(l)
	}
	for _, act := range activations {
		l := convLayer{2, 6, 7, 5, 9, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, act}
		add(l.forward(true), l.forward(false), l.backward("dx", "dw", "db"))
	}
	for _, want := range choices("dx", "dw", "db") {
		add(convLayer{2, 5, 6, 3, 4, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, tanh}.backward(want...))
	}
	// The layers of the cnn and kmnist-benchmark presets, a few images and 64.
	same, valid := glyph.Conv{Stride: 1, Pad: 1}, glyph.Conv{Stride: 1}
	for _, l := range []convLayer{
		{2, 28, 28, 1, 32, 3, 3, same, relu}, {1, 14, 14, 32, 64, 3, 3, same, relu}, {3, 7, 7, 64, 64, 3, 3, same, relu},
		{64, 28, 28, 1, 32, 3, 3, same, relu}, {64, 14, 14, 32, 64, 3, 3, same, relu}, {64, 7, 7, 64, 64, 3, 3, same, relu},
		{128, 26, 26, 32, 64, 3, 3, valid, relu},
	} {
		for _, c := range []*Case{l.forward(true), l.backward("dw", "db"), l.backward("dx", "dw", "db")} {
			c.Layer = true
			add(c)
		}
	}
	for _, l := range residualLayers() {
		few := l
		few.n = 2
		f, b := l.forward(false), l.backward("dx", "dw")
		f.Layer, b.Layer = true, true
		add(few.forward(false), few.backward("dx", "dw"), f, b)
	}
	return cases
}

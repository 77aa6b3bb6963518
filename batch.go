package glyph

// Dataset is a labelled set of images that lives on a device: 47 MB for 60,000
// images of 28×28 bytes, where float32 would pass the 128 MiB limit that common
// drivers put on a storage block.
type Dataset struct {
	Images Bytes // pixels 0 to 255 of shape Shape
	Labels Bytes // classes, Shape[0] of them
	Shape  Shape // (images, H, W, C)

	// Mean and Scale normalise: x = (pixel - Mean)·Scale. They have one element
	// each for the whole set, or H·W·C elements, one for every pixel.
	Mean, Scale Tensor
}

// Len is the number of images.
func (d Dataset) Len() int { return d.Shape[0] }

// CheckGather panics unless the operands of Gather fit together.
//
//	x (N, H, W, C)   t (N, Classes)   order: indices into set
func CheckGather(x, t Tensor, set Dataset, order, clock Ints, smoothing float32) {
	checkGather("Gather", x, t, set, order, clock, smoothing)
}

func checkGather(op string, x, t Tensor, set Dataset, order, clock Ints, smoothing float32) {
	rank(op, "x", x, 4)
	if x.Shape.Sample() != set.Shape.Sample() {
		misuse(op, "x", "is %v, want images of %v", x.Shape, set.Shape.Sample())
	}
	rank(op, "t", t, 2)
	want(op, "t", t, Shape{x.Shape[0], t.Shape[1]})
	if set.Images == nil || set.Images.Len() != set.Shape.Size() || set.Labels == nil || set.Labels.Len() != set.Len() {
		misuse(op, "set", "of %v does not have a byte a pixel and a label an image", set.Shape)
	}
	pixels := set.Shape.Sample().Size()
	rank(op, "Mean", set.Mean, 1)
	if n := set.Mean.Size(); n != 1 && n != pixels {
		misuse(op, "Mean", "has %d elements, want 1 or %d", n, pixels)
	}
	want(op, "Scale", set.Scale, set.Mean.Shape)
	if order == nil || order.Len() < 1 {
		misuse(op, "order", "is empty")
	}
	checkClock(op, clock)
	fraction(op, "smoothing", smoothing)
	apart(op, []operand{{"x", x}, {"t", t}}, operand{"Mean", set.Mean}, operand{"Scale", set.Scale})
}

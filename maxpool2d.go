package glyph

import "fmt"

// Pool is the geometry of pooling: square windows, no padding, rows and
// columns that fill no window dropped.
type Pool struct {
	Size   int // height and width of a window
	Stride int
}

// Shape is the output (N, P, Q, C) of an image (N, H, W, C), or an error a user
// can read.
//
//	P = (H - Size)/Stride + 1, rounded down
func (p Pool) Shape(x Shape) (Shape, error) {
	if p.Size < 1 || p.Stride < 1 {
		return Shape{}, fmt.Errorf("pooling size %d and stride %d: want at least 1", p.Size, p.Stride)
	}
	if p.Size > x[1] || p.Size > x[2] {
		return Shape{}, fmt.Errorf("a %d×%d pooling window does not fit a %d×%d image", p.Size, p.Size, x[1], x[2])
	}
	return Shape{x[0], (x[1]-p.Size)/p.Stride + 1, (x[2]-p.Size)/p.Stride + 1, x[3]}, nil
}

// CheckMaxPool2D panics unless the operands of MaxPool2D fit together.
//
//	x (N, H, W, C)   y (N, P, Q, C)
func CheckMaxPool2D(y, x Tensor, p Pool) {
	const op = "MaxPool2D"
	want(op, "y", y, poolShape(op, x, p))
	apart(op, []operand{{"y", y}}, operand{"x", x})
}

// CheckMaxPool2DBackward panics unless the operands of MaxPool2DBackward fit
// together.
func CheckMaxPool2DBackward(dx, dy, y, x Tensor, p Pool) {
	const op = "MaxPool2DBackward"
	out := poolShape(op, x, p)
	want(op, "y", y, out)
	want(op, "dy", dy, out)
	want(op, "dx", dx, x.Shape)
	apart(op, []operand{{"dx", dx}}, operand{"dy", dy}, operand{"y", y}, operand{"x", x})
}

func poolShape(op string, x Tensor, p Pool) Shape {
	rank(op, "x", x, 4)
	out, err := p.Shape(x.Shape)
	if err != nil {
		misuse(op, "x", "is %v: %v", x.Shape, err)
	}
	return out
}

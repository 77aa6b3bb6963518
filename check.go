package glyph

import (
	"fmt"
	"math"
)

// operand is a tensor under its name in the operation's documentation.
type operand struct {
	name string
	t    Tensor
}

// want panics unless t is a tensor of that shape that lies inside its buffer.
// A panic means a bug in the caller: what a user can get wrong is caught as an
// error where networks and data are built.
func want(op, name string, t Tensor, shape Shape) {
	if t.Shape != shape {
		misuse(op, name, "is %v, want %v", t.Shape, shape)
	}
	inside(op, name, t)
}

// optional is want for an operand that may be the zero Tensor.
func optional(op, name string, t Tensor, shape Shape) {
	if !t.IsZero() {
		want(op, name, t, shape)
	}
}

// rank panics unless t has the rank and lies inside its buffer.
func rank(op, name string, t Tensor, r int) {
	if t.Shape.Rank() != r {
		misuse(op, name, "is %v, want %d dimensions", t.Shape, r)
	}
	inside(op, name, t)
}

func inside(op, name string, t Tensor) {
	if t.IsZero() {
		misuse(op, name, "is the zero Tensor")
	}
	if !t.Shape.valid() {
		misuse(op, name, "has the shape %v", t.Shape)
	}
	if t.Off < 0 || t.Off+t.Size() > t.Buf.Len() {
		misuse(op, name, "has elements %d to %d of a buffer of %d", t.Off, t.Off+t.Size(), t.Buf.Len())
	}
}

// apart panics when a result shares elements with an input or another result.
func apart(op string, results []operand, inputs ...operand) {
	for i, r := range results {
		for _, o := range results[i+1:] {
			if r.t.overlaps(o.t) {
				misuse(op, r.name, "overlaps %s", o.name)
			}
		}
		for _, in := range inputs {
			if r.t.overlaps(in.t) {
				misuse(op, r.name, "overlaps %s", in.name)
			}
		}
	}
}

// fraction panics unless 0 <= v < 1; NaN panics too.
func fraction(op, name string, v float32) {
	if !(v >= 0 && v < 1) {
		misuse(op, name, "is %v, want 0 <= %s < 1", v, name)
	}
}

func finite(op, name string, v float32) {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		misuse(op, name, "is %v", v)
	}
}

func misuse(op, name, format string, args ...any) {
	panic("glyph: " + op + ": " + name + " " + fmt.Sprintf(format, args...))
}

package models_test

import (
	"fmt"

	"glyph"
)

// recorder is a backend that does nothing but note the operations of a network,
// those results that are not wanted in brackets.
type recorder struct {
	glyph.Backend // nil: any other operation would panic
	silent        bool
	ops           []string
}

type block int

func (b block) Len() int { return int(b) }

func (r *recorder) note(format string, args ...any) {
	r.ops = append(r.ops, fmt.Sprintf(format, args...))
}

func (r *recorder) Alloc(n int) glyph.Buffer            { b := block(n); return &b }
func (r *recorder) AllocInts(n int) glyph.Ints          { b := block(n); return &b }
func (r *recorder) Write(dst glyph.Tensor, _ []float32) {}
func (r *recorder) Sync() error                         { return nil }

func (r *recorder) Dense(y, x, w, b glyph.Tensor, act glyph.Activation) {
	glyph.CheckDense(y, x, w, b, act)
	if !r.silent {
		r.note("Dense %v", y.Shape)
	}
}

func (r *recorder) DenseBackward(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
	glyph.CheckDenseBackward(dx, dw, db, dy, y, x, w, act)
	if !r.silent {
		r.note("DenseBackward %v", dx.Shape)
	}
}

func (r *recorder) Conv2D(y, x, w, b glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2D(y, x, w, b, c, act)
	if !r.silent {
		r.note("Conv2D %v", y.Shape)
	}
}

func (r *recorder) Conv2DBackward(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2DBackward(dx, dw, db, dy, y, x, w, c, act)
	if !r.silent {
		r.note("Conv2DBackward %v", dx.Shape)
	}
}

func (r *recorder) MaxPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2D(y, x, p)
	if !r.silent {
		r.note("MaxPool2D %v", y.Shape)
	}
}

func (r *recorder) MaxPool2DBackward(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2DBackward(dx, dy, y, x, p)
	if !r.silent {
		r.note("MaxPool2DBackward %v", dx.Shape)
	}
}

func (r *recorder) Dropout(y, x glyph.Tensor, m glyph.Mask, clock glyph.Ints) {
	glyph.CheckDropout(y, x, m, clock)
	if !r.silent {
		r.note("Dropout %v %v seed %d id %d", y.Shape, m.Rate, m.Seed, m.ID)
	}
}

func (b block) HoldsNumbers() {}
func (b block) HoldsInts()    {}

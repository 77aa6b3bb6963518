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

func (r *recorder) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
	if !r.silent {
		r.note("BatchNorm2D %v", y.Shape)
	}
}

func (r *recorder) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
	if !r.silent {
		r.note("BatchNorm2DInference %v", y.Shape)
	}
}

func (r *recorder) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	glyph.CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
	if !r.silent {
		r.note("BatchNorm2DBackward %v", dx.Shape)
	}
}

func (r *recorder) Add(y, a, b glyph.Tensor, act glyph.Activation) {
	glyph.CheckAdd(y, a, b, act)
	if !r.silent {
		r.note("Add %v", y.Shape)
	}
}

func (r *recorder) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	glyph.CheckAddBackward(dx, dy, y, act)
	if !r.silent {
		r.note("AddBackward %v", dx.Shape)
	}
}

func (r *recorder) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2D(y, x, k)
	if !r.silent {
		r.note("GlobalPool2D %v", y.Shape)
	}
}

func (r *recorder) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2DBackward(dx, dy, y, x, k)
	if !r.silent {
		r.note("GlobalPool2DBackward %v", dx.Shape)
	}
}

func (b block) HoldsNumbers() {}
func (b block) HoldsInts()    {}

package glyph

import "fmt"

// BatchNorm holds the constants of batch normalisation (Ioffe & Szegedy 2015).
type BatchNorm struct {
	Eps      float32 // ε, added to the variance; above 0
	Momentum float32 // weight of a batch in the running statistics; above 0 and up to 1
}

// DefaultBatchNorm returns PyTorch's defaults: ε = 1e-5 and a momentum of 0.1.
func DefaultBatchNorm() BatchNorm { return BatchNorm{Eps: 1e-5, Momentum: 0.1} }

// Validate returns an error that names a constant that is out of range.
func (n BatchNorm) Validate() error {
	if !(n.Eps > 0 && n.Eps <= 1) {
		return fmt.Errorf("eps must be above 0 and up to 1, not %v", n.Eps)
	}
	if !(n.Momentum > 0 && n.Momentum <= 1) {
		return fmt.Errorf("momentum must be above 0 and up to 1, not %v", n.Momentum)
	}
	return nil
}

// The rows of kept, the tensor that BatchNorm2D writes for its backward pass.
const (
	KeptMean    = iota // μ of the batch
	KeptInverse        // 1/√(σ² + ε)
	KeptRows
)

// CheckBatchNorm2D panics unless the operands of BatchNorm2D fit together.
//
//	y, x (N, H, W, C)   kept (KeptRows, C)   mean, variance, gamma, beta (C)
func CheckBatchNorm2D(y, kept, mean, variance, x, gamma, beta Tensor, n BatchNorm, act Activation) {
	const op = "BatchNorm2D"
	checkNorm(op, x, n, act)
	c := x.Shape[3]
	want(op, "y", y, x.Shape)
	want(op, "kept", kept, Shape{KeptRows, c})
	want(op, "mean", mean, Shape{c})
	want(op, "variance", variance, Shape{c})
	want(op, "gamma", gamma, Shape{c})
	want(op, "beta", beta, Shape{c})
	apart(op, []operand{{"y", y}, {"kept", kept}, {"mean", mean}, {"variance", variance}},
		operand{"x", x}, operand{"gamma", gamma}, operand{"beta", beta})
}

// CheckBatchNorm2DInference panics unless the operands of BatchNorm2DInference fit
// together.
//
//	y, x (N, H, W, C)   mean, variance, gamma, beta (C)
func CheckBatchNorm2DInference(y, x, gamma, beta, mean, variance Tensor, n BatchNorm, act Activation) {
	const op = "BatchNorm2DInference"
	checkNorm(op, x, n, act)
	c := x.Shape[3]
	want(op, "y", y, x.Shape)
	want(op, "gamma", gamma, Shape{c})
	want(op, "beta", beta, Shape{c})
	want(op, "mean", mean, Shape{c})
	want(op, "variance", variance, Shape{c})
	apart(op, []operand{{"y", y}}, operand{"x", x}, operand{"gamma", gamma}, operand{"beta", beta},
		operand{"mean", mean}, operand{"variance", variance})
}

// CheckBatchNorm2DBackward panics unless the operands of BatchNorm2DBackward fit
// together. dx, dgamma and dbeta may each be zero.
func CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept Tensor, act Activation) {
	const op = "BatchNorm2DBackward"
	rank(op, "x", x, 4)
	act.check(op)
	c := x.Shape[3]
	want(op, "dy", dy, x.Shape)
	want(op, "y", y, x.Shape)
	want(op, "gamma", gamma, Shape{c})
	want(op, "kept", kept, Shape{KeptRows, c})
	optional(op, "dx", dx, x.Shape)
	optional(op, "dgamma", dgamma, Shape{c})
	optional(op, "dbeta", dbeta, Shape{c})
	apart(op, []operand{{"dx", dx}, {"dgamma", dgamma}, {"dbeta", dbeta}},
		operand{"dy", dy}, operand{"y", y}, operand{"x", x}, operand{"gamma", gamma}, operand{"kept", kept})
}

func checkNorm(op string, x Tensor, n BatchNorm, act Activation) {
	rank(op, "x", x, 4)
	if err := n.Validate(); err != nil {
		misuse(op, "n:", "%v", err)
	}
	act.check(op)
}

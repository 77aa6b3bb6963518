package glyph

import (
	"fmt"
	"slices"

	"glyph/internal/message"
)

// OptimizerKind names an update rule.
type OptimizerKind uint8

// The update rules, for a gradient g, learning rate lr and t = step + 1. With
// L2 > 0, g is first increased by L2·w on weights (not on biases).
const (
	// SGD: w -= lr·g (Robbins & Monro 1951).
	SGD OptimizerKind = iota
	// Momentum: m = μ·m + g, w -= lr·m (Polyak 1964, with lr outside m as in
	// Sutskever, Martens, Dahl & Hinton 2013, eq. 1-2 rescaled).
	Momentum
	// Nesterov: m = μ·m + g, w -= lr·(g + μ·m) (Nesterov 1983; the same source,
	// eq. 3-4, in the variable that is looked ahead to).
	Nesterov
	// RMSProp: v = ρ·v + (1-ρ)·g², w -= lr·g/(√v + ε) (Tieleman & Hinton 2012,
	// lecture 6.5).
	RMSProp
	// Adam: m = β₁·m + (1-β₁)·g, v = β₂·v + (1-β₂)·g²,
	// w -= lr·(m/(1-β₁ᵗ)) / (√(v/(1-β₂ᵗ)) + ε) (Kingma & Ba 2015, algorithm 1).
	Adam
	// AdamW: w -= lr·WeightDecay·w on weights, then Adam (Loshchilov & Hutter
	// 2019, algorithm 2).
	AdamW
	// Adadelta: v = ρ·v + (1-ρ)·g², δ = √(m+ε)/√(v+ε)·g, m = ρ·m + (1-ρ)·δ²,
	// w -= lr·δ (Zeiler 2012, algorithm 1, with lr = 1 there).
	Adadelta
	optimizerKinds
)

var optimizerNames = [optimizerKinds]string{"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adadelta"}

// Optimizer is an update rule with its constants.
type Optimizer struct {
	Kind        OptimizerKind
	Momentum    float32 // μ of Momentum and Nesterov
	Rho         float32 // ρ of RMSProp and Adadelta
	Beta1       float32 // β₁ of Adam and AdamW
	Beta2       float32 // β₂ of Adam and AdamW
	Eps         float32 // ε
	WeightDecay float32 // of AdamW
	L2          float32 // λ of the penalty λ/2·‖w‖², with every rule
}

// NewOptimizer is the rule with the constants of its paper.
func NewOptimizer(kind OptimizerKind) Optimizer {
	o := Optimizer{Kind: kind}
	switch kind {
	case Momentum, Nesterov:
		o.Momentum = 0.9
	case RMSProp:
		o.Rho, o.Eps = 0.9, 1e-8
	case Adam:
		o.Beta1, o.Beta2, o.Eps = 0.9, 0.999, 1e-8
	case AdamW:
		o.Beta1, o.Beta2, o.Eps, o.WeightDecay = 0.9, 0.999, 1e-8, 0.01
	case Adadelta:
		o.Rho, o.Eps = 0.95, 1e-6
	}
	return o
}

// OptimizerNames lists the names that ParseOptimizer knows.
func OptimizerNames() []string { return slices.Clone(optimizerNames[:]) }

// ParseOptimizer finds a rule by name, with the constants of its paper.
func ParseOptimizer(name string) (Optimizer, error) {
	for k, n := range optimizerNames {
		if n == name {
			return NewOptimizer(OptimizerKind(k)), nil
		}
	}
	return Optimizer{}, message.Unknown("optimizer", name, optimizerNames[:])
}

// String is the rule's name.
func (o Optimizer) String() string {
	if o.Kind >= optimizerKinds {
		return fmt.Sprintf("optimizer(%d)", o.Kind)
	}
	return optimizerNames[o.Kind]
}

// Moments is how many of m and v the rule keeps: none, m, v alone or both.
func (o Optimizer) Moments() (m, v bool) {
	switch o.Kind {
	case Momentum, Nesterov:
		return true, false
	case RMSProp:
		return false, true
	case Adam, AdamW, Adadelta:
		return true, true
	}
	return false, false
}

// CheckOptimize panics unless the operands of Optimize fit together. m and v
// may be zero where the rule keeps none.
//
//	w (n)   m (n)   v (n)   g (n)   lr (Steps)   0 <= weights <= n
func CheckOptimize(w, m, v, g, lr Tensor, clock Ints, weights int, o Optimizer) {
	const op = "Optimize"
	if o.Kind >= optimizerKinds {
		misuse(op, "rule", "is unknown: %v", o)
	}
	rank(op, "w", w, 1)
	rank(op, "lr", lr, 1)
	want(op, "g", g, w.Shape)
	needM, needV := o.Moments()
	if needM || !m.IsZero() {
		want(op, "m", m, w.Shape)
	}
	if needV || !v.IsZero() {
		want(op, "v", v, w.Shape)
	}
	if weights < 0 || weights > w.Size() {
		misuse(op, "weights", "is %d of %d parameters", weights, w.Size())
	}
	checkClock(op, clock)
	apart(op, []operand{{"w", w}, {"m", m}, {"v", v}}, operand{"g", g}, operand{"lr", lr})
}

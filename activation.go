package glyph

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"glyph/internal/message"
)

// ActivationKind names an element-wise function.
type ActivationKind uint8

// The kinds of activation. Only those whose derivative follows from the result
// y are here, so that backward never needs the pre-activation z.
//
// Every kind turns a NaN into a NaN. In the backward pass, where y is not above 0 or
// is NaN, ReLU gives 0 whatever dy is, and LeakyReLU gives s·dy.
const (
	None      ActivationKind = iota // y = z                       dy/dz = 1
	ReLU                            // y = max(z, 0)               dy/dz = 1 if y > 0, else 0
	LeakyReLU                       // y = z if z > 0, else s·z    dy/dz = 1 if y > 0, else s
	Sigmoid                         // y = 1/(1 + exp(-z))         dy/dz = y·(1 - y)
	Tanh                            // y = tanh z                  dy/dz = 1 - y²
	activationKinds
)

var activationNames = [activationKinds]string{"none", "relu", "leaky-relu", "sigmoid", "tanh"}

// DefaultSlope is the slope of LeakyReLU below zero where none is given (Maas,
// Hannun & Ng 2013).
const DefaultSlope = 0.01

// Activation is an activation with its parameter. The zero value is None.
type Activation struct {
	Kind  ActivationKind
	Slope float32 // LeakyReLU's s, 0 <= s < 1
}

// Leaky is LeakyReLU with slope s below zero.
func Leaky(s float32) Activation { return Activation{Kind: LeakyReLU, Slope: s} }

// ActivationNames lists the names that ParseActivation knows.
func ActivationNames() []string { return slices.Clone(activationNames[:]) }

// ParseActivation finds an activation by name: "relu", or "leaky-relu:0.2"
// with a slope.
func ParseActivation(s string) (Activation, error) {
	name, param, given := strings.Cut(s, ":")
	for k, n := range activationNames {
		if n != name {
			continue
		}
		a := Activation{Kind: ActivationKind(k)}
		if a.Kind == LeakyReLU {
			a.Slope = DefaultSlope
		}
		if !given {
			return a, nil
		}
		if a.Kind != LeakyReLU {
			return a, fmt.Errorf("activation %q takes no parameter", name)
		}
		var slope float64
		if _, err := fmt.Sscanf(param+"\n", "%g\n", &slope); err != nil || !(slope >= 0 && float32(slope) < 1) {
			return a, fmt.Errorf("leaky-relu slope %q is not a number from 0 to below 1", param)
		}
		a.Slope = float32(slope)
		return a, nil
	}
	return Activation{}, message.Unknown("activation", s, activationNames[:])
}

// String is the inverse of ParseActivation.
func (a Activation) String() string {
	if a.Kind >= activationKinds {
		return fmt.Sprintf("activation(%d)", a.Kind)
	}
	if a.Kind == LeakyReLU && a.Slope != DefaultSlope {
		return fmt.Sprintf("leaky-relu:%g", a.Slope)
	}
	return activationNames[a.Kind]
}

// Value is y = act(z), the definition.
func (a Activation) Value(z float64) float64 {
	switch a.Kind {
	case ReLU:
		if z < 0 {
			return 0
		}
	case LeakyReLU:
		if z < 0 {
			return z * float64(a.Slope)
		}
	case Sigmoid:
		return 1 / (1 + math.Exp(-z))
	case Tanh:
		return math.Tanh(z)
	}
	return z
}

// Derivative is dy/dz as a function of y, the definition.
func (a Activation) Derivative(y float64) float64 {
	switch a.Kind {
	case ReLU:
		if !(y > 0) {
			return 0
		}
	case LeakyReLU:
		if !(y > 0) {
			return float64(a.Slope)
		}
	case Sigmoid:
		return y * (1 - y)
	case Tanh:
		return 1 - y*y
	}
	return 1
}

// Gradient is dz = dy·act'(y), the definition: 0 where ReLU is off, even if dy is NaN.
func (a Activation) Gradient(dy, y float64) float64 {
	if a.Kind == ReLU && !(y > 0) {
		return 0
	}
	return dy * a.Derivative(y)
}

func (a Activation) check(op string) {
	if a.Kind >= activationKinds {
		misuse(op, "act", "is unknown: %v", a)
	}
	if a.Kind == LeakyReLU {
		fraction(op, "slope", a.Slope)
	}
}

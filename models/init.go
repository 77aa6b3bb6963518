package models

import (
	"fmt"
	"math"

	"glyph"
	"glyph/internal/message"
)

// InitScale is the variance of initial weights, by the fans of a tensor: the
// inputs an output is summed from and the outputs an input goes into. For a
// dense layer they are In and Out, for a convolution R·S·C and R·S·K.
type InitScale uint8

// The variances.
const (
	// Glorot is 2/(FanIn + FanOut), a compromise that keeps the variance of
	// both activations and gradients where the activation is near linear
	// (Glorot & Bengio 2010, eq. 12 and 16).
	Glorot InitScale = iota
	// He is 2/FanIn, which keeps the variance of activations through ReLU (He,
	// Zhang, Ren & Sun 2015, eq. 10).
	He
	// LeCun is 1/FanIn, which keeps it through linear layers (LeCun, Bottou,
	// Orr & Müller 1998, §4.6).
	LeCun
	initScales
)

var initScaleNames = [initScales]string{"glorot", "he", "lecun"}

// Initializer draws initial weights with mean 0.
type Initializer struct {
	Scale InitScale
	// Normal draws from a normal distribution, not truncated; otherwise the
	// distribution is uniform over ±√(3·variance).
	Normal bool
}

// defaultInit is the best of three on KMNIST by measurement, and what Keras
// has as its default.
var defaultInit = Initializer{Scale: Glorot}

// InitNames lists the names that ParseInit knows.
func InitNames() (names []string) {
	for s := range initScales {
		names = append(names, Initializer{s, false}.String(), Initializer{s, true}.String())
	}
	return names
}

// ParseInit finds an initialiser by name: "glorot-uniform".
func ParseInit(name string) (Initializer, error) {
	for s := range initScales {
		for _, normal := range []bool{false, true} {
			if i := (Initializer{s, normal}); i.String() == name {
				return i, nil
			}
		}
	}
	return Initializer{}, message.Unknown("initialiser", name, InitNames())
}

// String is the inverse of ParseInit.
func (i Initializer) String() string {
	if i.Scale >= initScales {
		return fmt.Sprintf("initialiser(%d)", i.Scale)
	}
	if i.Normal {
		return initScaleNames[i.Scale] + "-normal"
	}
	return initScaleNames[i.Scale] + "-uniform"
}

// Variance is that of a weight with these fans.
func (i Initializer) Variance(fanIn, fanOut int) float64 {
	switch i.Scale {
	case He:
		return 2 / float64(fanIn)
	case LeCun:
		return 1 / float64(fanIn)
	}
	return 2 / float64(fanIn+fanOut)
}

// Fill draws the weights of a tensor with the fans of p.
func (i Initializer) Fill(w []float32, p Param, r *glyph.Rand) {
	sigma := math.Sqrt(i.Variance(p.FanIn, p.FanOut))
	limit := math.Sqrt(3) * sigma
	for j := range w {
		if i.Normal {
			w[j] = float32(sigma * r.Normal())
		} else {
			w[j] = float32(limit * (2*r.Float64() - 1))
		}
	}
}

// Init gives every parameter its initial value: random numbers from the network's
// Initializer, 0 or 1, as its Start says. Each random tensor has a random sequence
// of its own, numbered in the order of the layers, so layers without any change
// nothing.
func (net *Network) Init(seed uint64) {
	host := make([]float32, net.W.Size())
	i, id := 0, uint32(0)
	for _, s := range net.stages {
		for _, p := range s.Params {
			at := host[net.params[i].Tensor.Off-net.W.Off:][:p.Shape.Size()]
			switch p.Start {
			case One:
				for j := range at {
					at[j] = 1
				}
			case Random:
				net.Initializer.Fill(at, p, glyph.NewRand(seed, glyph.StreamInit, id))
				id++
			}
			i++
		}
	}
	net.b.Write(net.W, host)
}

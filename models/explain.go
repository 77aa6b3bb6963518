package models

import (
	"errors"
	"fmt"
)

// Explanation is what led a network to its prediction for an image.
type Explanation struct {
	Probabilities []float64
	Label         int // the class that is explained

	// Relevance is gradient × input (Shrikumar et al. 2016) for each of the image's
	// pixels and channels:
	//
	//	r[i] = v[i]·∂s/∂v[i]   s = z[Label] - mean(z)
	//
	// with v the pixels, 0 black, and z the logits. s is the same where all logits are
	// moved together, which changes no probability. A positive r speaks for the class, and
	// black pixels have 0.
	Relevance []float64

	Layers []Activations
}

// Activations is the output of a layer for an image, in row-major order.
type Activations struct {
	Stage  Stage // its Out is the shape
	Values []float32
}

// Explain is Probabilities of one image, with the reasons for a class; label -1 is the
// most probable one. It adds the outputs of the first layers, up to so many: of
// convolutions, or in a network without any those of dense layers but the last. The
// network must be one from NewExplained. It fails as Probabilities does.
func (p *Predictor) Explain(pixels []uint8, label, layers int) (Explanation, error) {
	dx := p.Net.InputGradient(1)
	switch n := p.Net.Classes(); {
	case dx.IsZero():
		return Explanation{}, errors.New("the network was not built to explain its predictions")
	case len(pixels) != p.Pixels():
		return Explanation{}, fmt.Errorf("%d pixels are not one image of %d", len(pixels), p.Pixels())
	case label < -1 || label >= n:
		return Explanation{}, fmt.Errorf("there is no class %d; the network has %d", label, n)
	}
	rows, err := p.Probabilities(pixels)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Probabilities: rows[0], Label: label}
	if label < 0 {
		e.Label = 0
		for c, v := range rows[0] {
			if v > rows[0][e.Label] {
				e.Label = c
			}
		}
	}
	if e.Layers, err = p.outputs(layers); err != nil {
		return Explanation{}, err
	}
	dz := make([]float32, p.Net.Classes())
	for c := range dz {
		dz[c] = -1 / float32(len(dz))
	}
	dz[e.Label]++
	p.b.Write(p.Net.DLogits(1), dz)
	p.Net.Backward(1)
	gradient := make([]float32, len(pixels))
	if err := p.b.Read(gradient, dx); err != nil {
		return Explanation{}, err
	}
	e.Relevance = make([]float64, len(pixels))
	for i, v := range pixels {
		j := 0
		if len(p.Scale) > 1 {
			j = i
		}
		e.Relevance[i] = float64(v) * float64(p.Scale[j]) * float64(gradient[i])
	}
	return e, nil
}

// outputs reads those of the first layers of the kind that Explain shows.
func (p *Predictor) outputs(most int) (list []Activations, err error) {
	last := len(p.Net.stages) - 1
	for _, shown := range []func(Layer) bool{isConv, isDense} {
		for i, s := range p.Net.stages[:last] {
			if len(list) == most {
				break
			}
			if !shown(s.Layer) {
				continue
			}
			a := Activations{Stage: s, Values: make([]float32, s.Out.Size())}
			if err := p.b.Read(a.Values, p.Net.now[i+1]); err != nil {
				return nil, err
			}
			list = append(list, a)
		}
		if len(list) > 0 {
			break
		}
	}
	return list, nil
}

func isConv(l Layer) bool {
	_, ok := l.(Conv2D)
	return ok
}

func isDense(l Layer) bool {
	_, ok := l.(Dense)
	return ok
}

package models

import "fmt"

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
// convolutions and normalisations, or in a network without any those of dense layers but
// the last. The first call allocates a [Probe]. It fails as Probabilities does.
func (p *Predictor) Explain(pixels []uint8, label, layers int) (Explanation, error) {
	switch n := p.Net.Classes(); {
	case len(pixels) != p.Pixels():
		return Explanation{}, fmt.Errorf("%d pixels are not one image of %d", len(pixels), p.Pixels())
	case label < -1 || label >= n:
		return Explanation{}, fmt.Errorf("there is no class %d; the network has %d", label, n)
	}
	if p.probe == nil {
		var err error
		if p.probe, err = p.Net.Probe(); err != nil {
			return Explanation{}, err
		}
	}
	p.write(p.probe.Input(), pixels)
	logits := make([]float32, p.Net.Classes())
	if err := p.b.Read(logits, p.probe.Forward()); err != nil {
		return Explanation{}, err
	}
	e, err := Explanation{Label: label}, error(nil)
	if e.Probabilities, err = softmax(logits); err != nil {
		return Explanation{}, err
	}
	if label < 0 {
		e.Label = mostProbable(e.Probabilities)
	}
	if e.Layers, err = p.outputs(layers); err != nil {
		return Explanation{}, err
	}
	if e.Relevance, err = p.relevance(pixels, e.Label); err != nil {
		return Explanation{}, err
	}
	return e, nil
}

// mostProbable is the class of the largest probability, the first of equals.
func mostProbable(probabilities []float64) (label int) {
	for c, v := range probabilities {
		if v > probabilities[label] {
			label = c
		}
	}
	return label
}

// relevance is that of the pixels for a class, after a forward pass of the probe.
func (p *Predictor) relevance(pixels []uint8, label int) ([]float64, error) {
	dz := make([]float32, p.Net.Classes())
	for c := range dz {
		dz[c] = -1 / float32(len(dz))
	}
	dz[label]++
	p.b.Write(p.probe.Gradient(len(p.Net.stages)-1), dz)
	p.probe.Backward()
	gradient := make([]float32, len(pixels))
	if err := p.b.Read(gradient, p.probe.InputGradient()); err != nil {
		return nil, err
	}
	relevance := make([]float64, len(pixels))
	for i, v := range pixels {
		j := 0
		if len(p.Scale) > 1 {
			j = i
		}
		relevance[i] = float64(v) * float64(p.Scale[j]) * float64(gradient[i])
	}
	return relevance, nil
}

// outputs reads those of the first layers of the kind that Explain shows.
func (p *Predictor) outputs(most int) (list []Activations, err error) {
	last := len(p.Net.stages) - 1
	for _, shown := range []func(Layer) bool{hasMaps, isDense} {
		for i, s := range p.Net.stages[:last] {
			if len(list) == most {
				break
			}
			if !shown(s.Layer) {
				continue
			}
			a := Activations{Stage: s, Values: make([]float32, s.Out.Size())}
			if err := p.b.Read(a.Values, p.probe.Output(i)); err != nil {
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

func hasMaps(l Layer) bool {
	switch l.(type) {
	case Conv2D, BatchNorm2D:
		return true
	}
	return false
}

func isDense(l Layer) bool {
	_, ok := l.(Dense)
	return ok
}

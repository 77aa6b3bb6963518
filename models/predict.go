package models

import (
	"errors"
	"fmt"
	"math"

	"glyph"
)

// Predictor is a network with the normalisation it was trained with: it takes
// pixels and gives probabilities. Like its backend it is used by one goroutine
// at a time.
type Predictor struct {
	Net         *Network
	Mean, Scale []float32 // x = (pixel - Mean)·Scale, one element each or one a pixel

	b      glyph.Backend
	probe  *Probe // of Explain, once it has been called
	x      []float32
	logits []float32
}

// NewPredictor makes a Predictor of a network, on the backend it was built on. It
// fails if mean and scale do not fit the network's images.
func NewPredictor(b glyph.Backend, net *Network, mean, scale []float32) (*Predictor, error) {
	pixels := net.Input(1).Size()
	if len(mean) != len(scale) || (len(mean) != 1 && len(mean) != pixels) {
		return nil, fmt.Errorf("%d means and %d scales for images of %d pixels", len(mean), len(scale), pixels)
	}
	return &Predictor{
		Net: net, Mean: mean, Scale: scale, b: b,
		x: make([]float32, net.Batch()*pixels), logits: make([]float32, net.Batch()*net.Classes()),
	}, nil
}

// Pixels is the number of pixels in an image.
func (p *Predictor) Pixels() int { return p.Net.Input(1).Size() }

// Probabilities returns the softmax of the logits for each image, a row of one
// number per class. pixels holds the images one after the other. It fails if
// the device does, or if the logits are not finite.
func (p *Predictor) Probabilities(pixels []uint8) ([][]float64, error) {
	size, classes := p.Pixels(), p.Net.Classes()
	if len(pixels)%size != 0 {
		return nil, fmt.Errorf("%d pixels are not a whole number of images of %d", len(pixels), size)
	}
	all := make([][]float64, 0, len(pixels)/size)
	for len(pixels) > 0 {
		n := min(p.Net.Batch(), len(pixels)/size)
		p.write(p.Net.Input(n), pixels[:n*size])
		if err := p.b.Read(p.logits[:n*classes], p.Net.Forward(n, false)); err != nil {
			return nil, err
		}
		for i := range n {
			row, err := softmax(p.logits[i*classes:][:classes])
			if err != nil {
				return nil, err
			}
			all = append(all, row)
		}
		pixels = pixels[n*size:]
	}
	return all, nil
}

// write normalises the pixels of images into a network's input.
func (p *Predictor) write(input glyph.Tensor, pixels []uint8) {
	x := p.x[:len(pixels)]
	for i, v := range pixels {
		j := 0
		if len(p.Mean) > 1 {
			j = i % len(p.Mean)
		}
		x[i] = (float32(v) - p.Mean[j]) * p.Scale[j]
	}
	p.b.Write(input, x)
}

func softmax(logits []float32) ([]float64, error) {
	most := math.Inf(-1)
	for _, v := range logits {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, errors.New("the network's output is not finite: its weights are damaged, or training diverged")
		}
		most = max(most, float64(v))
	}
	p, sum := make([]float64, len(logits)), 0.0
	for i, v := range logits {
		p[i] = math.Exp(float64(v) - most)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p, nil
}

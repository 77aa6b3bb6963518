package page

import (
	"math"

	"glyph/models"
	"glyph/recognise"
	"glyph/recognise/ink"
)

// answer is the prediction for a picture with what the network saw.
type answer struct {
	recognise.Prediction
	Width    int   `json:"width"`
	Height   int   `json:"height"`
	Channels int   `json:"channels"`
	Pixels   []int `json:"pixels"` // as numbers; bytes would be base64

	// How the picture was read, in a sentence.
	Reading string `json:"reading"`

	Why *why `json:"why,omitempty"`
}

// why is an explanation for a browser. Signed bytes are written as bytes, in base64.
type why struct {
	Label     int     `json:"label"`     // the class that is explained
	Relevance []byte  `json:"relevance"` // of each pixel, signed: ±127 is the largest
	Largest   float64 `json:"largest"`   // the relevance, in logits, that ±127 is
	Layers    []layer `json:"layers"`
}

// layer is the output of a layer, map by map, row by row.
type layer struct {
	Name    string  `json:"name"`
	Text    string  `json:"text"`
	Height  int     `json:"height"`
	Width   int     `json:"width"`
	Maps    int     `json:"maps"`
	Of      int     `json:"of"`      // how many the layer has
	Values  []byte  `json:"values"`  // signed: ±127 is the largest
	Largest float64 `json:"largest"` // what ±127 is
}

// How much of a network is shown: layers, maps of a layer, and numbers of a layer.
const (
	shownLayers = 3
	shownMaps   = 64
	shownValues = 1 << 17
)

// answerFor is the answer with a prediction.
func answerFor(p recognise.Prediction) answer {
	g := p.Glyph
	a := answer{
		Prediction: p, Width: g.W, Height: g.H, Channels: max(g.C, 1), Pixels: make([]int, len(g.Pixels)),
		Reading: g.String(),
	}
	for i, v := range g.Pixels {
		a.Pixels[i] = int(v)
	}
	return a
}

// explained is an explanation of what the network says about g.
func explained(e models.Explanation, g ink.Glyph) *why {
	c := max(g.C, 1)
	pixels := make([]float64, len(e.Relevance)/c)
	for i, v := range e.Relevance {
		pixels[i/c] += v
	}
	w := &why{Label: e.Label, Layers: []layer{}}
	w.Relevance, w.Largest = signed(pixels)
	for _, a := range e.Layers {
		if l, ok := shown(a); ok {
			w.Layers = append(w.Layers, l)
		}
	}
	return w
}

// shown is as much of a layer's output as is shown. Of a dense layer every unit is a map
// of one pixel. It reports false where one map is too much.
func shown(a models.Activations) (layer, bool) {
	l := layer{Name: a.Stage.Name, Text: a.Stage.Layer.String(), Height: 1, Width: 1, Of: len(a.Values)}
	if a.Stage.Out.Rank() == 3 {
		l.Height, l.Width, l.Of = a.Stage.Out[0], a.Stage.Out[1], a.Stage.Out[2]
	}
	size := l.Height * l.Width
	most := shownMaps
	if size == 1 {
		most = 16 * shownMaps
	}
	if l.Maps = min(l.Of, most, shownValues/size); l.Maps == 0 {
		return layer{}, false
	}
	values := make([]float64, l.Maps*size)
	for i := range values {
		values[i] = float64(a.Values[i%size*l.Of+i/size])
	}
	l.Values, l.Largest = signed(values)
	return l, true
}

// signed is numbers as signed bytes, of which ±127 is the largest magnitude.
func signed(values []float64) (bytes []byte, largest float64) {
	for _, v := range values {
		if m := math.Abs(v); m > largest && !math.IsInf(m, 0) {
			largest = m
		}
	}
	bytes = make([]byte, len(values))
	for i, v := range values {
		if largest > 0 && !math.IsNaN(v) {
			bytes[i] = byte(int8(math.Round(127 * min(max(v/largest, -1), 1))))
		}
	}
	return bytes, largest
}

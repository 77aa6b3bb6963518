// Package recognise recognises the characters in a picture: it frames each like
// KMNIST's images and runs a network on it.
package recognise

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise/ink"
)

// Prediction is a network's prediction for a picture. Of several characters it names all,
// and tells more about the one with the most ink, or another that was asked for. As JSON
// it is what glyph predict --json prints, and the beginning of what glyph serve answers.
type Prediction struct {
	File          string    `json:"file,omitempty"`
	Size          [2]int    `json:"size"`          // width and height of the picture, upright
	Turned        bool      `json:"turned"`        // as the camera noted
	DarkOnLight   bool      `json:"dark_on_light"` // so it was inverted
	Ink           [4]int    `json:"ink"`           // left, top, width, height
	Characters    int       `json:"characters"`    // how many there seem to be
	Top           []Ranked  `json:"top"`           // the most probable classes
	Probabilities []float64 `json:"probabilities"` // of all, by label

	LeftOut ink.LeftOut `json:"left_out"` // what the picture shows beside it

	All []Character `json:"all"` // the characters, in the order in which they are read in rows
	At  int         `json:"at"`  // the one of them that the rest is about

	Glyph ink.Glyph `json:"-"` // what the network saw
}

// Character is one of the characters in a picture.
type Character struct {
	Ink [4]int   `json:"ink"` // left, top, width, height
	Top []Ranked `json:"top"` // the most probable classes

	Glyph ink.Glyph `json:"-"` // what the network saw
}

// Ranked is a class with its probability.
type Ranked struct {
	Label       int     `json:"label"`
	Name        string  `json:"name"`
	Kana        string  `json:"kana,omitempty"`   // of a class that is a character:
	Romaji      string  `json:"romaji,omitempty"` // its symbol, and its name again
	Probability float64 `json:"probability"`
}

// Top is how many classes a Prediction ranks.
const Top = 3

// Recogniser names characters. Like its network it is used by one goroutine at
// a time, except for Read.
type Recogniser struct {
	predictor *models.Predictor
	classes   []kmnist.Class
	frame     ink.Frame
}

// New is a Recogniser for pictures of up to maxPixels pixels. classes are the names
// of the network's classes, by label. It fails if the network's images are
// neither grey nor of three colours, or if there is not one name for each class.
func New(p *models.Predictor, classes []kmnist.Class, maxPixels int) (*Recogniser, error) {
	in := p.Net.Input(1).Shape.Sample()
	if in[2] != 1 && in[2] != 3 {
		return nil, fmt.Errorf("the network takes images of %d channels, and pictures have 1 (grey) or 3 (colour)", in[2])
	}
	if len(classes) != p.Net.Classes() {
		return nil, fmt.Errorf("there are %d names for the %d classes of the network", len(classes), p.Net.Classes())
	}
	return &Recogniser{p, classes, ink.Frame{H: in[0], W: in[1], C: in[2], MaxPixels: maxPixels}}, nil
}

// Recognise reads a picture and names the characters in it. The error is the end
// of a sentence that begins with the picture's name.
func (r *Recogniser) Recognise(picture io.ReadSeeker) (Prediction, error) {
	all, largest, err := r.Read(picture)
	if err != nil {
		return Prediction{}, err
	}
	return r.Name(all, largest)
}

// Read frames the characters in a picture for the network, and tells which has the most
// ink; see [ink.Frame.ReadAll]. It is the first half of Recognise, whose errors are the
// picture's. It may be called by several goroutines at a time.
func (r *Recogniser) Read(picture io.ReadSeeker) (all []ink.Glyph, largest int, err error) {
	return r.frame.ReadAll(picture)
}

// Name runs the network on each of the characters that were framed from one picture, and
// tells more about the one at a place. It is the second half of Recognise, whose errors
// are the network's or the device's.
func (r *Recogniser) Name(all []ink.Glyph, at int) (Prediction, error) {
	var p Prediction
	characters := make([]Character, len(all))
	for i, g := range all {
		rows, err := r.predictor.Probabilities(g.Pixels)
		if err != nil {
			return Prediction{}, err
		}
		q := r.prediction(g, rows[0])
		characters[i] = Character{q.Ink, q.Top, g}
		if i == at {
			p = q
		}
	}
	p.All, p.At = characters, at
	return p, nil
}

// Classes are the names of the network's classes, by label.
func (r *Recogniser) Classes() []kmnist.Class { return r.classes }

// Explain gives the reasons for a class and the outputs of the first layers; see
// [models.Predictor.Explain].
func (r *Recogniser) Explain(g ink.Glyph, label, layers int) (models.Explanation, error) {
	return r.predictor.Explain(g.Pixels, label, layers)
}

// prediction is what is known of one character whose classes have these probabilities.
func (r *Recogniser) prediction(g ink.Glyph, probabilities []float64) Prediction {
	all := Rank(probabilities, r.classes)
	return Prediction{
		Size: [2]int{g.Picture.X, g.Picture.Y}, Turned: g.Turned, DarkOnLight: g.DarkOnLight,
		Ink: [4]int{g.Ink.Min.X, g.Ink.Min.Y, g.Ink.Dx(), g.Ink.Dy()}, Characters: g.Characters, LeftOut: g.LeftOut,
		Top: all[:min(Top, len(all))], Probabilities: probabilities, Glyph: g,
	}
}

// Rank is the classes by falling probability, equal ones by label. probabilities
// and classes are by label.
func Rank(probabilities []float64, classes []kmnist.Class) []Ranked {
	all := make([]Ranked, len(probabilities))
	for label, p := range probabilities {
		c := classes[label]
		all[label] = Ranked{Label: label, Name: c.Name, Probability: p}
		if c.Symbol != "" {
			all[label].Kana, all[label].Romaji = c.Symbol, c.Name
		}
	}
	slices.SortStableFunc(all, func(a, b Ranked) int { return cmp.Compare(b.Probability, a.Probability) })
	return all
}

// Class is the class that was ranked.
func (r Ranked) Class() kmnist.Class { return kmnist.Class{Symbol: r.Kana, Name: r.Name} }

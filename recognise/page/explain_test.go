package page

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
)

// letters is a picture of letters F in these colours, one beside the other.
func letters(inks ...color.Color) []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 20+100*len(inks), 120))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for i, c := range inks {
		for _, r := range []image.Rectangle{image.Rect(20, 20, 30, 90), image.Rect(20, 20, 70, 30), image.Rect(20, 50, 60, 60)} {
			r = r.Add(image.Pt(100*i, 0))
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					m.Set(x, y, c)
				}
			}
		}
	}
	var b bytes.Buffer
	png.Encode(&b, m) //nolint:errcheck // into memory
	return b.Bytes()
}

// TestExplain asks for the reasons: they are about the class and the character that were
// asked for, black pixels have none, and every character is named.
func TestExplain(t *testing.T) {
	h := handler(t)
	get := func(path string, body []byte) (a answer) {
		t.Helper()
		w := ask(h, "POST", path, "image/png", body, nil)
		if err := json.Unmarshal(w.Body.Bytes(), &a); w.Code != 200 || err != nil {
			t.Fatalf("%s: status %d, %v: %.300s", path, w.Code, err, w.Body)
		}
		return a
	}
	picture := letters(color.Black, color.Black, color.Black)
	a := get("/explain", picture)
	if len(a.All) != 3 || a.At < 0 || a.At > 2 || a.Why == nil || a.Why.Label != a.Top[0].Label || len(a.Why.Relevance) != 784 || a.Why.Largest <= 0 {
		t.Fatalf("%+v", a)
	}
	for i, v := range a.Pixels {
		if v == 0 && a.Why.Relevance[i] != 0 {
			t.Fatalf("a black pixel has the relevance %d", int8(a.Why.Relevance[i]))
		}
	}
	if l := a.Why.Layers; len(l) != 1 || l[0].Name != "dense_1" || l[0].Maps != 8 || len(l[0].Values) != 8 {
		t.Errorf("layers %+v", l)
	}
	for i, c := range a.All {
		if len(c.Top) != recognise.Top || c.Ink[0] != 20+100*i {
			t.Errorf("character %d: %+v", i, c)
		}
	}
	other := (a.Top[0].Label + 1) % 10
	if b := get("/explain?label="+string(rune('0'+other))+"&x=260&y=5", picture); b.At != 2 || b.Why.Label != other || b.Ink != a.All[2].Ink || !strings.Contains(b.Reading, "character 3 of 3") {
		t.Errorf("at %d, label %d, %v, %q", b.At, b.Why.Label, b.Ink, b.Reading)
	}
	if b := get("/predict", picture); b.Why != nil || len(b.All) != 3 || b.At != a.At {
		t.Errorf("/predict explains: %+v", b)
	}
	for _, question := range []string{"?label=10", "?label=-1", "?label=x", "?x=-1", "?x=1&y=99999999999999999999"} {
		if w := ask(h, "POST", "/explain"+question, "image/png", picture, nil); w.Code != 400 || !strings.Contains(w.Body.String(), "whole number") {
			t.Errorf("%s: status %d: %s", question, w.Code, w.Body)
		}
	}
}

// TestExplainColour answers for a network of another size, in colour, with names of its
// own: the pixels are those that it saw, and its convolutions are shown map by map.
func TestExplainColour(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // it has failed nowhere
	spec := models.Spec{Model: "cnn", Input: []int{12, 10, 3}, Classes: 3, Filters: []int{5}, Units: []int{4}}
	net, err := models.New(b, spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	if net, err = models.NewFolded(b, spec, arrays, 1); err != nil {
		t.Fatal(err)
	}
	p, err := models.NewPredictor(b, net, []float32{100}, []float32{0.02})
	if err != nil {
		t.Fatal(err)
	}
	classes := kmnist.Numbered(3)
	r, err := recognise.New(p, classes, MaxPixels)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Handler(r, Page{Classes: []Class{{Name: "cat"}, {Name: "dog"}, {Name: "<b>"}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := ask(h, "POST", "/explain", "image/png", letters(color.NRGBA{255, 0, 0, 255}), nil)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); w.Code != 200 || err != nil {
		t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
	}
	if a.Channels != 3 || len(a.Pixels) != 12*10*3 || len(a.Why.Relevance) != 12*10 || len(a.All) != 1 {
		t.Errorf("%d channels, %d pixels, %d of relevance", a.Channels, len(a.Pixels), len(a.Why.Relevance))
	}
	l := a.Why.Layers[0]
	if l.Name != "conv2d_1" || l.Height != 12 || l.Width != 10 || l.Maps != 5 || len(l.Values) != 5*120 || l.Largest <= 0 {
		t.Errorf("%+v", l)
	}
}

// Numbers that are no numbers don't break an answer.
func TestSigned(t *testing.T) {
	b, largest := signed([]float64{1, -2, math.NaN(), 0, math.Inf(1)})
	if largest != 2 || int8(b[0]) != 64 || int8(b[1]) != -127 || b[2] != 0 || b[3] != 0 || b[4] != 127 {
		t.Errorf("%v of %v", b, largest)
	}
}

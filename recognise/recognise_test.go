package recognise_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"

	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
)

// recogniser has a linear network with weights of 0 and these biases, which
// therefore are the logits of every picture.
func recogniser(t *testing.T, channels int, bias ...float32) (*recognise.Recogniser, error) {
	t.Helper()
	b := cpu.New[float32](1)
	t.Cleanup(func() { b.Close() }) //nolint:errcheck // a processor does not fail
	net, err := models.New(b, models.Spec{Model: "linear", Input: []int{28, 28, channels}, Classes: len(bias)}, 1)
	if err != nil {
		t.Fatal(err)
	}
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	copy(arrays[1].Data, bias)
	if err := net.SetWeights(arrays); err != nil {
		t.Fatal(err)
	}
	p, err := models.NewPredictor(b, net, []float32{0}, []float32{1})
	if err != nil {
		t.Fatal(err)
	}
	return recognise.New(p, kmnist.Characters()[:len(bias)], 10_000)
}

func encoded(t *testing.T, m image.Image) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func TestRecognise(t *testing.T) {
	r, err := recogniser(t, 1, 0, 3, 1, 3, -1)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewGray(image.Rect(0, 0, 50, 40))
	for y := 5; y < 35; y++ {
		m.Pix[y*50+20], m.Pix[y*50+21] = 255, 255
	}
	p, err := r.Recognise(encoded(t, m))
	if err != nil {
		t.Fatal(err)
	}
	sum := math.Exp(0) + 2*math.Exp(3) + math.Exp(1) + math.Exp(-1)
	for i, label := range []int{1, 3, 2} { // of equals the first
		want := math.Exp([]float64{3, 3, 1}[i]) / sum
		if c := p.Top[i]; c.Label != label || c.Class() != kmnist.Characters()[label] || math.Abs(c.Probability-want) > 1e-6 {
			t.Errorf("place %d: %+v, want label %d with %v", i, c, label, want)
		}
	}
	if len(p.Top) != 3 || len(p.Probabilities) != 5 || p.Size != [2]int{50, 40} || p.Ink != [4]int{20, 5, 2, 30} || p.DarkOnLight || len(p.Glyph.Pixels) != 784 {
		t.Errorf("%+v", p)
	}
	if _, err := r.Recognise(encoded(t, image.NewGray(image.Rect(0, 0, 101, 100)))); err == nil || !strings.Contains(err.Error(), "101×100") {
		t.Errorf("a large picture: %v", err)
	}
	if _, err := recogniser(t, 2, 1, 2); err == nil || !strings.Contains(err.Error(), "2 channels") {
		t.Errorf("a network of two channels: %v", err)
	}
}

// Characters have kana and romaji in the JSON, other classes a name alone.
func TestRankAsJSON(t *testing.T) {
	ranked := recognise.Rank([]float64{0.25, 0.75}, []kmnist.Class{{Symbol: "お", Name: "o"}, {Name: "T-shirt"}})
	text, err := json.Marshal(ranked)
	want := `[{"label":1,"name":"T-shirt","probability":0.75},{"label":0,"name":"o","kana":"お","romaji":"o","probability":0.25}]`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
}

func TestEveryClassNeedsAName(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, models.Spec{Model: "linear"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := models.NewPredictor(b, net, []float32{0}, []float32{1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := recognise.New(p, kmnist.Numbered(9), 100); err == nil || !strings.Contains(err.Error(), "9 names for the 10 classes") {
		t.Errorf("nine names: %v", err)
	}
}

package plots_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"glyph/runs/plots"
)

var names = []string{"o", "ki", "su"}

func dot(v uint8) plots.Image { return plots.Image{Pixels: []uint8{0, v, 0, v}, H: 2, W: 2} }

// sheet is a figure of each kind.
func sheet() map[string]*plots.Figure {
	nan := math.NaN()
	many := make([]plots.Epoch, 90)
	for i := range many {
		many[i] = plots.Epoch{Epoch: i + 1, TrainLoss: 1 / float64(i+1), TrainAccuracy: 0.9, ValidationLoss: nan, ValidationAccuracy: nan}
	}
	mistakes := make([]plots.Mistake, 11)
	for i := range mistakes {
		mistakes[i] = plots.Mistake{Image: dot(200), Label: 1, Predicted: 2, Probability: 0.97, LabelProbability: 0.012}
	}
	dense := make([]plots.Filter, 40)
	for i := range dense {
		dense[i] = plots.Filter{Weights: make([]float32, 784), H: 28, W: 28}
		dense[i].Weights[i] = float32(i)
	}
	return map[string]*plots.Figure{
		"curves": plots.Curves([]plots.Epoch{
			{Epoch: 1, TrainLoss: 2, TrainAccuracy: 0.3, ValidationLoss: 1, ValidationAccuracy: 0.5},
			{Epoch: 2, TrainLoss: 1, TrainAccuracy: 0.6, ValidationLoss: 0.9, ValidationAccuracy: 0.7},
		}, 2, &plots.Test{Epoch: 2, Loss: 0.95, Accuracy: 0.65}),
		"many":        plots.Curves(many, 0, nil),
		"no epochs":   plots.Curves(nil, 0, nil),
		"one epoch":   plots.Curves(many[:1], 1, &plots.Test{Epoch: 1, Loss: 20, Accuracy: 0.1}),
		"not finite":  plots.Curves([]plots.Epoch{{Epoch: 1, TrainLoss: math.Inf(1), TrainAccuracy: nan, ValidationLoss: nan, ValidationAccuracy: nan}}, 0, &plots.Test{Epoch: 1, Loss: nan}),
		"confusion":   plots.Confusion([][]int{{90, 10, 0}, {1, 98, 1}, {0, 0, 0}}, names),
		"mistakes":    plots.Mistakes(mistakes, names, "a note"),
		"no mistakes": plots.Mistakes(nil, names, "none"),
		"classes":     plots.Classes([][]plots.Image{{dot(1), dot(255)}, nil, {dot(3)}}, names, "a note"),
		"filters":     plots.Filters([]plots.Filter{{[]float32{-1, 0, 0.5, 1}, 2, 2}}, "conv2d_1"),
		"dense":       plots.Filters(dense, "dense_1"),
		"no filters":  plots.Filters(nil, "none"),
		"zero":        plots.Filters([]plots.Filter{{[]float32{0}, 1, 1}}, "zero"),
	}
}

// TestWrite draws every figure in every format: a PNG of the size it says, an
// SVG that is well-formed, and the same bytes again.
func TestWrite(t *testing.T) {
	for name, f := range sheet() {
		for _, format := range plots.Formats() {
			var b, again bytes.Buffer
			if err := f.Write(&b, format); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if format == "svg" || name == "curves" { // encoding PNGs takes most of the time
				if err := f.Write(&again, format); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
					t.Errorf("%s as %s: drawn again it differs, %v", name, format, err)
				}
			}
			if format == "png" {
				config, err := png.DecodeConfig(&b)
				if w := int(float64(f.Width)/72*144 + 0.5); err != nil || config.Width != w {
					t.Errorf("%s: %d pixels wide, want %d, %v", name, config.Width, w, err)
				}
				continue
			}
			if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
				t.Errorf("%s has a number that is not finite", name)
			}
			texts(t, b.String())
		}
	}
	if err := sheet()["zero"].Write(io.Discard, "gif"); err == nil || !strings.Contains(err.Error(), "png, svg") {
		t.Errorf("gif: %v", err)
	}
	full := errors.New("full")
	for _, format := range plots.Formats() {
		if err := sheet()["zero"].Write(broken{full}, format); !errors.Is(err, full) {
			t.Errorf("%s to a full disk: %v", format, err)
		}
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

// texts is what is written in an SVG.
func texts(t *testing.T, svg string) (list []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	inside := false
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			inside = tok.Name.Local == "text"
		case xml.CharData:
			if inside {
				list = append(list, strings.TrimSpace(string(tok)))
			}
		case xml.EndElement:
			inside = false
		}
	}
}

// TestTexts looks for what a reader needs in each figure.
func TestTexts(t *testing.T) {
	figures := sheet()
	for _, c := range []struct {
		figure string
		want   []string
		not    []string
	}{
		{"curves", []string{"0.0", "Training", "epoch", "loss (nats)", "accuracy (%)", "training images", "validation set", "test set", "weights kept", "1", "2", "100"}, []string{"-0.0"}},
		{"many", []string{"training images", "90", "1.0"}, []string{"validation set", "test set", "weights kept"}},
		{"confusion", []string{"188 of 200 right (94.00 %)", "below each count: its share of the row in %, which sets the colour (square root)",
			"90", "90.0", "10", "10.0", "98", "1", "1.0", "90.00 %", "98.00 %", "0.00 %", "label", "predicted", "o", "ki", "su"}, []string{"0"}},
		{"mistakes", []string{"ki → su", "1.2 → 97 %", "a note"}, nil},
		{"classes", []string{"o", "ki", "su", "a note"}, nil},
		{"filters", []string{"conv2d_1", "-1", "0", "1"}, nil},
	} {
		var b bytes.Buffer
		if err := figures[c.figure].Write(&b, "svg"); err != nil {
			t.Fatal(err)
		}
		have := texts(t, b.String())
		for _, w := range c.want {
			if !slices.Contains(have, w) {
				t.Errorf("%s: no %q in %q", c.figure, w, have)
			}
		}
		for _, w := range c.not {
			if slices.Contains(have, w) {
				t.Errorf("%s: there is a %q", c.figure, w)
			}
		}
	}
}

// However little there is to draw, titles fit the figure: nothing reaches its sides.
func TestTitlesFit(t *testing.T) {
	note := "the most confident 40 of 2,718 mistakes on 10,000 test images; below each, the probabilities of both"
	figures := map[string]*plots.Figure{
		"two classes": plots.Confusion([][]int{{90, 10}, {1, 98}}, names[:2]),
		"one image":   plots.Classes([][]plots.Image{{dot(1)}, {dot(3)}}, names, note),
		"one filter":  plots.Filters([]plots.Filter{{[]float32{-1, 0, 0.5, 1}, 2, 2}}, note),
		"one mistake": plots.Mistakes([]plots.Mistake{{Image: dot(200), Label: 1, Predicted: 2}}, names, note),
	}
	for name, f := range figures {
		m := drawn(t, f)
		for y := range m.Bounds().Dy() {
			for _, x := range []int{3, m.Bounds().Dx() - 4} {
				if (color.RGBAModel.Convert(m.At(x, y)) != color.RGBA{255, 255, 255, 255}) {
					t.Fatalf("%s: something at (%d, %d), at the side of the figure", name, x, y)
				}
			}
		}
	}
}

func drawn(t *testing.T, f *plots.Figure) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, "png"); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// count is how many pixels have that colour.
func count(m image.Image, c color.RGBA) (n int) {
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			if color.RGBAModel.Convert(m.At(x, y)) == c {
				n++
			}
		}
	}
	return n
}

// TestColours looks at the pixels: the ends of the maps, the lines, and images
// the right way up.
func TestColours(t *testing.T) {
	figures := sheet()
	curves := drawn(t, figures["curves"])
	blue, vermillion := color.RGBA{0x00, 0x72, 0xb2, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	if count(curves, blue) < 500 || count(curves, vermillion) < 300 {
		t.Error("the curves lack a line")
	}
	if count(drawn(t, figures["many"]), vermillion) > 0 {
		t.Error("a line of a validation set that there is not")
	}
	filters := drawn(t, figures["filters"])
	for _, c := range []color.RGBA{{0, 60, 110, 255}, {140, 70, 0, 255}} {
		if count(filters, c) < 1000 {
			t.Errorf("no filter weight of the colour %v", c)
		}
	}
	confusion := drawn(t, figures["confusion"])
	if count(confusion, color.RGBA{0, 34, 78, 255}) < 1000 {
		t.Error("no cell of the colour of 0")
	}

	// The second column of both examples is bright, in their own shades.
	m := drawn(t, plots.Classes([][]plots.Image{{{Pixels: []uint8{0, 255, 0, 100}, H: 2, W: 2}}}, names[:1], ""))
	bright, dark := image.Rectangle{}, image.Rectangle{}
	for y := 85; y < m.Bounds().Dy(); y++ { // below the title
		for x := 100; x < m.Bounds().Dx()-30; x++ {
			switch color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y {
			case 100:
				dark = dark.Union(image.Rect(x, y, x+1, y+1))
			case 0:
				bright = bright.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if dark.Empty() || bright.Empty() || dark.Min.Y < (bright.Min.Y+bright.Max.Y)/2-2 || dark.Min.X < bright.Max.X-2 {
		t.Errorf("the image is turned: black %v, grey %v", bright, dark)
	}
}

// Names that others wrote make no broken pictures.
func TestHostileNames(t *testing.T) {
	hostile := "a\x1b[2J\x00\x07\u009b\u202e\xff"
	labels := []string{hostile, "ki", "su"}
	for name, f := range map[string]*plots.Figure{
		"confusion": plots.Confusion([][]int{{90, 10, 0}, {1, 98, 1}, {0, 0, 0}}, labels),
		"mistakes":  plots.Mistakes([]plots.Mistake{{Image: dot(200), Label: 0, Predicted: 2, Probability: 0.97}}, labels, hostile),
		"classes":   plots.Classes([][]plots.Image{{dot(1)}, nil, nil}, labels, hostile),
		"filters":   plots.Filters(nil, hostile),
	} {
		var b bytes.Buffer
		if err := f.Write(&b, "svg"); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil || bytes.ContainsAny(b.Bytes(), "\x1b\x00\x07\u009b\u202e\xff") {
			t.Errorf("%s: broken (%v)", name, err)
		}
		if !bytes.Contains(b.Bytes(), []byte(`\u001b`)) {
			t.Errorf("%s does not show the name", name)
		}
	}
}

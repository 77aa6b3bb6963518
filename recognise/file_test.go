package recognise_test

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
)

// A picture's file is recognised under its name; what is no picture, no regular
// file or not there is one line with the name.
func TestFile(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	net, err := models.New(b, models.Spec{Model: "linear"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	p, err := models.NewPredictor(b, net, []float32{0}, []float32{1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := recognise.New(p, kmnist.Characters(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	good, text := filepath.Join(dir, "good.png"), filepath.Join(dir, "text\n.png")
	f, err := os.Create(good)
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewGray(image.Rect(0, 0, 28, 28))
	for i := 300; i < 400; i++ {
		picture.Pix[i] = 255
	}
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := os.WriteFile(text, []byte("no picture"), 0o666); err != nil {
		t.Fatal(err)
	}
	if p, err := r.File(good); err != nil || p.File != good || len(p.Top) != recognise.Top {
		t.Errorf("%+v, %v", p, err)
	}
	for _, path := range []string{text, dir, filepath.Join(dir, "absent.png")} {
		if _, err := r.File(path); err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), filepath.Base(dir)) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

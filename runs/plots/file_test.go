package plots

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A picture in either format has the same pixels.
func TestWriteImage(t *testing.T) {
	picture := image.NewGray(image.Rect(0, 0, 3, 2))
	picture.SetGray(2, 1, color.Gray{Y: 200})
	dir := t.TempDir()
	for _, name := range []string{"a.png", "b.SVG"} {
		path := filepath.Join(dir, name)
		if err := WriteImage(path, picture); err != nil || !Drawable(path) {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if name == "b.SVG" {
			var svg struct {
				Image struct {
					Href string `xml:"href,attr"`
				} `xml:"image"`
			}
			if err := xml.Unmarshal(text, &svg); err != nil {
				t.Fatal(err)
			}
			if text, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(svg.Image.Href, "data:image/png;base64,")); err != nil {
				t.Fatal(err)
			}
		}
		back, err := png.Decode(bytes.NewReader(text))
		if err != nil || back.Bounds() != picture.Bounds() || back.At(2, 1) != picture.At(2, 1) || back.At(0, 0) != picture.At(0, 0) {
			t.Errorf("%s: %v, %v", name, back, err)
		}
	}
	for _, name := range []string{"a", "a.jpg", "png"} {
		if Drawable(name) {
			t.Errorf("%s is drawable", name)
		}
	}
}

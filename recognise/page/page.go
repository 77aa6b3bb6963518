package page

import (
	"bytes"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"strings"
	"unicode"
)

//go:embed page
var files embed.FS

// asset is a file of the page, which is embedded in the program.
func asset(name string) []byte {
	text, err := files.ReadFile("page/" + name)
	if err != nil {
		panic(err)
	}
	return text
}

var index = template.Must(template.New("index.html").Funcs(template.FuncMap{"url": dataURL, "japanese": japanese}).ParseFS(files, "page/index.html"))

// render is the page.
func render(p Page) ([]byte, error) {
	var b bytes.Buffer
	if err := index.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("the page can't be made: %w", err)
	}
	return b.Bytes(), nil
}

// japanese reports whether a symbol has kana, for the browser's choice of a font.
func japanese(symbol string) bool {
	return strings.ContainsFunc(symbol, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) })
}

// dataURL is a picture as embedded in the page.
func dataURL(p Picture) (template.URL, error) {
	var b bytes.Buffer
	var picture image.Image = &image.Gray{Pix: p.Pixels, Stride: p.W, Rect: image.Rect(0, 0, p.W, p.H)}
	if p.C > 1 {
		colours := image.NewRGBA(picture.Bounds())
		for i := range p.H * p.W {
			copy(colours.Pix[4*i:], []uint8{p.Pixels[3*i], p.Pixels[3*i+1], p.Pixels[3*i+2], 255})
		}
		picture = colours
	}
	err := png.Encode(&b, picture)
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), err
}

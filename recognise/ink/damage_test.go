package ink_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"strings"
	"testing"

	"glyph/recognise/ink"
)

// emptyFrame is a GIF of 10×10 pixels whose only frame has the size given,
// with compressed data that end at once.
func emptyFrame(w, h byte) []byte {
	file := []byte("GIF89a\x0a\x00\x0a\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff")
	file = append(file, 0x2c, 0, 0, 0, 0, w, 0, h, 0, 0)
	return append(file, 2, 1, 0x2c, 0, 0x3b)
}

// A frame without pixels is one clear error, and so is whatever a decoder
// panics over.
func TestEmptyFrames(t *testing.T) {
	for _, size := range [][2]byte{{0, 0}, {0, 5}, {5, 0}} {
		_, err := frame.Read(bytes.NewReader(emptyFrame(size[0], size[1])))
		if err == nil || !strings.Contains(err.Error(), "damaged picture") || strings.Contains(err.Error(), "\n") {
			t.Errorf("a frame of %v: %v", size, err)
		}
	}
	for _, size := range []image.Point{{0, 0}, {0, 5}, {5, 0}} {
		if _, err := frame.From(image.NewGray(image.Rectangle{Max: size})); !errors.Is(err, ink.ErrBlank) {
			t.Errorf("a picture of %v: %v", size, err)
		}
	}
}

// What is not a picture is named.
func TestOtherFiles(t *testing.T) {
	for text, want := range map[string]string{
		"<!DOCTYPE html><html>404":                 "is not a PNG, JPEG or GIF picture (it looks like an HTML page",
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00": "(it looks like a HEIC picture)",
		"": "(it looks like an empty file)",
	} {
		_, err := frame.Read(strings.NewReader(text))
		if !errors.Is(err, ink.ErrFormat) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Formats are those that the documentation names, whatever decoders other parts of
// a program bring along.
func TestOtherDecoders(t *testing.T) {
	image.RegisterFormat("tiff", "II*\x00",
		func(io.Reader) (image.Image, error) { return image.NewGray(image.Rect(0, 0, 9, 9)), nil },
		func(io.Reader) (image.Config, error) { return image.Config{Width: 9, Height: 9}, nil })
	_, err := frame.Read(strings.NewReader("II*\x00\x08\x00\x00\x00"))
	if !errors.Is(err, ink.ErrFormat) || !strings.Contains(err.Error(), "a TIFF picture") {
		t.Errorf("%v", err)
	}
}

func TestPanickingDecoder(t *testing.T) {
	const magic = "panics\x1b[2J"
	image.RegisterFormat("gif", magic, // a format that is read
		func(io.Reader) (image.Image, error) { panic("at\nonce\x1b") },
		func(io.Reader) (image.Config, error) {
			return image.Config{ColorModel: color.GrayModel, Width: 1, Height: 1}, nil
		})
	_, err := frame.Read(strings.NewReader(magic))
	if !errors.Is(err, ink.ErrDecoder) || strings.ContainsAny(err.Error(), "\n\x1b") || !strings.Contains(err.Error(), "once") {
		t.Errorf("%v", err)
	}
}

// FuzzRead reads anything as a picture: it frames it or says in a line why not.
// The seeds are a picture in every format, with EXIF metadata and damaged.
func FuzzRead(f *testing.F) {
	m := drawn{image.Pt(40, 30), white, []mark{{image.Rect(10, 5, 14, 25), black}, {image.Rect(10, 21, 30, 25), color.Gray{80}}}}.image()
	var asPNG, asGIF bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, m), gif.Encode(&asGIF, m, nil)); err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{asPNG.Bytes(), asGIF.Bytes(), photo(f, m, 6), photo(f, m, 1), emptyFrame(0, 0), emptyFrame(0, 5), sized(60000, 60000)} {
		f.Add(seed)
		f.Add(seed[:len(seed)*2/3])
	}
	small := ink.Frame{H: 28, W: 28, MaxPixels: 20_000} // so that a try is quick
	f.Fuzz(func(t *testing.T, file []byte) {
		g, err := small.Read(bytes.NewReader(file))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%q is not a line", err)
			}
			if errors.Is(err, ink.ErrDecoder) {
				t.Logf("a decoder fails: %v", err)
			}
			return
		}
		if len(g.Pixels) != 28*28 || g.Picture.X < 1 || g.Picture.Y < 1 || !g.Ink.In(image.Rectangle{Max: g.Picture}) || g.Ink.Empty() {
			t.Errorf("%+v", g)
		}
	})
}

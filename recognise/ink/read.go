package ink

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // the formats
	_ "image/jpeg" // that are
	_ "image/png"  // read
	"io"
)

// Errors that a caller may want to tell apart; each is the end of a sentence
// that begins with the name of the picture.
var (
	ErrFormat = errors.New("is no PNG, JPEG or GIF picture")
	ErrBlank  = errors.New("shows nothing: all of it is about one colour")
)

// Frame is what pictures are made into, and the limit on them.
type Frame struct {
	H, W      int
	MaxPixels int // of a picture, before it is decoded
}

// DefaultMaxPixels is enough for a photograph, and takes at most 400 MB.
const DefaultMaxPixels = 50_000_000

// Read decodes a PNG, JPEG or GIF picture, of which the first image counts, and
// frames it, upright where a camera noted how it was held. The size is checked
// before the pixels are decoded.
func (f Frame) Read(r io.ReadSeeker) (Glyph, error) {
	config, format, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return Glyph{}, unreadable(err)
	}
	// A product of two ints of at most 31 bits each.
	if config.Width < 1 || config.Height < 1 || int64(config.Width)*int64(config.Height) > int64(f.MaxPixels) {
		return Glyph{}, fmt.Errorf("is %d×%d pixels, and at most %d million are read; scale it down first",
			config.Width, config.Height, f.MaxPixels/1_000_000)
	}
	t := topLeft
	if format == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return Glyph{}, err
		}
		t = readTurn(r)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Glyph{}, err
	}
	img, _, err := image.Decode(bufio.NewReader(r))
	if err != nil {
		return Glyph{}, unreadable(err)
	}
	return f.from(img, t)
}

func unreadable(err error) error {
	switch {
	case errors.Is(err, image.ErrFormat):
		return ErrFormat
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("is a damaged picture: it ends too early")
	}
	return fmt.Errorf("is a damaged picture: %w", err)
}

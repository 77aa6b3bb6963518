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
	"slices"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Errors that a caller may want to distinguish; each is the end of a sentence
// that begins with the name of the picture.
var (
	ErrFormat  = errors.New("is not a PNG, JPEG or GIF picture")
	ErrBlank   = errors.New("is blank: all of it is about one colour")
	ErrDecoder = errors.New("is damaged in a way that crashes its decoder")
)

// Frame is what pictures are made into, and the limit on them. In colour, a picture is
// not searched for ink: the whole of it is scaled.
type Frame struct {
	H, W, C   int // C is 3 for colour, and 0 or 1 for grey
	MaxPixels int // of a picture, before it is decoded
}

// formats are those that are read, by the names of package image, whichever others
// the program has decoders for.
var formats = []string{"png", "jpeg", "gif"}

// DefaultMaxPixels is enough for a photograph, and takes at most 400 MB.
const DefaultMaxPixels = 50_000_000

// Read decodes a PNG, JPEG or GIF picture, of which the first image counts, and
// frames it, upright where a camera noted how it was held. The size is checked
// before the pixels are decoded. A panic of a decoder is returned as an error
// that is ErrDecoder.
func (f Frame) Read(r io.ReadSeeker) (Glyph, error) {
	all, largest, err := f.ReadAll(r)
	if err != nil {
		return Glyph{}, err
	}
	return all[largest], nil
}

// ReadAll is Read that frames every character, each as if it were alone, in the order
// in which they are read in rows: at least one and at most 32. largest is the one with
// the most ink, which Read takes. In colour, and of a picture of the frame's own size,
// it is the whole.
func (f Frame) ReadAll(r io.ReadSeeker) (all []Glyph, largest int, err error) {
	img, t, err := f.decode(r)
	if err != nil {
		return nil, 0, err
	}
	return f.from(img, t)
}

// decode reads the pixels and how they are to be turned. Only decoders run in
// it, so that what it recovers from is the file's doing and not this module's.
func (f Frame) decode(r io.ReadSeeker) (img image.Image, t turn, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %s", ErrDecoder, message.Quote(fmt.Sprint(p)))
		}
	}()
	config, format, err := image.DecodeConfig(bufio.NewReader(r))
	if err == nil && !slices.Contains(formats, format) {
		err = image.ErrFormat
	}
	if err != nil {
		if errors.Is(err, image.ErrFormat) {
			return nil, t, fmt.Errorf("%w%s", ErrFormat, hint(r))
		}
		return nil, t, unreadable(err)
	}
	switch w, h := config.Width, config.Height; {
	case w < 1 || h < 1:
		return nil, t, fmt.Errorf("is a damaged picture: it is %d×%d pixels", w, h)
	case int64(w)*int64(h) > int64(f.MaxPixels): // a product of two ints of at most 31 bits each
		return nil, t, fmt.Errorf("is %d×%d pixels, but at most %d million are read; scale it down first",
			w, h, f.MaxPixels/1_000_000)
	}
	t = topLeft
	if format == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, t, err
		}
		t = readTurn(r)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, t, err
	}
	img, _, err = image.Decode(bufio.NewReader(r))
	if err != nil {
		return nil, t, unreadable(err)
	}
	// The first frame of a GIF has a size of its own, which may be nothing.
	if size := img.Bounds().Size(); size.X < 1 || size.Y < 1 {
		return nil, t, fmt.Errorf("is a damaged picture: its first frame is %d×%d pixels", size.X, size.Y)
	}
	return img, t, nil
}

// hint is what a file looks like that is not a picture.
func hint(r io.ReadSeeker) string {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return ""
	}
	first, err := io.ReadAll(io.LimitReader(r, filetype.Peek))
	if err != nil {
		return ""
	}
	return filetype.Hint(first)
}

func unreadable(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("is a damaged picture: it ends too early")
	}
	return fmt.Errorf("is a damaged picture: %s", message.Quote(err.Error()))
}

// Dimensions is the width and height of a PNG, JPEG or GIF picture as it is stored.
// It reads no more than the picture's header.
func Dimensions(r io.Reader) (size image.Point, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %s", ErrDecoder, message.Quote(fmt.Sprint(p)))
		}
	}()
	config, _, err := image.DecodeConfig(bufio.NewReader(r))
	return image.Pt(config.Width, config.Height), err
}

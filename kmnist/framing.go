package kmnist

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"glyph/internal/message"
	"glyph/recognise/ink"
)

// Limits on decoding: a picture may have as many pixels as glyph predict allows, few
// pictures are decoded at a time, and large ones one by one.
const (
	maxDecoders = 4
	largePixels = 4_000_000
)

// ownSize is the common size of all pictures if they have one and it is small, and
// KMNIST's otherwise.
func (t *gallery) ownSize(ctx context.Context) Size {
	var own image.Point
	for _, p := range slices.Concat(t.train, t.test) {
		size, err := dimensions(p.path)
		switch {
		case ctx.Err() != nil:
			return Size{}
		case err != nil: // decoding it reports what is wrong
			continue
		case own == image.Point{}:
			own = size
		}
		if size != own || max(size.X, size.Y) > maxOwnSize || min(size.X, size.Y) < 2 {
			return Size{H: side, W: side, C: 1}
		}
	}
	if own == (image.Point{}) {
		return Size{H: side, W: side, C: 1}
	}
	return Size{H: own.Y, W: own.X, C: 1}
}

// dimensions is a picture's width and height.
func dimensions(path string) (image.Point, error) {
	f, err := os.Open(path)
	if err != nil {
		return image.Point{}, err
	}
	defer f.Close()
	return ink.Dimensions(f)
}

// frameAll reads pictures into images of a size. It returns the names of those that
// are blank, which it leaves out. The error is that of the first picture that can't be
// read.
func frameAll(ctx context.Context, list []picture, size Size) (s Set, blank []string, err error) {
	s = Set{H: size.H, W: size.W, Labels: make([]uint8, len(list))}
	if size.C > 1 {
		s.C = size.C
	}
	if int64(len(list))*int64(s.size()) > maxContent {
		return Set{}, nil, fmt.Errorf("%s of %v are more than a device can hold; choose a smaller --size", message.Count(len(list), "picture"), size)
	}
	s.Images = make([]uint8, len(list)*s.size())
	errs := make([]error, len(list))
	var next atomic.Int64
	var failed atomic.Bool
	var large sync.Mutex
	var work sync.WaitGroup
	for range min(maxDecoders, runtime.NumCPU()) {
		work.Go(func() {
			frame := ink.Frame{H: size.H, W: size.W, C: size.C, MaxPixels: ink.DefaultMaxPixels}
			for !failed.Load() && ctx.Err() == nil {
				i := int(next.Add(1) - 1)
				if i >= len(list) {
					return
				}
				s.Labels[i] = uint8(list[i].label)
				errs[i] = readPicture(frame, list[i].path, s.Images[i*s.size():][:s.size()], &large)
				if errs[i] != nil && !errors.Is(errs[i], ink.ErrBlank) {
					failed.Store(true)
				}
			}
		})
	}
	work.Wait()
	if ctx.Err() != nil {
		return Set{}, nil, ctx.Err()
	}
	marks := make([]bool, len(list))
	for i, err := range errs {
		switch {
		case errors.Is(err, ink.ErrBlank):
			marks[i] = true
			blank = append(blank, list[i].path)
		case err != nil:
			return Set{}, nil, fail(message.Quote(list[i].path), fmt.Errorf("%w; replace or remove it", message.Cause(err)))
		}
	}
	if blank == nil {
		return s, nil, nil
	}
	return s.pick(marks, false), blank, nil
}

// readPicture frames a picture into pixels.
func readPicture(frame ink.Frame, path string, pixels []uint8, large *sync.Mutex) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if size, err := dimensions(path); err == nil && size.X*size.Y > largePixels {
		large.Lock()
		defer large.Unlock()
	}
	g, err := frame.Read(f)
	if err != nil {
		return err
	}
	copy(pixels, g.Pixels)
	return nil
}

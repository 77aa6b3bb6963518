package ink

import (
	"io"

	"github.com/bep/imagemeta"
)

// turn is how a camera was held, by EXIF's tag Orientation (JEITA CP-3451,
// §4.6.4): which sides of the scene the first row and the first column of the
// stored picture are.
type turn uint16

// The eight turns, each named by the sides of row 0 and column 0.
const (
	topLeft turn = 1 + iota
	topRight
	bottomRight
	bottomLeft
	leftTop
	rightTop
	rightBottom
	leftBottom
)

// readTurn is the turn that a JPEG notes; topLeft where it notes none that can
// be read. It leaves r anywhere.
func readTurn(r io.ReadSeeker) turn {
	t := topLeft
	_, err := imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if v, ok := tag.Value.(uint16); ok && turn(v) >= topLeft && turn(v) <= leftBottom {
				t = turn(v)
			}
			return imagemeta.ErrStopWalking
		},
	})
	if err != nil {
		return topLeft // metadata are a hint: without it the picture is as it is stored
	}
	return t
}

// from is where in a stored picture of w×h the pixel (x, y) of the upright one is.
func (t turn) from(x, y, w, h int) (int, int) {
	switch t {
	case topRight:
		return w - 1 - x, y
	case bottomRight:
		return w - 1 - x, h - 1 - y
	case bottomLeft:
		return x, h - 1 - y
	case leftTop:
		return y, x
	case rightTop:
		return y, h - 1 - x
	case rightBottom:
		return w - 1 - y, h - 1 - x
	case leftBottom:
		return w - 1 - y, x
	}
	return x, y
}

// upright turns a picture the right way up.
func (p colours) upright(t turn) colours {
	if t == topLeft {
		return p
	}
	q := colours{w: p.w, h: p.h, c: make([][3]float64, len(p.c)), cut: p.cut}
	if t >= leftTop {
		q.w, q.h = p.h, p.w
	}
	for i := range q.c {
		x, y := t.from(i%q.w, i/q.w, p.w, p.h)
		q.c[i] = p.c[y*p.w+x]
	}
	return q
}

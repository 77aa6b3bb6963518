package kmnist

import (
	archive "archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
)

// NumPy's file formats (NEP 1, "A simple file format for NumPy arrays"): an .npy file
// has one array after a header, and an .npz file is a zip archive of such files. Both are
// read here, because Go's package for them trusts the lengths in the header and panics
// if it is damaged.
const (
	numpyMagic = "\x93NUMPY"
	zipMagic   = "PK\x03\x04"

	maxNumPyHeader = 64 << 10 // NumPy writes 128 bytes
)

// numpyAdvice says how to write an array that can be read.
const numpyAdvice = "numpy.savez_compressed(FILE, images) writes one"

// readNPZ reads the array of an .npz file of size bytes: arr_0, as CODH's files have
// it, or the only one there is. kind is magicImages or magicLabels; check is that of
// readFile.
func readNPZ(f io.ReaderAt, size int64, kind uint32, check func(dims []int) error) (dims []int, data []byte, err error) {
	z, err := archive.NewReader(f, size)
	if err != nil {
		return nil, nil, damaged(err)
	}
	entry, err := theArray(z.File)
	if err != nil {
		return nil, nil, err
	}
	in, err := entry.Open()
	if err != nil {
		return nil, nil, damaged(err)
	}
	defer in.Close()
	return readNPY(bufio.NewReaderSize(in, 1<<16), min(size, math.MaxInt64/maxRatio)*maxRatio, kind, check)
}

// theArray returns the entry of an archive that is to be read.
func theArray(entries []*archive.File) (*archive.File, error) {
	var arrays []*archive.File
	var names []string
	for _, e := range entries {
		name, isArray := strings.CutSuffix(e.Name, ".npy")
		switch {
		case name == "arr_0" && isArray:
			return e, nil
		case isArray:
			arrays = append(arrays, e)
			names = append(names, message.Quote(name))
		}
	}
	switch len(arrays) {
	case 1:
		return arrays[0], nil
	case 0:
		return nil, errors.New("is a zip archive without a NumPy array in it; " + numpyAdvice)
	}
	return nil, fmt.Errorf("has the arrays %s; give a file with one, arr_0", message.First(names, 6))
}

// readNPY reads an array: images of shape (n, h, w) or (n, h, w, 3), or labels of
// shape (n). The stream has no more than limit bytes.
func readNPY(in *bufio.Reader, limit int64, kind uint32, check func(dims []int) error) (dims []int, data []byte, err error) {
	h, err := readNumPyHeader(in)
	if err != nil {
		return nil, nil, err
	}
	if dims, err = h.dims(kind); err != nil {
		return nil, nil, err
	}
	want := h.count * int64(h.bytes)
	if want > limit {
		return nil, nil, fmt.Errorf("its header promises an array of shape %s, more than the file can hold; get it again", shapeText(h.shape))
	}
	if check != nil {
		if err := check(dims); err != nil {
			return nil, nil, err
		}
	}
	data, err = readAtMost(in, want+1) // one byte more shows whether the file goes on, and has the checksum verified
	got := int64(len(data))
	switch {
	case err != nil:
		return nil, nil, damaged(err)
	case got > want:
		return nil, nil, fmt.Errorf("has more data after the %d bytes that its header promises; get it again", want)
	case got < want:
		return nil, nil, fmt.Errorf("ends after %d of the %d bytes that its header promises; get it again", got, want)
	}
	if kind == magicLabels {
		data, err = h.labels(data)
	}
	return dims, data, err
}

// dims returns the dimensions of an array as readIDX does, or an error that says why it
// is not a set of images or a list of labels.
func (h numpyHeader) dims(kind uint32) ([]int, error) {
	n := len(h.shape)
	if kind == magicLabels {
		switch {
		case h.kind != 'u' && h.kind != 'i' || !slices.Contains([]int{1, 2, 4, 8}, h.bytes):
			return nil, errors.New("has labels that are not whole numbers; labels.astype('uint8') converts them")
		case n == 2 && h.shape[1] == 1, n == 1:
			return h.shape[:1], nil
		}
		return nil, fmt.Errorf("has an array of shape %s; want labels of shape (N,), a class for each image", shapeText(h.shape))
	}
	switch {
	case n == 4 && h.shape[3] == 1, n == 3, n == 4 && h.shape[3] == 3:
	default:
		return nil, fmt.Errorf("has an array of shape %s; want images of shape (N, H, W), or (N, H, W, 3) in colour", shapeText(h.shape))
	}
	if h.kind != 'u' || h.bytes != 1 {
		return nil, errors.New("has pixels that are not of NumPy's type uint8; want numbers from 0 (black) to 255 (white), such as (255 * images).astype('uint8')")
	}
	if n == 4 && h.shape[3] == 1 {
		n = 3
	}
	return h.shape[:n], nil
}

// labels converts the elements to bytes.
func (h numpyHeader) labels(data []byte) ([]byte, error) {
	out := make([]byte, h.count)
	for i := range out {
		element := data[i*h.bytes:][:h.bytes]
		var v uint64
		switch h.bytes {
		case 1:
			v = uint64(element[0])
		case 2:
			v = uint64(h.order.Uint16(element))
		case 4:
			v = uint64(h.order.Uint32(element))
		case 8:
			v = h.order.Uint64(element)
		}
		if v >= maxClasses || h.kind == 'i' && h.bytes == 1 && v > math.MaxInt8 {
			return nil, fmt.Errorf("has a label at %d that is not from 0 to %d; a set can have %d classes", i, maxClasses-1, maxClasses)
		}
		out[i] = byte(v)
	}
	return out, nil
}

// shapeText returns a shape as Python writes it.
func shapeText(shape []int) string {
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = strconv.Itoa(n)
	}
	if len(parts) == 1 {
		return "(" + parts[0] + ",)"
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

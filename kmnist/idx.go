package kmnist

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Magic numbers of the IDX format (LeCun, Cortes & Burges, "The MNIST database
// of handwritten digits"): two zero bytes, 8 for unsigned bytes, and the number
// of dimensions.
const (
	magicLabels = 0x00000801
	magicImages = 0x00000803
	magicColour = 0x00000804 // images in colour, (n, h, w, 3); MNIST has none
)

// maxRatio is the highest compression ratio of DEFLATE (RFC 1951: 258 bytes from 2
// bits). A header that promises more than maxRatio times the file's size is wrong,
// and the file is refused before anything is allocated.
const maxRatio = 1032

// maxContent is the maximum number of pixels or labels in a file. EMNIST's largest
// file has 547 million, and GPUs can't address buffers of 2³¹ bytes or more.
const maxContent = math.MaxInt32 - 1

// ReadImages reads an IDX file of grey images: n images of h × w pixels, row-major. The
// content decides whether the file is read as gzip. ReadImages fails for a file that
// is damaged, truncated, longer than its header says, empty or not of images.
func ReadImages(path string) (images []uint8, n, h, w int, err error) {
	dims, data, err := readFile(path, magicImages, nil)
	if err == nil && len(dims) > 3 {
		err = errors.New("has images in colour; Load reads those")
	}
	if err != nil {
		return nil, 0, 0, 0, fail(path, err)
	}
	return data, dims[0], dims[1], dims[2], nil
}

// ReadLabels reads an IDX file of labels and fails as ReadImages does. Any byte is a
// label.
func ReadLabels(path string) ([]uint8, error) {
	_, data, err := readFile(path, magicLabels, nil)
	if err != nil {
		return nil, fail(path, err)
	}
	return data, nil
}

// readFile reads an IDX file, or an array of NumPy's: the content decides. Images have
// the dimensions (n, h, w) or, in colour, (n, h, w, 3). If check is not nil it sees the header's dimensions
// before the data is read, and its error stops the reading. Errors do not name the
// file.
func readFile(path string, magic uint32, check func(dims []int) error) (dims []int, data []byte, err error) {
	// Before Open, which would block on a named pipe without a writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, message.Cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errors.New("is not a regular file; give the file itself")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, message.Cause(err)
	}
	defer f.Close()
	return readContent(f, info.Size(), magic, check)
}

// contents is what a file is read by.
type contents interface {
	io.Reader
	io.ReaderAt
}

// readContent is readFile of what a file of size bytes holds.
func readContent(f contents, size int64, magic uint32, check func(dims []int) error) (dims []int, data []byte, err error) {
	first := make([]byte, len(numpyMagic))
	n, _ := f.ReadAt(first, 0) // an error is readIDX's to tell
	switch first = first[:n]; {
	case bytes.HasPrefix(first, []byte(zipMagic)):
		return readNPZ(f, size, magic, check)
	case bytes.HasPrefix(first, []byte(numpyMagic)):
		return readNPY(bufio.NewReaderSize(f, 1<<16), size, magic, check)
	}
	return readIDX(f, size, magic, check)
}

// readIDX reads the images of shape (n, h, w) or, with one dimension, the
// labels of an IDX stream of size bytes, gzip or plain. The stream must end where
// its header says; it is not decompressed further than that.
func readIDX(r io.Reader, size int64, magic uint32, check func(dims []int) error) (dims []int, data []byte, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	limit := size
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, damaged(err)
		}
		in = bufio.NewReaderSize(z, 1<<16)
		limit = min(size, math.MaxInt64/maxRatio) * maxRatio
	}
	dims, want, err := readHeader(in, magic)
	if err != nil {
		return nil, nil, err
	}
	if want > limit {
		return nil, nil, fmt.Errorf("its header promises %v bytes, more than a file of %d bytes can hold; get it again", dims, size)
	}
	if check != nil {
		if err := check(dims); err != nil {
			return nil, nil, err
		}
	}
	data, err = readAtMost(in, want+1) // one byte more shows whether the file goes on
	got := int64(len(data))
	switch {
	case got > want || got == want && errors.Is(err, gzip.ErrHeader):
		return nil, nil, fmt.Errorf("has more data after the %d bytes that its header promises; get it again", want)
	case err != nil:
		return nil, nil, damaged(err)
	case got < want:
		return nil, nil, fmt.Errorf("ends after %d of the %d bytes that its header promises; get it again", got, want)
	}
	return dims, data, nil
}

// readAtMost reads up to n bytes. Memory grows with the bytes that arrive and not
// with n: in total less than four times what is read is allocated.
func readAtMost(in io.Reader, n int64) ([]byte, error) {
	data := make([]byte, 0, min(n, 1<<16))
	for int64(len(data)) < n {
		if len(data) == cap(data) {
			grown := make([]byte, len(data), min(2*int64(cap(data)), n))
			copy(grown, data)
			data = grown
		}
		got, err := in.Read(data[len(data):cap(data)])
		data = data[:len(data)+got]
		if err == io.EOF {
			break
		}
		if err != nil {
			return data, err
		}
	}
	return data, nil
}

// readHeader reads the magic number and the dimensions, and their product.
func readHeader(in *bufio.Reader, magic uint32) (dims []int, product int64, err error) {
	first, _ := in.Peek(filetype.Peek) // for error messages; ReadFull reports errors
	hint := filetype.Hint(first)
	if len(first) >= 4 && magic == magicImages && binary.BigEndian.Uint32(first) == magicColour {
		magic = magicColour
	}
	header := make([]byte, 4+4*(magic&0xff))
	n, err := io.ReadFull(in, header)
	if n >= 4 {
		if found := binary.BigEndian.Uint32(header); found != magic {
			if other := kindOf(found); other != "" {
				hint = " (it has " + other + ")"
			}
			return nil, 0, fmt.Errorf("is not a file of %s in MNIST's format%s: it begins with %#08x and not %#08x; get it again", kindOf(magic), hint, found, magic)
		}
	}
	switch {
	case err == io.EOF, err == io.ErrUnexpectedEOF && n < 4:
		return nil, 0, fmt.Errorf("ends within its header of %d bytes%s; get it again", len(header), hint)
	case err == io.ErrUnexpectedEOF:
		return nil, 0, fmt.Errorf("ends after %d bytes, within its header of %d; get it again", n, len(header))
	case err != nil:
		return nil, 0, damaged(err)
	}
	product = 1
	sizes := make([]uint32, 0, 4)
	for field := header[4:]; len(field) > 0; field = field[4:] {
		sizes = append(sizes, binary.BigEndian.Uint32(field))
	}
	if magic == magicColour && sizes[3] != 3 {
		return nil, 0, fmt.Errorf("begins with %#08x, as images in colour do, and has %d channels and not 3; get it again", magic, sizes[3])
	}
	for _, d := range sizes {
		if d == 0 {
			return nil, 0, fmt.Errorf("has the dimensions %v in its header, so there is nothing in it; get it again", sizes)
		}
		if product > maxContent/int64(d) {
			return nil, 0, fmt.Errorf("has the dimensions %v in its header, more than any data set; get it again", sizes)
		}
		product *= int64(d)
		dims = append(dims, int(d))
	}
	return dims, product, nil
}

// kindOf returns what a file with that magic number holds, or "".
func kindOf(magic uint32) string {
	switch magic {
	case magicImages, magicColour:
		return "images"
	case magicLabels:
		return "labels"
	}
	return ""
}

// damaged describes an error of reading.
func damaged(err error) error {
	switch {
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("is damaged: its gzip checksum is wrong; get it again")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("is cut short within its gzip data; get it again")
	}
	return fmt.Errorf("is damaged: %w; get it again", message.Cause(err))
}

// fail makes the errors of this package: what is wrong with which file.
func fail(path string, err error) error { return fmt.Errorf("%s: %w", path, err) }

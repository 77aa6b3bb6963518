package kmnist

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Magic numbers of the IDX format (LeCun, Cortes & Burges, "The MNIST database
// of handwritten digits"): two zero bytes, 8 for unsigned bytes, and the number
// of dimensions.
const (
	magicLabels = 0x00000801
	magicImages = 0x00000803
)

// maxRatio is the most that gzip's DEFLATE can compress (RFC 1951: 258 bytes
// from 2 bits, with the codes' overhead 1032 to 1). A header that promises more
// than that many times the file is a lie, and no memory is taken for it.
const maxRatio = 1032

// readIDX reads the images of shape (n, h, w) or, with one dimension, the
// labels of an IDX stream of so many bytes, gzip or plain. The stream must end
// where its header says.
func readIDX(r io.Reader, size int64, magic uint32) (dims []int, data []byte, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	limit := size
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, damaged(err)
		}
		in = bufio.NewReaderSize(z, 1<<16)
		limit = size * maxRatio
	}
	dims, want, err := readHeader(in, magic)
	if err != nil {
		return nil, nil, err
	}
	if int64(want) > limit {
		return nil, nil, fmt.Errorf("its header promises %v bytes, more than a file of %d bytes can hold; get it again", dims, size)
	}
	// ReadAll takes memory as bytes arrive, never on the header's word. One
	// byte more than wanted tells a file that goes on.
	data, err = io.ReadAll(io.LimitReader(in, int64(want)+1))
	switch {
	case err != nil:
		return nil, nil, damaged(err)
	case len(data) < want:
		return nil, nil, fmt.Errorf("ends after %d of the %d bytes that its header promises; get it again", len(data), want)
	case len(data) > want:
		return nil, nil, fmt.Errorf("goes on after the %d bytes that its header promises; get it again", want)
	}
	return dims, data, nil
}

// readHeader reads the magic number and the dimensions, and their product.
func readHeader(in io.Reader, magic uint32) (dims []int, product int, err error) {
	rank := int(magic & 0xff)
	header := make([]byte, 4+4*rank)
	n, err := io.ReadFull(in, header)
	if n >= 4 {
		if found := binary.BigEndian.Uint32(header); found != magic {
			return nil, 0, fmt.Errorf("begins with the magic number %#08x and not %#08x of %s; is it another file?", found, magic, kindOf(magic))
		}
	}
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return nil, 0, fmt.Errorf("ends within its header of %d bytes; get it again", len(header))
		}
		return nil, 0, damaged(err)
	}
	product = 1
	for i := range rank {
		d := binary.BigEndian.Uint32(header[4+4*i:])
		if d == 0 {
			return nil, 0, fmt.Errorf("has a dimension of 0 in its header; there is nothing in it")
		}
		dims = append(dims, int(d))
		if product > (1<<40)/int(d) {
			return nil, 0, fmt.Errorf("has the dimensions %v in its header, more than any data set; get it again", dims)
		}
		product *= int(d)
	}
	return dims, product, nil
}

func kindOf(magic uint32) string {
	if magic == magicImages {
		return "images"
	}
	return "labels"
}

// damaged is an error of reading in words.
func damaged(err error) error {
	switch {
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("is damaged: its gzip checksum is wrong; get it again")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("is cut short within its gzip data; get it again")
	}
	return fmt.Errorf("is damaged: %w; get it again", err)
}

// readFile reads an IDX file.
func readFile(path string, magic uint32) (dims []int, data []byte, err error) {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		var info fs.FileInfo
		if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
			err = errors.New("is no regular file")
		}
		if err == nil {
			dims, data, err = readIDX(f, info.Size(), magic)
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return dims, data, nil
}

// cause is an error without the path that the message around it names.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

package kmnist

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
)

// colourImages is what replaces idx3 in the name of a file of images in colour.
const colourImages = "idx4"

// Pack writes data into a directory, which it creates, as four gzip files in MNIST's
// format and classes.txt with the names of the classes. Load reads the same data back.
// Images in colour have a fourth dimension of three channels, which MNIST's format
// allows but MNIST itself doesn't use. Pack fails if the directory isn't empty.
func Pack(d Data, dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = os.MkdirAll(dir, 0o777)
	case err == nil && len(entries) > 0:
		err = errors.New("there is something in it already; choose another directory")
	}
	if err != nil {
		return fail(message.Quote(dir), message.Cause(err))
	}
	for _, f := range []struct {
		images, labels string
		Set
	}{{trainImages, trainLabels, d.Train}, {testImages, testLabels, d.Test}} {
		magic, name, dims := uint32(magicImages), f.images, []int{f.Len(), f.H, f.W}
		if f.Channels() > 1 {
			magic, name, dims = magicColour, strings.Replace(f.images, "idx3", colourImages, 1), append(dims, f.Channels())
		}
		if err := writeIDX(filepath.Join(dir, name+".gz"), magic, dims, f.Images); err != nil {
			return err
		}
		if err := writeIDX(filepath.Join(dir, f.labels+".gz"), magicLabels, []int{f.Len()}, f.Labels); err != nil {
			return err
		}
	}
	var names strings.Builder
	for _, c := range d.Classes {
		line, _ := c.MarshalText() // never fails
		fmt.Fprintf(&names, "%s\n", line)
	}
	path := filepath.Join(dir, namesFiles[0])
	if err := atomicfile.WriteFile(path, []byte(names.String())); err != nil {
		return fail(message.Quote(path), message.Cause(err))
	}
	return nil
}

// writeIDX writes a compressed IDX file, whole or not at all.
func writeIDX(path string, magic uint32, dims []int, data []byte) error {
	err := atomicfile.Write(path, func(out io.Writer) error {
		b := bufio.NewWriterSize(out, 1<<16)
		z := gzip.NewWriter(b)
		header := binary.BigEndian.AppendUint32(nil, magic)
		for _, n := range dims {
			header = binary.BigEndian.AppendUint32(header, uint32(n))
		}
		_, headerErr := z.Write(header)
		_, dataErr := z.Write(data)
		return errors.Join(headerErr, dataErr, z.Close(), b.Flush())
	})
	if err != nil {
		return fail(message.Quote(path), message.Cause(err))
	}
	return nil
}

package kmnist

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// numpyHeader is what an array's header says.
type numpyHeader struct {
	kind  byte             // of the elements: u, i or another
	bytes int              // of an element
	order binary.ByteOrder // of their bytes
	shape []int
	count int64 // the product of shape
}

// readNumPyHeader reads what stands before an array's elements.
func readNumPyHeader(in *bufio.Reader) (h numpyHeader, err error) {
	short := errors.New("ends within its header; get it again")
	start := make([]byte, len(numpyMagic)+2)
	if _, err := io.ReadFull(in, start); err != nil {
		return h, headerError(err, short)
	}
	if string(start[:len(numpyMagic)]) != numpyMagic {
		return h, errors.New("is not a NumPy array; " + numpyAdvice)
	}
	length := make([]byte, 4)
	used := length[:2]
	if version := start[len(numpyMagic)]; version > 1 {
		used = length
	}
	if _, err := io.ReadFull(in, used); err != nil {
		return h, headerError(err, short)
	}
	n := binary.LittleEndian.Uint32(length)
	if n > maxNumPyHeader {
		return h, fmt.Errorf("has a header of %d bytes, more than any NumPy array; get it again", n)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(in, text); err != nil {
		return h, headerError(err, short)
	}
	return parseNumPyHeader(string(text))
}

// headerError tells a file that ends from one that can't be read.
func headerError(err, short error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return short
	}
	return damaged(err)
}

// The three entries of a header, a Python dictionary.
var (
	numpyDescr   = regexp.MustCompile(`'descr'\s*:\s*'([<>|=])([a-zA-Z])(\d{1,4})'`)
	numpyFortran = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	numpyShape   = regexp.MustCompile(`'shape'\s*:\s*\(([\d\s,]*)\)`)
)

func parseNumPyHeader(text string) (h numpyHeader, err error) {
	descr, fortran, shape := numpyDescr.FindStringSubmatch(text), numpyFortran.FindStringSubmatch(text), numpyShape.FindStringSubmatch(text)
	if descr == nil || fortran == nil || shape == nil {
		return h, errors.New("is not a NumPy array of numbers: its header is damaged, or it has records or objects; " + numpyAdvice)
	}
	h = numpyHeader{kind: descr[2][0], order: binary.LittleEndian, count: 1}
	if descr[1] == ">" {
		h.order = binary.BigEndian
	}
	h.bytes, _ = strconv.Atoi(descr[3]) // at most four digits
	for field := range strings.SplitSeq(shape[1], ",") {
		if field = strings.TrimSpace(field); field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		switch {
		case err != nil || n > maxContent || h.count*int64(n) > maxContent: // both below 2³¹
			return h, fmt.Errorf("has the shape %s in its header, more than any data set; get it again", tuple(shape[1]))
		case n == 0:
			return h, fmt.Errorf("has the shape %s in its header, so there is nothing in it; get it again", tuple(shape[1]))
		case len(h.shape) == 8:
			return h, fmt.Errorf("has the shape %s in its header, of more dimensions than images; get it again", tuple(shape[1]))
		}
		h.shape = append(h.shape, n)
		h.count *= int64(n)
	}
	if fortran[1] == "True" && len(h.shape) > 1 {
		return h, errors.New("has its array in Fortran's order; numpy.ascontiguousarray converts it")
	}
	return h, nil
}

// tuple is a shape as its header has it, digits and commas, on one short line.
func tuple(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = text[:most] + "…"
	}
	return "(" + text + ")"
}

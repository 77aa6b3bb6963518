package study

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"glyph/internal/message"
)

// Bounds on what is read into memory at once. What a study writes is far below
// them.
const (
	maxManifest = 1 << 20
	maxLine     = 1 << 20 // of the results file
)

// readBounded reads a file of at most that many bytes. Its error does not name the
// file.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil {
		return nil, message.Cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, message.Cause(err)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("has more than %s bytes", message.Thousands(int(most)))
	}
	return text, err
}

// eachLine calls f with every complete line and its number, from 1. What follows the
// last newline is left out.
func eachLine(r io.Reader, tell func(n int, line []byte) error) error {
	lines := bufio.NewReaderSize(r, maxLine)
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("line %d has more than %s bytes", n, message.Thousands(maxLine))
		case err != nil:
			return message.Cause(err)
		}
		if err := tell(n, line[:len(line)-1]); err != nil {
			return err
		}
	}
}

// cutTorn ends the file after its last newline.
func cutTorn(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	chunk := make([]byte, 64<<10)
	for end := size; ; {
		from := max(0, end-int64(len(chunk)))
		part := chunk[:end-from]
		if _, err := f.ReadAt(part, from); err != nil {
			return err
		}
		whole := int64(bytes.LastIndexByte(part, '\n') + 1)
		switch {
		case whole == 0 && from > 0:
			end = from
		case from+whole == size:
			return nil
		default:
			return f.Truncate(from + whole)
		}
	}
}

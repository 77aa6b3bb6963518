package runs

import (
	"errors"
	"fmt"
	"io"
	"os"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Bounds on what is read into memory at once. Whatever Glyph writes is far below
// them; a larger file is something else.
const (
	maxFailure = 64 << 10  // failure.txt
	maxLine    = 64 << 10  // a line of metrics.jsonl
	maxSummary = 256 << 20 // summary.json, which has a line per epoch
)

// readBounded reads a file of at most that many bytes. Its error names the file; if
// the file does not exist it is an fs.ErrNotExist.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	tooLarge := func() error {
		return unreadable(path, errors.New("it has more than "+message.Thousands(int(most))+" bytes"))
	}
	if info.Size() > most {
		return nil, tooLarge()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most { // it grew meanwhile
		return nil, tooLarge()
	}
	return text, err
}

// unreadable is the error of a text file that is not what its name says.
func unreadable(path string, err error) error {
	return fmt.Errorf("%s can't be read%s: %w", message.Quote(path), filetype.HintOfFile(path, filetype.JSON, filetype.TOML, filetype.Text), err)
}

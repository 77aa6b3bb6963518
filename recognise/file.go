package recognise

import (
	"fmt"
	"os"

	"glyph/internal/message"
)

// File names the characters in a picture's file, which it reads only if it is a
// regular file: a pipe would be waited for. Its error is one line and names the file.
func (r *Recogniser) File(path string) (Prediction, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil {
		return Prediction{}, fmt.Errorf("%s: %w", message.Quote(path), message.Cause(err))
	}
	if !info.Mode().IsRegular() {
		return Prediction{}, fmt.Errorf("%s: is not a regular file", message.Quote(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return Prediction{}, fmt.Errorf("%s: %w", message.Quote(path), message.Cause(err))
	}
	defer f.Close()
	p, err := r.Recognise(f)
	if err != nil {
		return Prediction{}, fmt.Errorf("%s: %w", message.Quote(path), message.Cause(err))
	}
	p.File = path
	return p, nil
}

package study

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
)

// vacant tells why results can't go into a directory: it holds other things, and
// no study. One that is not there is vacant, and so is one in which a study was
// killed before it had said what it is.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if info, e := os.Stat(dir); e == nil && !info.IsDir() {
		return errors.New("is not a directory")
	}
	if err != nil {
		return fmt.Errorf("can't be read: %w", message.Cause(err))
	}
	foreign := ""
	for _, e := range entries {
		name := e.Name()
		if name == manifestFile {
			return nil // read before anything is written
		}
		if of, ok := atomicfile.Temporary(name); ok && of == manifestFile {
			continue
		}
		if name != lockFile && foreign == "" {
			foreign = name
		}
	}
	if foreign != "" {
		return fmt.Errorf("holds other things than a study, such as %s", message.Quote(foreign))
	}
	return nil
}

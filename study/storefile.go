package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"glyph/internal/message"
)

// ReadContents reads a results directory. A last line without an end is one that
// was being written when the program or the machine stopped: it is left out.
// The error of a directory without results is fs.ErrNotExist.
func ReadContents(dir string) (Contents, error) {
	m, err := readManifest(dir)
	if err != nil {
		return Contents{}, err
	}
	c := Contents{Manifest: m, Results: Results{}}
	path := filepath.Join(dir, resultsFile)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Contents{}, fmt.Errorf("%s: %w", path, message.Cause(err))
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	for n := 1; len(text) > 0; n++ {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		if err := c.add(line); err != nil {
			return Contents{}, fmt.Errorf("%s, line %d, is no result: %v; take the line out to do that trial again", path, n, err)
		}
	}
	return c, nil
}

// add takes a line of the results file.
func (c *Contents) add(line []byte) error {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	if r.Result == nil && r.Session == nil && r.Gradients == nil {
		return errors.New("it holds neither a result nor a session")
	}
	if r.Result != nil {
		if id := r.Result.Trial.ID(); id != r.Result.ID {
			return fmt.Errorf("its id is %s, but that of its settings is %s", r.Result.ID, id)
		}
	}
	c.keep(r)
	return nil
}

// keep takes a record. Of two results of a trial the first counts.
func (c *Contents) keep(r record) {
	switch {
	case r.Session != nil:
		c.Sessions = append(c.Sessions, *r.Session)
	case r.Gradients != nil && c.Gradients == nil:
		c.Gradients = r.Gradients
	case r.Result != nil:
		if _, there := c.Results[r.Result.ID]; !there {
			c.Results[r.Result.ID] = *r.Result
		}
	}
}

// cutTorn ends the file at its last whole line.
func cutTorn(f *os.File) error {
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	if whole == len(text) {
		return nil
	}
	return f.Truncate(int64(whole))
}

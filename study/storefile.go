package study

import (
	"encoding/json"
	"errors"
	"fmt"
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
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return Contents{}, fmt.Errorf("%s: %w", path, message.Cause(err))
	}
	defer f.Close() //nolint:errcheck // only read
	err = eachLine(f, func(n int, line []byte) error {
		if err := c.add(line); err != nil {
			return fmt.Errorf("line %d is not a result: %w; remove the line to run that trial again", n, err)
		}
		return nil
	})
	if err != nil {
		return Contents{}, fmt.Errorf("%s: %w", path, err)
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
		if first, there := c.Results[r.Result.ID]; there && !first.agrees(*r.Result) {
			return fmt.Errorf("it contradicts an earlier line of the same trial, %s", first.contradiction(*r.Result))
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

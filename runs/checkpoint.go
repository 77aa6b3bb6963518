package runs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/train"
)

// Checkpoint is a training's state, and what has to be the same when it resumes.
type Checkpoint struct {
	State      *train.State
	Data       string // SHA-256 of the images and labels trained on and held out
	Device     string // what computed, for display
	Arithmetic string // what decides how results round: see Device.Arithmetic
	Metrics    int64  // bytes of metrics.jsonl at that point
	Config     string // config.toml as the training began with it; "" in older files
}

// The files of checkpoints. A new one is written as the next, and then the files
// are renamed: next becomes the checkpoint, and the checkpoint the previous one.
const (
	checkpointFile = "checkpoint"
	previousFile   = "checkpoint.previous"
	nextFile       = "checkpoint.next"
)

// WriteCheckpoint replaces the directory's checkpoint. Wherever it stops, on an
// error or because the process is killed, the newest good checkpoint can be read;
// and once it is done, the good one before it is still there too.
func WriteCheckpoint(dir string, c Checkpoint) error {
	return writeCheckpoint(atomicfile.System(), dir, c)
}

func writeCheckpoint(fsys atomicfile.FS, dir string, c Checkpoint) error {
	path := filepath.Join(dir, checkpointFile)
	data, err := encodeCheckpoint(c)
	if err != nil {
		return fmt.Errorf("%s not saved: %w", path, err)
	}
	// A writer that was killed between two names may have left a next that is the
	// newest there is: its move is completed before anything replaces it.
	next, now, previous := good(dir, nextFile), good(dir, checkpointFile), good(dir, previousFile)
	if next != nil && next.after(now) && next.after(previous) {
		if err := promote(fsys, dir, now, previous); err != nil {
			return err
		}
		if now != nil && now.after(previous) {
			previous = now
		}
		now = next
	}
	err = atomicfile.WriteOn(fsys, filepath.Join(dir, nextFile), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s not saved: %w", path, message.Cause(err))
	}
	return promote(fsys, dir, now, previous)
}

// promote makes next the checkpoint, and the current one the previous one, unless
// it is damaged or older than that: then it is dropped.
func promote(fsys atomicfile.FS, dir string, now, previous *Checkpoint) error {
	path := filepath.Join(dir, checkpointFile)
	if now != nil && now.after(previous) {
		if err := fsys.Rename(path, filepath.Join(dir, previousFile)); err != nil {
			return fmt.Errorf("%s not saved: %w", path, message.Cause(err))
		}
	}
	if err := fsys.Rename(filepath.Join(dir, nextFile), path); err != nil {
		return fmt.Errorf("%s not saved: %w", path, message.Cause(err))
	}
	return fsys.SyncDir(dir)
}

// good is a checkpoint, or nil where it is absent or damaged.
func good(dir, file string) *Checkpoint {
	c, err := readCheckpoint(filepath.Join(dir, file))
	if err != nil {
		return nil
	}
	return c
}

// after reports whether a checkpoint is further on than another of its run, or
// than none.
func (c *Checkpoint) after(o *Checkpoint) bool {
	if o == nil {
		return true
	}
	a, b := c.State, o.State
	switch {
	case a.Epoch != b.Epoch:
		return a.Epoch > b.Epoch
	case a.Steps != b.Steps:
		return a.Steps > b.Steps
	}
	return a.Done && !b.Done
}

// ReadCheckpoint reads the directory's newest good checkpoint. The error is an
// fs.ErrNotExist where there is none. damaged says what is wrong with one that
// is newer or was the newest before; what was trained after the good one is then
// trained again.
func ReadCheckpoint(dir string) (c *Checkpoint, damaged, err error) {
	var newer *NewerError
	for _, file := range []string{nextFile, checkpointFile, previousFile} {
		found, err := readCheckpoint(filepath.Join(dir, file))
		switch {
		case errors.As(err, &newer):
			return nil, nil, err
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			if damaged == nil && (file != previousFile || c == nil) {
				damaged = err
			}
		case found.after(c):
			c = found
		}
	}
	switch {
	case c != nil:
		return c, damaged, nil
	case damaged != nil:
		return nil, nil, damaged
	}
	return nil, nil, fmt.Errorf("%s: %w", filepath.Join(dir, checkpointFile), fs.ErrNotExist)
}

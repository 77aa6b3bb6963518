package runs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"glyph/internal/atomicfile"
	"glyph/train"
)

// Checkpoint is a training's state, and what it must meet again to go on.
type Checkpoint struct {
	State   *train.State `json:"state"`
	Data    string       `json:"data"`    // SHA-256 of the images and labels trained on and held out
	Device  string       `json:"device"`  // what computed: other devices round otherwise
	Metrics int64        `json:"metrics"` // bytes of metrics.jsonl at that point
}

// A checkpoint file is, in little-endian numbers,
//
//	magic    8 bytes
//	version  uint32
//	length   uint32
//	header   length bytes of JSON: a Checkpoint, and the lengths of the arrays
//	arrays   float32: parameters, moments, best parameters
//	sum      SHA-256 of all before
const (
	checkpointFile = "checkpoint"
	previousFile   = "checkpoint.previous"

	checkpointMagic   = "GLYPHRUN"
	checkpointVersion = 1
)

type checkpointHeader struct {
	Checkpoint
	Arrays [4]int `json:"arrays"` // lengths of W, M, V and Best
}

// NewerError is a file of a later version of Glyph.
type NewerError struct {
	Path    string
	Version int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("%s is of version %d, and this glyph knows %d: use a newer glyph", e.Path, e.Version, checkpointVersion)
}

// WriteCheckpoint replaces the directory's checkpoint. On an error the one
// before is still there.
func WriteCheckpoint(dir string, c Checkpoint) error {
	header := checkpointHeader{Checkpoint: c}
	arrays := [][]float32{c.State.W, c.State.M, c.State.V, c.State.Best}
	size := 0
	for i, a := range arrays {
		header.Arrays[i] = len(a)
		size += 4 * len(a)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("checkpoint not saved: %w", err)
	}
	data := make([]byte, 0, len(checkpointMagic)+8+len(text)+size+sha256.Size)
	data = append(data, checkpointMagic...)
	data = binary.LittleEndian.AppendUint32(data, checkpointVersion)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(text)))
	data = append(data, text...)
	for _, a := range arrays {
		for _, v := range a {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		}
	}
	sum := sha256.Sum256(data)
	data = append(data, sum[:]...)

	path, next := filepath.Join(dir, checkpointFile), filepath.Join(dir, checkpointFile+".next")
	if err := atomicfile.WriteFile(next, data); err != nil {
		return err
	}
	if err := os.Rename(path, filepath.Join(dir, previousFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s not saved: %w", path, err)
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("%s not saved: %w", path, err)
	}
	return atomicfile.SyncDir(dir)
}

// hasCheckpoint says whether there is a file that ReadCheckpoint would try.
func hasCheckpoint(dir string) bool {
	for _, file := range []string{checkpointFile, previousFile} {
		if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
			return true
		}
	}
	return false
}

// ReadCheckpoint reads the directory's last good checkpoint. A note says so in a
// sentence where that is not the newest. The error is an fs.ErrNotExist where
// there is none.
func ReadCheckpoint(dir string) (c *Checkpoint, note string, err error) {
	path := filepath.Join(dir, checkpointFile)
	c, err = readCheckpoint(path)
	var newer *NewerError
	if err == nil || errors.As(err, &newer) {
		return c, "", err
	}
	previous, second := readCheckpoint(filepath.Join(dir, previousFile))
	switch {
	case second == nil && errors.Is(err, fs.ErrNotExist):
		return previous, "", nil // killed between two names
	case second == nil:
		return previous, fmt.Sprintf("%v; going on from the one before, of epoch %d", err, previous.State.Epoch+1), nil
	case errors.Is(err, fs.ErrNotExist) && !errors.Is(second, fs.ErrNotExist):
		return nil, "", second
	}
	return nil, "", err
}

func readCheckpoint(path string) (*Checkpoint, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	damaged := func(what string) error { return fmt.Errorf("checkpoint %s is damaged: %s", path, what) }
	const start = len(checkpointMagic) + 8
	if len(data) < start+sha256.Size {
		return nil, damaged(fmt.Sprintf("it ends after %d bytes", len(data)))
	}
	if string(data[:len(checkpointMagic)]) != checkpointMagic {
		return nil, damaged("it does not begin as one")
	}
	if v := binary.LittleEndian.Uint32(data[len(checkpointMagic):]); v > checkpointVersion {
		return nil, &NewerError{path, int(v)}
	}
	body := data[:len(data)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], data[len(body):]) {
		return nil, damaged("its checksum does not fit its contents")
	}
	length := int(binary.LittleEndian.Uint32(data[start-4:]))
	if length > len(body)-start {
		return nil, damaged("its header is longer than the file")
	}
	var header checkpointHeader
	if err := json.Unmarshal(body[start:start+length], &header); err != nil || header.State == nil {
		return nil, damaged("its header does not read")
	}
	rest := body[start+length:]
	for i, to := range []*[]float32{&header.State.W, &header.State.M, &header.State.V, &header.State.Best} {
		n := header.Arrays[i]
		if n < 0 || n > len(rest)/4 {
			return nil, damaged("its arrays are longer than the file")
		}
		if n == 0 {
			continue
		}
		*to = make([]float32, n)
		for j := range *to {
			(*to)[j] = math.Float32frombits(binary.LittleEndian.Uint32(rest[4*j:]))
		}
		rest = rest[4*n:]
	}
	if len(rest) != 0 {
		return nil, damaged("it is longer than its arrays")
	}
	return &header.Checkpoint, nil
}

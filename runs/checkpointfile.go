package runs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"glyph/internal/filetype"
)

// A checkpoint file is, in little-endian numbers,
//
//	magic    8 bytes
//	version  uint32
//	length   uint32
//	header   length bytes of JSON: a checkpointHeader
//	arrays   float32: parameters, moments, best parameters, their moving average
//	sum      SHA-256 of all before
//
// The magic and the sum are in the same place in every version, so that a damaged
// file is never taken for one of a later version.
//
// Version 2 has no moving average, and what has none is still written as version 2.
// Version 1 said holdout for validation, gave a reason to stop as a sentence,
// and recorded what decides the rounding only in the device's name.
const (
	checkpointMagic   = "GLYPHRUN"
	checkpointVersion = 3
	plainVersion      = 2 // without a moving average
)

// checkpointHeader is the header's JSON.
type checkpointHeader struct {
	State      *stateRecord `json:"state"`
	Data       string       `json:"data"`
	Device     string       `json:"device"`
	Arithmetic string       `json:"arithmetic,omitempty"`
	Metrics    int64        `json:"metrics"`
	Config     string       `json:"config,omitempty"`
	Arrays     []int        `json:"arrays"` // lengths of W, M, V, Best and Average
}

// NewerError is a file of a later version of Glyph.
type NewerError struct {
	Path    string
	Version int
}

// Error is one line.
func (e *NewerError) Error() string {
	return fmt.Sprintf("%s has version %d, and this glyph reads up to %d: use a newer glyph", e.Path, e.Version, checkpointVersion)
}

func encodeCheckpoint(c Checkpoint) ([]byte, error) {
	header := checkpointHeader{State: recordOf(c.State), Data: c.Data, Device: c.Device, Arithmetic: c.Arithmetic, Metrics: c.Metrics, Config: c.Config}
	arrays, version := [][]float32{c.State.W, c.State.M, c.State.V, c.State.Best}, uint32(plainVersion)
	if c.State.Average != nil {
		arrays, version = append(arrays, c.State.Average), checkpointVersion
	}
	size := 0
	for _, a := range arrays {
		header.Arrays = append(header.Arrays, len(a))
		size += 4 * len(a)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, len(checkpointMagic)+8+len(text)+size+sha256.Size)
	data = append(data, checkpointMagic...)
	data = binary.LittleEndian.AppendUint32(data, version)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(text)))
	data = append(data, text...)
	for _, a := range arrays {
		for _, v := range a {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		}
	}
	sum := sha256.Sum256(data)
	return append(data, sum[:]...), nil
}

// readCheckpoint reads a file. An error that is neither fs.ErrNotExist nor a
// NewerError is one of a file that is damaged or can't be read.
func readCheckpoint(path string) (*Checkpoint, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, fmt.Errorf("checkpoint %s is not a regular file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return decodeCheckpoint(path, data)
}

func decodeCheckpoint(path string, data []byte) (*Checkpoint, error) {
	damaged := func(what string) error { return fmt.Errorf("checkpoint %s is damaged: %s", path, what) }
	const start = len(checkpointMagic) + 8
	if n := min(len(data), len(checkpointMagic)); string(data[:n]) != checkpointMagic[:n] {
		return nil, damaged("it does not begin like one" + filetype.Hint(data))
	}
	if len(data) < start+sha256.Size {
		return nil, damaged(fmt.Sprintf("it ends after %d bytes", len(data)))
	}
	body := data[:len(data)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], data[len(body):]) {
		return nil, damaged("its checksum does not match its contents")
	}
	if v := binary.LittleEndian.Uint32(data[len(checkpointMagic):]); v > checkpointVersion {
		return nil, &NewerError{path, int(v)}
	}
	length := int(binary.LittleEndian.Uint32(data[start-4:]))
	if length > len(body)-start {
		return nil, damaged("its header is longer than the file")
	}
	var header checkpointHeader
	if err := json.Unmarshal(body[start:start+length], &header); err != nil || header.State == nil {
		return nil, damaged("its header can't be parsed")
	}
	state := header.State.state()
	rest := body[start+length:]
	to := []*[]float32{&state.W, &state.M, &state.V, &state.Best, &state.Average}
	if len(header.Arrays) > len(to) {
		return nil, damaged(fmt.Sprintf("it has %d arrays", len(header.Arrays)))
	}
	for i, n := range header.Arrays {
		if n < 0 || n > len(rest)/4 {
			return nil, damaged("its arrays are longer than the file")
		}
		if n == 0 {
			continue
		}
		*to[i] = make([]float32, n)
		for j := range *to[i] {
			(*to[i])[j] = math.Float32frombits(binary.LittleEndian.Uint32(rest[4*j:]))
		}
		rest = rest[4*n:]
	}
	if len(rest) != 0 {
		return nil, damaged("it is longer than its arrays")
	}
	c := &Checkpoint{State: state, Data: header.Data, Device: header.Device, Arithmetic: header.Arithmetic, Metrics: header.Metrics, Config: header.Config}
	if c.Arithmetic == "" {
		c.Arithmetic = arithmeticOf(c.Device)
	}
	return c, nil
}

package runs

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"glyph/train"
)

// stoppedByHand reports whether the newest checkpoint is that of an interruption:
// such a run has no summary if its evaluation was skipped. Only the header is
// read, so that a list of runs does not read gigabytes of arrays; the checkpoint
// may still be damaged.
func stoppedByHand(dir string) bool {
	path := filepath.Join(dir, checkpointFile)
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() { // a pipe would be waited for
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // only read
	start := make([]byte, len(checkpointMagic)+8)
	if _, err := io.ReadFull(f, start); err != nil || string(start[:len(checkpointMagic)]) != checkpointMagic {
		return false
	}
	length := int64(binary.LittleEndian.Uint32(start[len(start)-4:]))
	if length > min(info.Size(), maxSummary) { // both have a record per epoch
		return false
	}
	text := make([]byte, length)
	var header struct {
		State struct {
			Stopped train.StopReason `json:"stopped"`
		} `json:"state"`
	}
	if _, err := io.ReadFull(f, text); err != nil || json.Unmarshal(text, &header) != nil {
		return false
	}
	return header.State.Stopped == train.Interrupted
}

//go:build cgo

package gpu

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"unsafe"

	"glyph/shaders"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// programCache keeps program binaries on disk, in a file each, named by the
// hash of what they were made from: the text with its #defines, and the
// driver. A file that is missing, damaged or refused by the driver only means
// that the program is compiled again.
//
//	magic   SHA-256 of the rest   format (4 bytes, little-endian)   binary
type programCache struct {
	folder string // "" for no cache
	driver string
}

const cacheMagic = "glyph program 1\n"

// cacheFolder is the folder for program binaries and measured tiles, or "" for none.
func cacheFolder(folder string) string {
	if folder == "" {
		folder = os.Getenv("GLYPH_CACHE")
	}
	if folder == "off" {
		return ""
	}
	if folder == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		folder = filepath.Join(user, "glyph", "programs")
	}
	return folder
}

func openProgramCache(folder string, d Device) programCache {
	var formats int32
	gl.GetIntegerv(gl.NUM_PROGRAM_BINARY_FORMATS, &formats)
	if folder == "" || formats == 0 || os.MkdirAll(folder, 0o755) != nil {
		return programCache{}
	}
	return programCache{folder, d.Vendor + "\n" + d.Renderer + "\n" + d.Version + "\n"}
}

func (c programCache) path(s *shaders.Source) string {
	sum := sha256.Sum256([]byte(c.driver + s.Text))
	return filepath.Join(c.folder, hex.EncodeToString(sum[:16])+".bin")
}

// load fills the program from the cache, or reports that it cannot.
func (c programCache) load(program uint32, s *shaders.Source) bool {
	if c.folder == "" {
		return false
	}
	data, err := os.ReadFile(c.path(s))
	if err != nil {
		return false
	}
	format, code, ok := decodeProgram(data)
	if !ok {
		return false
	}
	gl.ProgramBinary(program, format, unsafe.Pointer(&code[0]), int32(len(code)))
	gl.GetError() // a format that the driver does not know
	var linked int32
	gl.GetProgramiv(program, gl.LINK_STATUS, &linked)
	return linked == gl.TRUE
}

// store keeps the program; failing to do so is not an error.
func (c programCache) store(program uint32, s *shaders.Source) {
	if c.folder == "" {
		return
	}
	var n int32
	gl.GetProgramiv(program, gl.PROGRAM_BINARY_LENGTH, &n)
	if n <= 0 {
		return
	}
	code, format := make([]byte, n), uint32(0)
	gl.GetProgramBinary(program, n, &n, &format, unsafe.Pointer(&code[0]))
	if gl.GetError() != gl.NO_ERROR || n <= 0 {
		return
	}
	writeAside(c.path(s), encodeProgram(format, code[:n]))
}

// writeAside writes a file aside and renames it: another process sees all of it or
// nothing. That it can't is no error: what is cached is made again.
func writeAside(path string, data []byte) {
	if os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil || os.Rename(f.Name(), path) != nil {
		os.Remove(f.Name())
	}
}

func encodeProgram(format uint32, code []byte) []byte {
	rest := append(binary.LittleEndian.AppendUint32(nil, format), code...)
	sum := sha256.Sum256(rest)
	return bytes.Join([][]byte{[]byte(cacheMagic), sum[:], rest}, nil)
}

func decodeProgram(data []byte) (format uint32, code []byte, ok bool) {
	data, ok = bytes.CutPrefix(data, []byte(cacheMagic))
	if !ok || len(data) <= sha256.Size+4 {
		return 0, nil, false
	}
	sum, rest := data[:sha256.Size], data[sha256.Size:]
	if want := sha256.Sum256(rest); !bytes.Equal(sum, want[:]) {
		return 0, nil, false
	}
	return binary.LittleEndian.Uint32(rest), rest[4:], true
}
